"""The page at work in a real browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from urllib.parse import unquote

import pytest
from pages import NASTY, NOTHING, TAME, sample

from rnntag.data.tokenisation import joined
from rnntag.show import page
from rnntag.show.page import sentences

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome", "chromium-browser"))), None)
FLAGS = """
    --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --hide-scrollbars --virtual-time-budget=20000
"""
LISTEN = """
window.heard = [];
addEventListener("error", (event) => heard.push("error: " + event.message));
addEventListener("securitypolicyviolation", (event) => heard.push("policy: " + event.blockedURI));
for (const name of ["error", "warn"]) console[name] = (...words) => heard.push(name + ": " + words.join(" "));
"""
TELL = """
addEventListener("load", async () => {
  const find = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const choose = (id, value) => { find(id).value = value; find(id).dispatchEvent(new Event("input")); };
  const places = () => all("#list > .error").map((each) => each.querySelector(".place").textContent);
  let told;
  try { told = await (async () => { PROBE })(); } catch (error) { told = "failed: " + error.stack; }
  const requests = performance.getEntriesByType("resource").map((each) => each.name);
  parent.postMessage(encodeURIComponent(JSON.stringify({ told, heard, requests })), "*");
});
"""
# No window is as narrow as a frame can be.
FRAME = """<!DOCTYPE html>
<html style="color-scheme: light dark"><meta charset="utf-8"><title>told by the page</title><body>
<script>onmessage = (event) => { document.body.innerHTML = `<pre id="told">${event.data}</pre>`; };</script>
<iframe src="page.html" width="WIDTH" height="800" style="border: 0"></iframe>
"""


@pytest.fixture
def browse(tmp_path):
    """Opens a page in a browser, runs a probe in it and returns what that returns; nothing else may be heard of."""
    if BROWSER is None:
        pytest.skip("there is no browser")

    def opened(html, probe, *flags, width=1200):
        tell = TELL.replace("PROBE", probe)
        allowed = "script-src " + " ".join(f"'{page._hash(text)}'" for text in (LISTEN, tell)) + " "
        html = html.replace("script-src ", allowed, 1).replace("<title>", f"<script>{LISTEN}</script><title>", 1)
        html = html.removesuffix("</body>\n</html>").rstrip() + f"<script>{tell}</script></body></html>"
        (tmp_path / "page.html").write_text(html, "utf-8")
        frame = tmp_path / "frame.html"
        frame.write_text(FRAME.replace("WIDTH", str(width)), "utf-8")
        command = [
            BROWSER,
            *FLAGS.split(),
            *flags,
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            frame.as_uri(),
        ]
        out = subprocess.run(command, capture_output=True, check=True, timeout=90).stdout.decode()
        found = json.loads(unquote(re.search(r'id="told">([^<]*)<', out)[1]))
        assert (found["heard"], found["requests"]) == ([], [])
        assert "failed: " not in str(found["told"])[:8], found["told"]
        return found["told"]

    return opened


def numbered(words):
    """The sample, in which each sentence has a place of its own."""
    facts = sample(words)
    for number, each in enumerate(facts["sentences"]):
        each["where"] = f"dev:{number}"
    return facts


def matching(facts, kind="", type_=None, pair=None, words=""):
    """The places of the sentences that filters leave."""

    def meant(each):
        found = [(one["kind"], one["gold"], one["predicted"]) for one in each["mistakes"]]
        if sentences.drawn(each).intent_differs:
            found.append(("intent", None, None))
        return any(
            (not kind or kind == its)
            and (type_ is None or type_ in (gold, predicted))
            and (pair is None or pair == (gold, predicted))
            for its, gold, predicted in found
        )

    return [each["where"] for each in facts["sentences"] if meant(each) and words in joined(each["tokens"])[0]]


def test_the_first_page_is_what_the_script_draws(browse):
    html = page.render(sample(NASTY))
    probe = """
      const before = find("list").innerHTML.trim();
      choose("kind", "");
      return [before === find("list").innerHTML.trim(), places().length, all("script").length, all("img").length];
    """
    assert browse(html, probe) == [True, 50, 4, 0]


def test_filters_leave_what_they_say(browse):
    facts = numbered(TAME)
    told = browse(
        page.render(facts),
        """
        const found = {};
        const look = (name) => { while (!find("more").hidden) find("more").click(); found[name] = places(); };
        for (const kind of all("#kind option").map((each) => each.value))
          for (const type of all("#type option").map((each) => each.value)) {
            choose("kind", kind);
            choose("type", type);
            look(kind + "|" + type);
          }
        find("reset").click();
        await new Promise((resolve) => setTimeout(resolve, 50));
        look("reset");
        choose("search", " W3 w4 ");
        look("words");
        found.status = find("status").textContent;
        choose("search", "not there at all");
        look("nothing");
        found.told = [find("status").textContent, find("nothing").hidden, find("more").hidden];
        return found;
        """,
    )
    everything = [each["where"] for each in facts["sentences"]]
    assert told.pop("reset") == everything
    assert told.pop("words") == matching(facts, words="w3 w4")
    assert told.pop("status") == f"{len(matching(facts, words='w3 w4'))} of {len(matching(facts, words='w3 w4'))} " + (
        "sentences with mistakes (121 in all)"
    )
    assert told.pop("nothing") == []
    assert told.pop("told") == ["no sentence (121 in all)", False, True]
    assert len(told) > 200
    for name, found in told.items():
        kind, _, type_ = name.partition("|")
        gold, tab, predicted = type_.partition("\t")
        choice = {"pair": (gold or None, predicted or None)} if tab else {"type_": type_} if type_ else {}
        assert found == matching(facts, kind, **choice), name


def test_pages_links_and_folds(browse):
    facts = numbered(TAME)
    told = browse(
        page.render(facts),
        """
        const found = [];
        const clicked = (each) => { each.click(); return each; };
        found.push(places().length, find("status").textContent);
        clicked(find("more"));
        found.push(places().length, places().indexOf(document.activeElement.querySelector(".place").textContent));
        clicked(find("more"));
        found.push(places().length, find("more").hidden);
        const link = clicked(all("[data-pair]").find((each) => each.dataset.pair === "w8\\tw16"));
        found.push(find("type").value, places());
        clicked(all("[data-kind=missed]")[0]);
        found.push(find("type").value, find("kind").value, places().length);
        const seen = () => all("#types-table tbody tr").filter((each) => each.offsetParent).length;
        const columns = () => all("#matrix thead th").filter((each) => each.offsetParent).length;
        for (const [name, count] of [["types-table", seen], ["matrix", columns]]) {
          const button = all(`[aria-controls=${name}]`)[0];
          found.push([count(), button.textContent, clicked(button).textContent, count(), button.ariaExpanded]);
          found.push([clicked(button).textContent, count(), button.ariaExpanded]);
        }
        return found;
        """,
    )
    assert told[:6] == [50, "50 of 121 sentences with mistakes", 100, 50, 121, True]
    assert told[6:8] == ["w8\tw16", matching(facts, pair=("w8", "w16"))]
    assert told[7]
    assert told[8:11] == ["", "missed", min(50, len(matching(facts, "missed")))]
    assert told[11:] == [
        [20, "Show all 24 types", "Show fewer", 24, "true"],
        ["Show all 24 types", 20, "false"],
        [21, "Show all 24 types", "Show fewer", 25, "true"],  # and that of no type
        ["Show all 24 types", 21, "false"],
    ]


def test_tables_can_be_sorted(browse):
    facts = sample(TAME)
    for number, each in enumerate(facts["types"]):
        each["f1"] = number * 7 % 24
    told = browse(
        page.render(facts),
        """
        const rows = () => all("#types-table tbody tr").map((each) => each.cells[0].textContent.trim());
        const heads = all("#types-table thead th");
        const press = (name) => heads.find((each) => each.textContent === name).querySelector("button").click();
        const sorted = () => heads.filter((each) => each.ariaSort).map((each) => each.textContent + each.ariaSort);
        const found = [[rows(), sorted()]];
        for (const name of ["gold", "F1", "F1", "type", "type"]) { press(name); found.push([rows(), sorted()]); }
        return found;
        """,
    )
    by_gold = [each["label"] for each in facts["types"]]
    by_f1 = [each["label"] for each in sorted(facts["types"], key=lambda each: each["f1"])]
    named = sorted(by_gold, key=lambda label: int(label[1:]))
    assert told == [
        [by_gold[::-1], ["golddescending"]],
        [by_gold, ["goldascending"]],
        [by_f1[::-1], ["F1descending"]],
        [by_f1, ["F1ascending"]],
        [named, ["typeascending"]],
        [named[::-1], ["typedescending"]],
    ]


CONTRAST = """
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  const light = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = [...canvas.getImageData(0, 0, 1, 1).data].map((each) => each / 255);
    const linear = [r, g, b].map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return a < 1 ? null : 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ground = (each) => {
    for (; each; each = each.parentElement) {
      const found = light(getComputedStyle(each).backgroundColor);
      if (found !== null) return found;
    }
  };
  const poorest = () => {
    let least = [21, ""];
    for (const each of all("body *")) {
      const text = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!text || each.matches("script, style, option, desc, title, .unseen, .unseen *, i")) continue;
      const style = getComputedStyle(each);
      const ink = light(each.namespaceURI.endsWith("svg") ? style.fill : style.color);
      const [low, high] = [ink, ground(each)].sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < least[0]) least = [contrast, each.outerHTML.slice(0, 200)];
    }
    return least;
  };
  const themes = [];
  for (const click of [0, 1, 1]) {
    if (click) find("theme").click();
    themes.push([find("theme").ariaPressed, getComputedStyle(document.documentElement).backgroundColor, poorest()]);
  }
  return themes;
