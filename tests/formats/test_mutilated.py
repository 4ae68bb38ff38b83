"""Ten thousand mutilated inputs: each is read as something, or refused in one sentence; none ends in a traceback."""

import io
import random
from contextlib import suppress
from pathlib import Path

import pytest
from sound import CSV, NUMBERS, PAIRS, RASA, WRAPPED

from rnntag import formats
from rnntag.checks import Checks
from rnntag.data.bio import SCHEMES
from rnntag.data.sentence import Certainty, Sentence
from rnntag.data.tokenisation import Cut
from rnntag.errors import RnntagError
from rnntag.formats import FORMATS, READABLE, WRITABLE, Reading
from rnntag.formats.charspans import CharSpan, annotated
from rnntag.formats.output import Output

COUNT = 10_000
BIO = SCHEMES["bio"]
STREAMS = [name for name in READABLE if not FORMATS[name].folder]
FOLDERS = [name for name in READABLE if FORMATS[name].folder]
NASTY = [
    *(bytes([byte]) for byte in range(0x21)),
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\\u0000",
    *(mark.encode() for mark in '"{}[]()\\:,#\t-?0é语🙂'),
    b"null",
    b"1e999",
    b"NaN",
    b"true",
    b"-1",
    b"9" * 400,
    b"[" * 3000,
    b'{"a":' * 3000,
    b"# intent = ",
    b"B-",
    b"I-x",
    b"\r\n",
    b"\n\n",
    b"T1\tx 0 99\ty",
    b"1-2\t",
    b"1.1\t",
]

CUT = Cut(characters=True)
SENTENCES = [
    annotated("book boston, ma!", [CharSpan(5, 11, "city"), CharSpan(13, 15, "state")], CUT, "f.txt", 1, intent="go"),
    annotated("去北京 on 3/4", [CharSpan(1, 3, "城市")], CUT, "f.txt", 2),
    annotated("nothing here", [], CUT, "f.txt", 3, intent="none"),
]
TOKENS = [
    Sentence(["new", "york", "#"], ["B-city", "I-city", "O"], comments=("# doc = 1",), intent="go"),
    Sentence(["a", "b"], ["O", "B-x"], certainty=Certainty(0.5, [0.9, 0.8], [0.7], None)),
]


def golden(name):
    """What a format looks like, as its own writer has it; or, where there is none, as text."""
    row = FORMATS[name]
    if row.writer is None:
        return {"csv": CSV, "rasa": RASA}.get(name, b"book [boston](city)\twhat\n\n  two  words\n")
    before, between, after = row.frame
    pieces = [row.writer(sentence, BIO) for sentence in (*SENTENCES, *TOKENS)]
    return (before + between.join(pieces) + after).encode()


def mutilated(data, rng):
    """A few bytes taken out, doubled, changed, moved or put in."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        start = rng.randrange(len(data) + 1)
        end = min(len(data), start + rng.choice((0, 1, 1, 2, 8, 40)))
        kind = rng.randrange(5)
        if kind == 0:
            data = data[:start] + data[end:]
        elif kind == 1:
            data = data[:end] + data[start:end] * rng.choice((1, 3)) + data[end:]
        elif kind == 2:
            data = data[:start] + rng.choice(NASTY) + data[end:]
        elif kind == 3:
            data = data[:start] + bytes(rng.randrange(256) for _ in range(end - start)) + data[end:]
        else:
            data = data[:start]
    return data


def written(sentences, rng):
    """Write what was read, as whatever can be written as a stream."""
    name = rng.choice([each for each in WRITABLE if FORMATS[each].writer])
    with suppress(RnntagError):
        formats.write(sentences, name, BIO).encode("utf-8", "strict")


def gathered(bursts):
    """All sentences up to the first fault, and what that says."""
    read = []
    try:
        for burst in bursts:
            read += burst
    except RnntagError as error:
        return read, str(error)
    return read, None


@pytest.mark.parametrize("name", STREAMS)
def test_streams(name):
    rng, sound = random.Random(name), golden(name)
    refused = 0
    for _ in range(COUNT // len(STREAMS)):
        data = mutilated(sound, rng)
        reading = Reading(rng.random() < 0.5 and name != "plain", characters=rng.choice((None, True, False)))
        read, fault = gathered(formats.read(io.BytesIO(data), "case", name, reading))
        assert fault is None or fault.startswith("case"), fault
        refused += fault is not None
        written(read, rng)
        for sentence in read:
            if sentence.tags is not None:
                assert len(sentence.tags) == len(sentence.tokens)
            if sentence.offsets is not None:
                assert len(sentence.offsets) == len(sentence.tokens)
    assert name == "plain" or refused > COUNT // len(STREAMS) // 20


@pytest.mark.parametrize("name", FOLDERS)
def test_folders(name, tmp_path):
    rng, sound = random.Random(name), tmp_path / "sound"
    with Output(name, BIO, str(sound)) as out:
        out.write(SENTENCES)
    files = {path.name: path.read_bytes() for path in sound.iterdir()}
    refused = 0
    for number in range(COUNT // 20):
        folder = tmp_path / f"{number % 4}"
        folder.mkdir(exist_ok=True)
        spoilt = rng.choice(sorted(files))
        for each, data in files.items():
            (folder / each).write_bytes(mutilated(data, rng) if each == spoilt else data)
        read, fault = gathered(formats.read_path(folder, name, Reading(rng.random() < 0.5)))
        assert fault is None or fault.startswith(str(folder)), fault
        refused += fault is not None
        written(read, rng)
    assert refused


def test_columns_are_checked_and_mended_whatever_they_are(tmp_path):
    rng, sound, path = random.Random(0), golden("conll"), tmp_path / "case.conll"
    for _ in range(COUNT // 20):
        path.write_bytes(mutilated(sound, rng))
        copy = io.BytesIO() if rng.random() < 0.5 else None
        checks = Checks(None)
        assert all(found is not None for found in checks.file(str(path), "conll", copy))
        list(checks.close())


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
def test_compressed_files(suffix, tmp_path):
    if suffix == ".zst":
        pytest.importorskip("zstandard")
    rng, path = random.Random(suffix), tmp_path / f"case.conll{suffix}"
    with Output("conll", BIO, str(path)) as out:
        out.write(TOKENS * 20)
    sound = Path(path).read_bytes()
    for _ in range(COUNT // 50):
        path.write_bytes(mutilated(sound, rng))
        _, fault = gathered(formats.read_path(path, "conll"))
        assert fault is None or fault.startswith(str(path)), fault


@pytest.mark.parametrize("sound", [PAIRS, NUMBERS, WRAPPED], ids=range(3))
def test_records_of_other_tools(sound):
    rng, refused = random.Random(len(sound)), 0
    for _ in range(COUNT // 10):
        data = mutilated(sound, rng)
        reading = Reading(rng.random() < 0.5, names=("O", "B-x"))
        read, fault = gathered(formats.read(io.BytesIO(data), "case", "jsonl", reading))
        assert fault is None or fault.startswith("case"), fault
        refused += fault is not None
        written(read, rng)
    assert refused > COUNT // 200
