"""Tagged sentences in colour."""

import io

from rich.console import Console

from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Sentence
from rnntag.show.painting import Painter, palette

BIO = SCHEMES["bio"]
TAGS = ["O", "B-city", "I-city", "B-time"]


def painted(*sentences):
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, color_system="256", highlight=False, markup=False, width=20)
    with Painter(console, BIO, TAGS) as painter:
        painter.write(list(sentences))
    return file.getvalue()


def test_spans_are_coloured_and_their_labels_shown_below():
    text = painted(Sentence(["to", "new", "york", "now"], ["O", "B-city", "I-city", "O"]))
    line, legend = text.splitlines()
    code = line.partition("\x1b[")[2].partition("m")[0]
    assert line == f"to \x1b[{code}mnew york\x1b[0m now"
    assert legend == f"   \x1b[{code}m city \x1b[0m ".replace("   \x1b", "  \x1b", 1)


def test_each_label_is_shown_once_a_call_and_none_without_spans():
    rome, oslo = (Sentence([name], ["B-city"]) for name in ("Rome", "Oslo"))
    assert painted(rome, oslo).count(" city ") == 1
    assert painted(Sentence(["to"], ["O"])) == "to\n"


def test_an_intent_stands_behind_its_sentence():
    assert painted(Sentence(["to"], ["O"], intent="go\x1b")) == "to\x1b[2;3m   go␛\x1b[0m\n"


def test_text_moves_no_cursor_and_is_no_markup():
    text = painted(Sentence(["[bold]a\x1b[2J"], ["B-city"]))
    assert "[bold]a␛[2J" in text


def test_labels_have_colours_of_their_own_in_every_run():
    tags = [f"B-{number}" for number in range(66)]
    found = palette(BIO, tags)
    assert len(set(found.values())) == len(found) == 66
    assert found == palette(BIO, tags[::-1])
    assert palette(BIO, TAGS) == {"city": "black on color(45)", "time": "black on color(155)"}