"""


def test_the_theme_button_turns_the_theme_and_all_text_can_be_read(browse):
    facts = sample(TAME)
    size = len(facts["confusions"]["labels"])
    facts["confusions"]["counts"] = [[(row * size + column) % 60 for column in range(size)] for row in range(size)]
    themes = browse(page.render(facts), CONTRAST, "--blink-settings=preferredColorScheme=1")
    assert [pressed for pressed, _, _ in themes] == ["false", "true", "false"]
    light, dark, again = (colour for _, colour, _ in themes)
    assert light == again != dark
    for _, _, (contrast, element) in themes:
        assert contrast >= 4.5, element  # WCAG 2.2, 1.4.3


def test_the_theme_is_that_of_the_system_at_first(browse):
    probe = "return [find('theme').ariaPressed, getComputedStyle(document.documentElement).backgroundColor];"
    found = [browse(page.render(NOTHING), probe, f"--blink-settings=preferredColorScheme={each}") for each in (0, 1)]
    assert [pressed for pressed, _ in found] == ["true", "false"]
    assert found[0][1] != found[1][1]


@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_never_scrolls_sideways(browse, width):
    probe = """
      while (!find("more").hidden) find("more").click();
      for (const each of all(".unfold")) each.click();
      for (const each of all("details")) each.open = true;
      await new Promise((resolve) => setTimeout(resolve, 100));
      for (const each of all(".error")) each.style.contentVisibility = "visible";
      const right = (each) => each.getBoundingClientRect().right;
      const outside = all(".error *, .card *, .filters *, .top *, footer *")
        .filter((each) => !each.matches(".unseen, i, option, optgroup") && right(each) > innerWidth + 1);
      return [innerWidth, document.documentElement.scrollWidth, outside.map((each) => each.outerHTML.slice(0, 200))];
    """
    assert browse(page.render(sample(NASTY)), probe, width=width) == [width, width, []]
