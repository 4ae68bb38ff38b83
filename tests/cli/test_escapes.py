"""Nothing that a user's files or arguments hold acts on the terminal: what is told shows it as pictures."""

import ast
import io
import json
import os
import re
import sys
from pathlib import Path

import pytest
from shell import on_terminal

import rnntag
from rnntag.cli import jobs, main
from rnntag.errors import CONTROLS

# A title, a cleared screen, colours by a C1 control, text from right to left, a backspace; then a line written over.
E = "\x1b]0;x\x07\x1b[2J\x9b1m\u202e\u2066\x08\x7fy"
W = f"{E}\x0b\x0c\rz"
STYLE = re.compile(r"\x1b\[[0-9;]*m")  # what rnntag itself writes in colour
ACTING = {chr(code) for code in CONTROLS} - {"\n", "\t"}
TINY = ("--epochs", 1, "--hidden", 4, "--embedding", 4)
GOLD = (
    f"# intent = fly{E}\nto{E}\tO\nOslo\tB-city{E}\nor\tO\nRome\tB-{E}\n\n# intent = fare\nto\tO\nBonn\tB-city{E}\n\n"
)
PREDICTED = GOLD.replace(f"B-city{E}\nor", f"B-{E}\nor").replace(f"= fly{E}", f"= fare{E}")
FILES = {
    "gold.conll": GOLD,
    "predicted.conll": PREDICTED,
    f"gold{W}.conll": GOLD,
    "plain.conll": "to\tO\nOslo\tB-city\n\n" * 3,
    "mixed.conll": f"to\tO\nOslo\tI-city{E}\n\nto\tB-{E}\nOslo\tO{E}\n\n",
    "short.conll": f"to\tO\n{E}\n",
    "named.conll": f"# global.columns = ID FORM NER{E}\n1\tto\tO\n",
    "table.csv": f"word,tag{E}\nto,O\n",
    "broken.csv": f'word,tag\n"to{E}\n',
    "keys.jsonl": json.dumps({f"tok{E}": ["a"], f"t{E}": ["O"]}) + "\n",
    "label.jsonl": json.dumps({"text": "to Oslo", "label": [[3, 99, f"city{E}"]]}) + "\n",
    "broken.jsonl": '{"tokens": ' + E,
    "long.conll": f"to\tO\nOslo\tB-{E * 999}\nto\tI-x\n",
    "marks.inline": f"to [Oslo]({E}\n",
    "names.txt": f"Oslo\nO{E}\n",
    "none.rnntag": f"no model{E}",
    "curve.jsonl": f"{W}\n",
    "vectors.vec": f"to 1 2\nOslo 1 {E}\n",
    "text.txt": f"wake me {W} at seven\n",
    "tags.parquet": f"PAR{E}",
}


