"""No link of the documents leads nowhere, and a link to a line leads to what its name says."""

import re
from pathlib import Path

import pytest
from documents import PAGES, ROOT, links, relinked

DOCUMENTS = [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]


def anchors(text):
    """The anchors that GitHub gives to headings."""
    prose = re.sub(r"^```.*\n(?:.*\n)*?```$", "", text, flags=re.M)
    titles = re.findall(r"^#+ (.+)$", prose, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.stem)
def test_a_link_leads_somewhere(page):
    text = re.sub(r"^```.*\n(?:.*\n)*?```$", "", page.read_text("utf-8"), flags=re.M)
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"(?<!\[)`[^`\n]*`(?!\])", "", text)):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), target
        if anchor and other.suffix == ".md":
            assert anchor in anchors(other.read_text("utf-8")), target


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.stem)
def test_a_link_to_a_line_leads_to_what_stands_beside_it(page):
    """Where code moved, this tells which number to write; ``make docs`` writes it."""
    text = page.read_text("utf-8")
    found = [*links(text)]
    assert len(found) == text.count("#L"), "a link to a line names what stands there: (`name`) or (`name`: `text`)"
    wrong = [
        f"{link.file}:{link.line} (`{link.name}`) is {link.meant()}" for link in found if link.line != link.meant()
    ]
    assert not wrong, "\n".join(wrong)


def test_the_tour_has_links_to_lines():
    assert len([*links((ROOT / "docs" / "inside.md").read_text("utf-8"))]) > 20


def link(line, name, text=""):
    file = Path(__file__).relative_to(ROOT).as_posix()
    return f"[`{file}:{line}`](../{file}#L{line}) (`{name}`{text})"


def test_a_link_finds_a_definition_and_a_text_in_it():
    lines = Path(__file__).read_text("utf-8").splitlines()
    place = 1 + lines.index("def anchors(text):")
    assert relinked(link(1, "anchors")) == link(place, "anchors")
    assert relinked(link(7, "anchors", ": `titles =`")) == link(place + 3, "anchors", ": `titles =`")


@pytest.mark.parametrize(("name", "text"), [("nowhere", ""), ("anchors", ": `wrong =`"), ("anchors.inner", "")])
def test_a_link_to_what_is_gone_is_an_error(name, text):
    with pytest.raises(ValueError, match=r"defines no|does not hold"):
        relinked(link(1, name, text))
