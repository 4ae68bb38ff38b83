"""An evaluation, or a comparison, as one HTML page that needs nothing else: no network, no fonts, no library.

Text of a user's data reaches the page through Jinja's escaping, and otherwise only as JSON in a data block. Script and
style are allowed by their hashes alone (Content Security Policy Level 3, section 2.3.1), so that even markup that got
past the escaping could neither run nor load anything.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import cast

from rnntag.errors import CONTROLS, SpecError
from rnntag.evaluation.comparison import Comparison
from rnntag.evaluation.mistakes import KINDS
from rnntag.evaluation.results import Result
from rnntag.files.whole import check_writable, write_whole
from rnntag.show.page import charts, confusions, sentences
from rnntag.show.page.contrast import VERDICTS, ComparisonFacts, comparison_facts, drawn_pairs
from rnntag.show.page.facts import Card, EpochFacts, PageFacts, page_facts
from rnntag.show.page.sentences import Filterable

FOLD = 20  # rows of a table that are seen at first
INTERVALS = 4, 116  # where the scale of intervals begins and ends in the drawing of a card

# As in a terminal; also what would break a line, and what no page may hold.
_VISIBLE = CONTROLS | {0x2028: 0x2424, 0x2029: 0x2424, 0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}


def check(path: str | os.PathLike[str]) -> None:
    """Check that a page can be made and written to a file, before the work that it would show.

    Raises SpecError where Jinja is missing, RnntagError where the file cannot be written.
    """
    _check_jinja()
    check_writable(path)


def write(
    path: str | os.PathLike[str],
    found: Result | Comparison,
    title: str,
    curve: Sequence[dict[str, object]] | None = None,
) -> None:
    """Write the page of a result, or of a comparison, to a file. Raises as `check` does.

    curve  the log of the training that a result is of
    """
    if isinstance(found, Comparison):
        html = render_comparison(comparison_facts(found, title))
    else:
        # Of a line of the log it is known that it has an epoch and a loss; charts leave out what is no number.
        html = render(page_facts(found, title, cast("Sequence[EpochFacts] | None", curve)))
    write_whole(path, html.encode())


def _check_jinja() -> None:
    try:
        import jinja2  # noqa: F401
    except ImportError:
        raise SpecError("a page needs jinja2", hint="pip install 'rnntag[report]'") from None


def render(facts: PageFacts) -> str:
    """Draw the page of the facts that `page_facts` gathers. Raises SpecError where Jinja is missing."""
    facts = cast(PageFacts, made_visible(facts))
    drawn = [sentences.drawn(sentence) for sentence in facts["sentences"]]
    return _drawn(
        "page.html",
        ("sentence", drawn),
        facts=facts,
        intervals=_intervals(facts["cards"]),
        matrix=confusions.matrix(facts["confusions"], FOLD),
        curve=charts.learning(facts["curve"] or []),
        reliability=charts.reliability_diagram(facts["reliability"]) if facts["reliability"] else None,
        filters=sentences.filters(drawn, {kind: kind for kind in KINDS} | {"intent": "intent differs"}),
        kinds=KINDS,
    )


def render_comparison(facts: ComparisonFacts) -> str:
    """Draw the page of the facts that `comparison_facts` gathers. Raises SpecError where Jinja is missing."""
    facts = cast(ComparisonFacts, made_visible(facts))
    drawn = drawn_pairs(facts["sentences"])
    filters = sentences.filters(drawn, {verdict: verdict for verdict in VERDICTS.values()})
    return _drawn("comparison.html", ("pair", drawn), facts=facts, filters=filters)


def _drawn(template: str, listed: tuple[str, Sequence[Filterable]], **values: object) -> str:
    """A template filled in; ``listed`` are the sentences that it shows, behind the macro that draws one."""
    _check_jinja()
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_part),  # Jinja's own takes a fault of reading for a folder that is not there
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"figure": "{:.2f}".format, "count": "{:,}".format}
    macro, sentences_drawn = listed
    draw = vars(environment.get_template("sentence.html").module)[macro]
    records = [{"html": str(draw(each)).strip(), **each.record()} for each in sentences_drawn]
    return environment.get_template(template).render(
        records=records,
        data=embedded(records),
        fold=FOLD,
        page=sentences.PAGE,
        style=_part("page.css"),
        script=_part("page.js"),
        hash=_hash,
        **values,
    )


def _part(name: str) -> str:
    """A file that pages are made of."""
    return resources.files(__name__).joinpath(name).read_text("utf-8")


def made_visible(value: object) -> object:
    """Replace control and invisible characters in all texts of some facts by characters that are seen."""
    if isinstance(value, str):
        return value.translate(_VISIBLE)
    if isinstance(value, Mapping):
        return {key: made_visible(each) for key, each in value.items()}
    return [made_visible(each) for each in value] if isinstance(value, Sequence) else value


def embedded(value: object) -> str:
    """Put a value as JSON that can stand in a script element: nothing in it ends or comments out the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _hash(text: str) -> str:
    """The source expression by which a content security policy allows a script or a style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _intervals(cards: Sequence[Card]) -> charts.Axis | None:
    """One scale for the intervals of all cards, so that they can be compared by eye."""
    lows = [card["low"] for card in cards if card["low"] is not None]
    return charts.axis(min(lows) // 10 * 10, 100, *INTERVALS) if lows else None