MODEL = ("-m", "m.rnntag")
PROBES = {
    "a tag, scored": ("eval", "--predicted", "predicted.conll", "gold.conll"),
    "a tag, scored in colour": ("eval", "--color", "always", "--predicted", "predicted.conll", "gold.conll"),
    "a tag, as JSON": ("eval", "--json", "--predicted", "predicted.conll", "gold.conll"),
    "a model's tag, scored": ("eval", *MODEL, "gold.conll"),
    "a mistake": ("eval", "--errors", *MODEL, "gold.conll"),
    "a sentence's place": ("eval", "--errors", "--predicted", "predicted.conll", f"gold{W}.conll"),
    "a file's name, scored": ("eval", "--predicted", "predicted.conll", "gold.conll", f"gold{W}.conll"),
    "what is compared": ("eval", "--compare", "predicted.conll", f"gold{W}.conll", "gold.conll"),
    "a page's place": ("eval", *MODEL, "gold.conll", "--html", f"no{W}/page.html"),
    "a log's place": ("eval", *MODEL, "gold.conll", "--html", "page.html", "--log", "curve.jsonl"),
    "a tag of a mixed scheme": ("eval", "--scheme", "bio", "--strict", *MODEL, "mixed.conll"),
    "a token that cannot be told": ("eval", *MODEL, "short.conll"),
    "a model described": ("info", f"m{W}.rnntag"),
    "a model as JSON": ("info", "--json", f"m{W}.rnntag"),
    "no model": ("info", "none.rnntag"),
    "a model that is not there": ("tag", "-m", f"no{W}.rnntag", "text.txt"),
    "a file that is not there": ("tag", *MODEL, f"no{W}.txt"),
    "a place to write to": ("tag", *MODEL, "text.txt", "-o", f"no{W}/x.conll"),
    "a file that is replaced": ("tag", *MODEL, "text.txt", "--to", "conll", "-o", f"gold{W}.conll"),
    "a painted word": ("tag", "--color", "always", *MODEL, "text.txt"),
    "a format": ("tag", "--to", W, *MODEL, "text.txt"),
    "a list of names": ("tag", *MODEL, "--gazetteer", f"{E}=names.txt", "text.txt"),
    "a list's file": ("tag", *MODEL, "--gazetteer", f"cities=no{W}", "text.txt"),
    "an option": ("tag", f"--{W}"),
    "a command": (f"ta{W}",),
    "a number": ("tag", "--context", W, *MODEL, "text.txt"),
    "a column by name": ("convert", "--tag-column", E, "plain.conll"),
    "the names of columns": ("convert", "--tag-column", "POS", "named.conll"),
    "the header of a table": ("convert", "--tag-column", "POS", "table.csv"),
    "a cell": ("convert", "broken.csv"),
    "a key": ("convert", "keys.jsonl"),
    "a label": ("convert", "label.jsonl"),
    "no JSON": ("convert", "broken.jsonl"),
    "a mark": ("convert", "--from", "inline", "marks.inline"),
    "a record that is left out": ("convert", "--on-error", "skip", "short.conll", f"gold{W}.conll", "-o", "x.conll"),
    "what is checked": ("check", "mixed.conll", f"gold{W}.conll", "gold.conll"),
    "what is checked, in colour": ("check", "--color", "always", "mixed.conll", f"gold{W}.conll"),
    "what is checked, as JSON": ("check", "--json", "mixed.conll", f"gold{W}.conll"),
    "what is mended": ("check", "--fix", "mixed.conll", "-o", f"x{W}.conll"),
    "what is trained on": ("train", f"gold{W}.conll", *TINY, "-o", f"x{W}.rnntag"),
    "a tag of a training": ("train", "mixed.conll", *TINY, "--strict", "-o", "x.rnntag"),
    "a tag that a dev set alone has": ("train", "plain.conll", "--dev", "gold.conll", *TINY, "-o", "x.rnntag"),
    "a feature": ("train", "plain.conll", *TINY, "--features", f"word,{E}", "-o", "x.rnntag"),
    "a list's name": ("train", "gold.conll", *TINY, "--gazetteer", f"c{E}=names.txt", "-o", "x.rnntag"),
    "a vector": ("train", "plain.conll", *TINY, "--vectors", "vectors.vec", "-o", "x.rnntag"),
    "marks": ("train", "text.txt", *TINY, "--task", "punctuation", "--marks", E, "-o", "x.rnntag"),
    "a log that cannot be written": ("train", "plain.conll", *TINY, "--log", f"no{W}/log", "-o", "x.rnntag"),
    "a command to be helped with": ("help", W),
    "no table of rows": ("convert", "tags.parquet"),
}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model whose words, tags, intents and lists hold controls."""
    path = tmp_path_factory.mktemp("model") / "m.rnntag"
    sentences = [rnntag.Sentence(["to", f"Oslo{E}"], ["O", f"B-city{E}"], intent=f"fly{E}")]
    sentences += [rnntag.Sentence(["Rome"], [f"B-{E}"], intent="fare")]
    rnntag.train(sentences * 12, None, path, epochs=1, hidden=4, embedding=4, gazetteers={"cities": [E]})
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch, model):
    """A folder of files that hold controls, and are called so."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(jobs, "leave_with_reader", lambda: None)  # that is of a whole process
    for name, text in FILES.items():
        Path(name).write_text(text, "utf-8", newline="")
    for name in ("m.rnntag", f"m{W}.rnntag"):
        os.symlink(model, name)
    return tmp_path


def told(words, monkeypatch, capfd):
    """What a command writes to standard output and to standard error."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["rnntag", *map(str, words)])
    with pytest.raises(SystemExit):
        main()
    out.flush()
    return out.buffer.getvalue().decode(), capfd.readouterr().err


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("words", PROBES.values(), ids=PROBES)
def test_what_is_told_does_not_act(folder, monkeypatch, capfd, words):
    out, err = told(words, monkeypatch, capfd)
    people = STYLE.sub("", out) if words[0] != "convert" else ""
    assert not ACTING & set(err + people)
    assert err or people


@pytest.mark.parametrize(
    "words", [("tag", *MODEL, "text.txt"), ("train", f"gold{W}.conll", "-o", f"x{W}.rnntag", *TINY)]
)
def test_a_terminal_is_not_acted_upon(folder, words):
    """Painted sentences, and the panel of a training, whose own movements of the cursor are no colours only."""
    found = on_terminal(*words, terminals=("stdout", "stderr"), cwd=folder)
    assert found.status == 0, found.err
    written = found.out + found.err
    for acting in ("\x1b]", "\x1b[2J", "\x07", "\x08", "\x7f", "\x9b", "\u202e", "\x0c"):
        assert acting not in written


def test_data_is_not_altered_and_names_are_pictures(folder, monkeypatch, capfd):
    assert told(("convert", "gold.conll"), monkeypatch, capfd)[0] == GOLD
    out, _ = told(("info", f"m{W}.rnntag"), monkeypatch, capfd)
    assert "model        m␛]0;x␇␛[2J\ufffd1m\ufffd\ufffd␈␡y␋␌␍z.rnntag (" in out


def test_nothing_is_printed_past_what_shows_controls():
    """Each print of the package stands where controls are shown, or where data is written."""
    homes = {"cli/talk.py", "cli/stream.py", "cli/help.py", "cli/log.py", "show/meter.py", "show/progress.py"}
    homes |= {"show/console.py", "show/painting.py", "formats/output.py", "__main__.py"}
    package = Path(rnntag.__file__).parent
    for file in package.rglob("*.py"):
        name = file.relative_to(package).as_posix()
        tree = ast.parse(file.read_text("utf-8"))
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        printing = calls & {"print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write", "Console"}
        assert not printing or name in homes, f"{name} prints by {printing}"
