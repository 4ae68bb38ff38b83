"use strict";
{
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);

  for (const each of document.querySelectorAll(".scripted")) each.hidden = false;

  // Theme: that of the system, until the button is pressed.
  const system = matchMedia("(prefers-color-scheme: dark)");
  const theme = find("theme");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const tellTheme = () => theme.setAttribute("aria-pressed", isDark());
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    tellTheme();
  });
  system.addEventListener("change", tellTheme);
  tellTheme();

  // Tables of which only the first rows are seen.
  for (const button of document.querySelectorAll(".unfold")) {
    const more = button.textContent;
    button.addEventListener("click", () => {
      const folded = find(button.getAttribute("aria-controls")).classList.toggle("folded");
      button.setAttribute("aria-expanded", !folded);
      button.textContent = folded ? more : button.dataset.less;
    });
  }

  // Sorting: a heading becomes a button; pressed again, it turns the order.
  const TURNED = { ascending: "descending", descending: "ascending" };
  const value = (row, column) => row.cells[column].dataset.value;
  const compare = (a, b) => (isNaN(a) || isNaN(b) ? a.localeCompare(b, undefined, { numeric: true }) : a - b);
  for (const table of document.querySelectorAll(".sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const order = TURNED[head.getAttribute("aria-sort")] ?? head.dataset.first;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order);
        const sign = order === "ascending" ? 1 : -1;
        const rows = [...table.tBodies[0].rows];
        table.tBodies[0].append(...rows.sort((a, b) => sign * compare(value(a, column), value(b, column))));
      });
    });
  }

  // Errors: those that the filters leave, a page at a time.
  if (find("data")) {
    const sentences = JSON.parse(find("data").textContent);
    const [type, kind, search, list, more] = ["type", "kind", "search", "list", "more"].map(find);
    for (const each of sentences) each.text = each.text.toLowerCase();
    const page = Number(more.dataset.page);
    let found = sentences;

    const isMeant = ([itsKind, gold, predicted]) =>
      (!kind.value || kind.value === itsKind) &&
      (!type.value || [gold, predicted, `${gold}\t${predicted}`].includes(type.value));
    const tell = () => {
      const all = found.length === sentences.length ? "" : ` (${sentences.length.toLocaleString("en")} in all)`;
      const noun = found.length === 1 ? "sentence" : "sentences";
      const what = find("status").dataset.what;
      const shown = `${list.children.length} of ${found.length.toLocaleString("en")} ${noun} ${what}${all}`;
      find("status").textContent = found.length ? shown : `no sentence${all}`;
      find("nothing").hidden = found.length > 0;
      more.hidden = list.children.length >= found.length;
    };
    const mark = () => {
      if (!("highlights" in CSS)) return;
      const words = search.value.trim().toLowerCase();
      const ranges = [];
      const texts = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
      while (words && texts.nextNode()) {
        const text = texts.currentNode.data.toLowerCase();
        if (text.length !== texts.currentNode.data.length) continue;
        for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
          const range = new Range();
          range.setStart(texts.currentNode, at);
          range.setEnd(texts.currentNode, at + words.length);
          ranges.push(range);
        }
      }
      CSS.highlights.set("found", new Highlight(...ranges));
    };
    const show = (from) => {
      if (from === 0) list.replaceChildren();
      list.insertAdjacentHTML("beforeend", found.slice(from, from + page).map((each) => each.html).join("\n"));
      tell();
      mark();
    };
    const filter = () => {
      const words = search.value.trim().toLowerCase();
      found = sentences.filter((each) => each.text.includes(words) && each.mistakes.some(isMeant));
      show(0);
    };

    for (const each of [type, kind, search]) each.addEventListener("input", filter);
    search.form.addEventListener("submit", (event) => event.preventDefault());
    search.form.addEventListener("reset", () => setTimeout(filter));
    more.addEventListener("click", () => {
      const from = list.children.length;
      show(from);
      list.children[from].focus({ preventScroll: true });
    });
    for (const link of document.querySelectorAll("[data-kind], [data-pair]")) {
      link.addEventListener("click", () => {
        kind.value = link.dataset.kind ?? "";
        type.value = link.dataset.pair ?? "";
        search.value = "";
        filter();
      });
    }
    tell();
  }
}
