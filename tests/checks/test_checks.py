"""What is wrong with corpora is told to the letter, sound ones are let alone, and mended copies are sound."""

import io
import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shell import ROOT

from rnntag import checks
from rnntag.checks import Change, Checks, Finding, characters, columns
from rnntag.checks.findings import KINDS, MENDABLE, Digest
from rnntag.data.bio import SCHEMES, detect
from rnntag.data.bio_check import check
from rnntag.data.sentence import Sentence
from rnntag.errors import CorpusError
from rnntag.formats import read_corpus
from rnntag.formats.table_row import TAGGED, Reading

IDENTITY = {"repeat", "leak", "conflict", "disagreement", "once", "spelling"}  # of sentences and labels, not of lines


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Files have short names."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(text, name="train.conll"):
    with open(name, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    return name


def findings(*texts, scheme=None, reading=TAGGED, format=checks.COLUMNS):
    """All that is told of train.conll and dev.conll, and of both together."""
    names = [written(text, name) for text, name in zip(texts, ("train.conll", "dev.conll"), strict=False)]
    checking = Checks(SCHEMES[scheme] if scheme else None, reading)
    return [found for name in names for found in checking.file(name, format)] + list(checking.close())


def told(*texts, ignored=IDENTITY, **settings):
    """As the command line would write it."""
    return [str(found) for found in findings(*texts, **settings) if found.kind not in ignored]


def mended(text, scheme=None, reading=TAGGED):
    """The copy, the changes, and what is still wrong."""
    copy, checking = io.BytesIO(), Checks(SCHEMES[scheme] if scheme else None, reading)
    found = [*checking.file(written(text), checks.COLUMNS, copy), *checking.close()]
    changes = [each for each in found if isinstance(each, Change)]
    return copy.getvalue().decode("utf-8", "surrogateescape"), changes, [each for each in found if each not in changes]


def rows(*pairs):
    """``word/TAG`` pairs as a sentence of columns."""
    return "".join("\t".join(pair.rsplit("/", 1)) + "\n" for pair in pairs) + "\n"


def sound(count):
    return "".join(rows(f"go{number}/O", "to/O", "new/B-city", "york/I-city") for number in range(count))


# Sound files.


@pytest.mark.parametrize(
    "text",
    [
        sound(3),
        sound(3).rstrip("\n"),  # no blank line at the end, no line end
        "\n\n" + sound(1) + "\n \t \n\n",
        sound(2).replace("\t", " "),
        sound(2).replace("\t", "  "),
        sound(2).replace("\t", "\tNN\t"),
        "# intent = flight\n" + sound(1) + "# a comment with nothing after it\n",
        rows("#/O", "# x/O", "rock # roll/O"),
        rows("a/B-x", "b/E-x", "c/S-x", "d/O") + rows("a/B-x", "b/I-x", "c/E-x"),
        rows("a/I-x", "b/B-x", "c/I-x"),  # IOB1
        rows("a/NOUN", "b/VERB", "./PUNCT"),
        rows("\u3000/O", "我/O"),  # a space that is a token
    ],
)
def test_sound_files_are_let_alone(text):
    assert told(text) == []
    assert mended(text)[:2] == (text, [])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sample_corpora_are_let_alone(language, monkeypatch):
    monkeypatch.chdir(ROOT / "sample_corpora" / f"assistant_{language}")
    checking = Checks()
    found = [each for part in ("train", "dev", "test") for each in checking.file(f"{part}.conll", checks.COLUMNS)]
    assert {each.kind for each in [*found, *checking.close()]} <= {"repeat", "leak", "conflict"}
    assert checking.schemes == ["bio"]


# The columns.

EVERY_LINE = "every line has the same columns; if a token holds a space, part them by TABs"
COMMENT = "a comment stands before the first token of its sentence"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("boston", f"columns: 1 column, but 2 in most lines; {EVERY_LINE}"),
        ("a\tb\tO", f"columns: 3 columns, but 2 in most lines; {EVERY_LINE}"),
        ("# it is", f"columns: 3 columns, but 2 in most lines; {COMMENT}"),
        ("\tO", "token: the token is empty; it stands in column 1"),
        ("boston\t", "tag: the tag is empty; it stands in column 2"),
        ("boston\tB-a b", "tag: the tag 'B-a b' holds white space; it stands in column 2"),
        ("boston\tO\u3000", "tag: the tag 'O\\u3000' holds white space; it stands in column 2"),
        ("boston B-city", "spaces: 'boston B-city' is parted by spaces, other lines by TABs"),
        ("boston \tO", "spaces: the token 'boston ' begins or ends with a space"),
    ],
)
def test_lines_that_are_no_columns(line, expected):
    text = sound(2) + "a\tO\n" + line + "\nb\tO\n\n"
    assert told(text) == [f"train.conll:12: {expected}"]


def test_each_fault_is_told_not_only_the_first():
    text = "a\tO\nb\n\tO\n\n# intent = x\nc\tO\nd\te\tO\nf\t\n\ng\tI-x\n"
    kinds = [(found.where, found.kind) for found in findings(text, scheme="bio")]
    assert kinds == [
        ("train.conll:2", "columns"),
        ("train.conll:3", "token"),
        ("train.conll:7", "columns"),
        ("train.conll:8", "tag"),
        ("train.conll:10", "orphan"),
        ("train.conll:10", "once"),
    ]


def test_most_lines_say_how_many_columns_there_are():
    text = "boston\n" + sound(2)
    assert told(text)[0].startswith("train.conll:1: columns: 1 column, but 2 in most lines")


def test_a_file_without_tags_or_sentences():
    hint = "a line is a token, a TAB and its tag"
    assert told("go\nhome\n\n") == [
        "train.conll:1: columns: most lines have 1 column, but a tag is needed in the last; "
        f"{hint}; for text without tags there is rnntag tag"
    ]
    for text in ("", "\n\n", "# intent = x\n"):
        assert told(text) == [f"train.conll:1: format: no sentences; {hint}; a blank line ends a sentence"]


def test_other_columns_by_number_and_by_name():
    text = "\n".join(["ID\tFORM\tNER\tPOS", "1\tgo\tO\tVB", "2\tyork\tI-city\tNN", "3\t\tO\t", "", "1\tx\tO\tNN", ""])
    expected = [("train.conll:3", "orphan"), ("train.conll:4", "token")]
    reading = Reading(True, "FORM", "NER")

    def places(text, reading):
        found = findings(text, reading=reading, scheme="bio")
        return sorted((each.where, each.kind) for each in found if each.kind not in IDENTITY)

    assert places(text, reading) == expected
    copy, changes, _ = mended(text, "bio", reading)
    assert changes == [Change("train.conll:3", "2\tyork\tI-city\tNN", "2\tyork\tB-city\tNN")]
    assert copy == text.replace("I-city", "B-city")
    plain, numbers = text.partition("\n")[2], Reading(True, "2", "3")
    assert places(plain, numbers) == [("train.conll:2", "orphan"), ("train.conll:3", "token")]
    plus = "# global.columns = ID FORM NER POS\n" + plain
    assert mended(plus, "bio", reading)[0] == plus.replace("I-city", "B-city")
    for wanted in (Reading(True, "2", "5"), Reading(True, "FORM", "LEMMA")):
        with pytest.raises(CorpusError):
            findings(text, reading=wanted)


def test_very_long_ones():
    text = rows(*(f"w{number}/O" for number in range(1001))) + rows("a/O", f"{'x' * 1001}/O") + rows(f"{'x' * 1000}/O")
    assert told(text) == [
        "train.conll:1: length: a sentence of 1001 tokens; a blank line ends a sentence",
        f"train.conll:1004: length: a token of 1001 characters, '{'x' * 60}…'",
    ]
    assert told(rows(*(f"w{number}/O" for number in range(1000)))) == []


# The bytes and the line ends.


def test_bytes_that_are_not_utf_8():
    hint = "convert the file first: iconv -f latin1 -t utf-8"
    text = rows("a/O").encode() + b"caf\xe9\tO\nb\tO\nna\xefve\tO\nc\tI-\xe9\n\n"
    assert told(text, scheme="tokens") == [
        f"train.conll:3: encoding: byte 0xe9 of 'caf\\udce9' is not UTF-8; {hint}",
        f"train.conll:5: encoding: byte 0xef of 'na\\udcefve' is not UTF-8; {hint}",
        f"train.conll:6: encoding: byte 0xe9 of 'I-\\udce9' is not UTF-8; {hint}",
    ]
    assert mended(text, "bio")[0].encode("utf-8", "surrogateescape") == text.replace(b"I-", b"B-")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_told_once(encoding):
    data = ("\ufeff" * (encoding == "utf-16-be") + sound(2)).encode(encoding)
    command = "iconv -f utf-16 -t utf-8 train.conll > utf8.txt"
    line = f"train.conll:1: encoding: the file is UTF-16, not UTF-8; convert it first: {command}"
    assert told(data) == [line]
    with pytest.raises(CorpusError, match="the file is UTF-16"):
        mended(data)


def test_line_ends_and_byte_order_marks():
    text = "\ufeff" + rows("a/O", "b/O") + rows("c/O").replace("\n", "\r\n")
    assert told(text) == [
        "train.conll:1: line-ends: the file begins with a byte order mark, "
        "which other tools take for part of the first token",
        "train.conll:4: line-ends: CRLF ends 2 lines; other tools take CR for part of the tag",
    ]
    copy, changes, left = mended(text)
    assert copy == rows("a/O", "b/O") + rows("c/O")
    assert [str(change) for change in changes] == [
        "train.conll:1: mended: a byte order mark -> none",
        "train.conll:4: mended: CRLF (2 in all) -> LF",
    ]
    assert left == []


def test_cr_elsewhere():
    text = rows("a/O", "b\rc/O") + "d\tO\r\r\n"
    assert told(text) == [
        "train.conll:2: control: CR in the midst of a line, 'b\\rc'",
        "train.conll:4: control: CR in the midst of a line, 'O\\r'",
        "train.conll:4: tag: the tag 'O\\r' holds white space; it stands in column 2",
        "train.conll:4: line-ends: CRLF ends 1 line; other tools take CR for part of the tag",
    ]
    copy, _, left = mended(text)
    assert copy == rows("a/O", "b\rc/O") + "d\tO\n"
    assert [found.kind for found in left] == ["control"]


@settings(deadline=None, max_examples=150)
@given(st.text("aé\t\r\n #O", max_size=40), st.integers(1, 9))
def test_how_many_bytes_arrive_together_makes_no_difference(text, size):
    at_once = columns.RawLines(io.BytesIO(text.encode()))
    expected = list(at_once.bursts())
    whole = [line for lines in expected for line in lines]
    kept, columns.READ_SIZE = columns.READ_SIZE, size
    try:
        lines = columns.RawLines(io.BytesIO(text.encode()))
        assert [line for burst in lines.bursts() for line in burst] == whole
        assert (lines.returns, lines.ended) == (len(re.findall(r"\r\n|\r$(?!\n)", text)), text[-1:] in ("", "\n"))
        assert lines.first == at_once.first == next((n for n, x in enumerate(text.split("\n"), 1) if x[-1:] == "\r"), 0)
        assert list(columns.blocks(lines.bursts())) == list(columns.blocks(expected))
    finally:
        columns.READ_SIZE = kept


# Characters.

TWO_SCRIPTS = "mixes letters of two scripts that look alike"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("bos\u200bton", "invisible: 'bos\\u200bton' holds U+200B ZERO WIDTH SPACE"),
        ("bos\u200cton", "invisible: 'bos\\u200cton' holds U+200C ZERO WIDTH NON-JOINER"),
        ("\ufeffboston", "invisible: '\\ufeffboston' holds U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("a\u202eb\u00adc", "invisible: 'a\\u202eb\\xadc' holds U+202E RIGHT-TO-LEFT OVERRIDE, U+00AD SOFT HYPHEN"),
        ("10\u00a0000", "invisible: '10\\xa0000' holds U+00A0 NO-BREAK SPACE"),
        ("a\x00b", "control: 'a\\x00b' holds U+0000 (a control character)"),
        ("it\x92s", "control: 'it\\x92s' holds U+0092 (a control character; '’' in Windows-1252)"),
        ("caf\ufffd", "character: 'caf�' holds U+FFFD, in whose place another character was lost"),
        ("\ue000", "character: '\\ue000' holds U+E000 (of private use)"),
        ("\u0378", f"character: '\\u0378' holds U+0378 (not assigned in Unicode {unicodedata.unidata_version})"),
        ("cafe\u0301", "nfc: 'cafe\\u0301' is not in NFC, the usual form; there it is 'café'"),
        ("p\u0430ypal", f"scripts: 'pаypal' {TWO_SCRIPTS}: U+0430 CYRILLIC SMALL LETTER A"),
        ("Mосква", f"scripts: 'Mосква' {TWO_SCRIPTS}: U+004D LATIN CAPITAL LETTER M"),
        ("Αir", f"scripts: 'Αir' {TWO_SCRIPTS}: U+0391 GREEK CAPITAL LETTER ALPHA"),
        ("cafÃ©", "mojibake: 'cafÃ©' looks like UTF-8 read as Windows-1252; it would be 'café'"),
        ("weâ€™re", "mojibake: 'weâ€™re' looks like UTF-8 read as Windows-1252; it would be 'we’re'"),
        ("weâ\x80\x99re", "mojibake: 'weâ\\x80\\x99re' looks like UTF-8 read as Windows-1252; it would be 'we’re'"),
        ("Ð\x9fÑ\x80", "mojibake: 'Ð\\x9fÑ\\x80' looks like UTF-8 read as Windows-1252; it would be 'Пр'"),
        ("ðŸ˜€", "mojibake: 'ðŸ˜€' looks like UTF-8 read as Windows-1252; it would be '😀'"),
    ],
)
def test_characters_that_nobody_meant(word, expected):
    assert told(rows("a/O", f"{word}/O", "b/O")) == [f"train.conll:2: {expected}"]
    assert told(f"# intent = {word}\n" + rows("a/O")) == [f"train.conll:1: {expected}"]


@pytest.mark.parametrize(
    "words",
    [
        "می\u200cخواهم کتاب\u200cها",  # Persian
        "क्\u200dष श्री\u200c क़",  # Hindi, with U+0958 written apart
        "👩\u200d👩\u200d👧 👍🏽 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "μm αβ Δt hν 5µm IT-отдел Wi-Fi-роутер",
        "É» « Ça » SÃO ROMÂ … “naïve” Größe",
        "Điện tử sẽ được ﬁnden 한국어 ภาษาไทย עִבְרִית اَلْعَرَبِيَّةُ",
        "我 要 听 吴雨霏 ｡ 、 ․",
        "don’t – — − × ½ €5 ™ ♪",
    ],
)
def test_what_is_legitimate_is_let_alone(words):
    text = rows(*(f"{word}/O" for word in words.split()))
    assert told(text) == []
    assert mended(text)[0] == text


def test_one_word_in_two_normal_forms():
    text = rows("café/O", "x/O") + rows("cafe\u0301/O", "café/O")
    assert told(text) == [
        "train.conll:1: nfc: 'café' is in NFC here but not in train.conll:4: two words to the network",
        "train.conll:4: nfc: 'cafe\\u0301' is not in NFC, the usual form; there it is 'café'",
    ]


def test_a_character_is_told_wherever_it_stands():
    """What was looked up once as harmless stays so, and what was not is told again."""
    text = rows("é/O", "\u200b1/O") + rows("é/O", "\u200b1/B-\u200bx")
    assert [found.where for found in findings(text) if found.kind == "invisible"] == [
        "train.conll:2",
        "train.conll:5",
        "train.conll:5",
    ]


# Tags and schemes.

TAGS = {
    name: ["O", *(scheme.tag(prefix, kind) for prefix in sorted(scheme.prefixes) for kind in "xy")]
    for name, scheme in SCHEMES.items()
}


def tagged(taggings):
    return "".join(rows(*(f"w/{tag}" for tag in tags)) for tags in taggings)


def orphans_of(text, scheme):
    return [found for found in findings(text, scheme=scheme) if found.kind == "orphan"]


@settings(deadline=None, max_examples=200)
@given(st.data(), st.sampled_from(["bio", "bioes", "bmes", "bilou", "iob1"]))
def test_every_tag_that_cannot_stand_where_it_does_is_told_as_training_tells_the_first(data, name):
    alphabet = st.sampled_from([*TAGS[name], "B-x", "I-x", "E-x", "odd"])
    tags = data.draw(st.lists(alphabet, min_size=1, max_size=8))
    found = orphans_of(tagged([["O"], tags]), name)
    scheme = SCHEMES[name]
    assert len(found) == sum(not scheme.allowed(*pair) for pair in pairwise((None, *tags, None)))
    sentence = Sentence(["w"] * len(tags), tags, ["w"] * len(tags), (), "train.conll", 3)
    if found:
        with pytest.raises(CorpusError) as raised:
            check(scheme, sentence)
        fault = raised.value
        assert (found[0].where, found[0].fact, found[0].hint) == (fault.where, fault.fact, fault.hint)
    else:
        check(scheme, sentence)


def test_an_orphan_to_the_letter():
    assert told(sound(2) + rows("to/O", "york/I-city")) == [
        "train.conll:12: orphan: tag 'I-city' cannot follow 'O'; a span opens with 'B-city'; "
        "if the file is IOB1, add --scheme iob1"
    ]


def test_what_follows_a_tag_that_is_none_is_no_orphan():
    text = sound(2) + "a\tB-city\nb\nc\tI-city\nd\tO\ne\tI-city\n"
    assert [(found.where, found.kind) for found in findings(text) if found.kind not in IDENTITY] == [
        ("train.conll:12", "columns"),
        ("train.conll:15", "orphan"),
    ]


def test_a_few_sentences_of_another_scheme():
    bio = [["B-x", "I-x", "O"]] * 40
    place = "train.conll:161: scheme: 40 sentences keep to BIO, and 2 to BIOES alone; "
    hint = "a corpus is written in one scheme throughout"
    few = told(tagged([*bio, ["B-x", "E-x"], ["S-x"]]))
    assert few[0] == place + hint
    assert few[1].startswith("train.conll:162: orphan: tag 'E-x' is not a tag of BIO; ")
    assert [line.split(": ")[0] for line in few[1:]] == ["train.conll:162", "train.conll:164"]
    many = told(tagged([*bio[:20], *[["B-x", "E-x", "S-x"]] * 30]))
    assert many[0] == f"train.conll:1: scheme: 30 sentences keep to BIOES, and 20 to BIO alone; {hint}"
    assert len(many) == 1 + 20
    iob1 = told(tagged([*bio, *[["I-x", "I-x", "O"]] * 5]))
    assert iob1[0] == f"train.conll:161: scheme: 40 sentences keep to BIO, and 5 to IOB1 alone; {hint}"
    assert [line for line in told(tagged([*bio * 2, *[["I-x", "O"]] * 5])) if ": scheme: " in line] == []
    noise = [["I-x", "O", "B-x"]] * 60 + [["I-x", "O"]] * 5  # most break both
    assert [line for line in told(tagged([*bio * 3, *noise])) if ": scheme: " in line] == []
    assert told(tagged([*bio, ["B-x", "E-x"]]), scheme="bioes")[0].startswith("train.conll:3: orphan: ")


def test_files_in_several_schemes():
    bio, bioes = tagged([["B-x", "I-x", "O"]] * 6), tagged([["O"], ["B-x", "E-x", "O"]])
    assert told(bio, bioes) == [
        "dev.conll:4: scheme: the file is written in BIOES, train.conll in BIO; write all in one scheme"
    ]
    assert told(bioes, bio) == [
        "train.conll:4: scheme: the file is written in BIOES, dev.conll in BIO; write all in one scheme"
    ]
    assert told(bioes, tagged([["O", "O"]])) == []
    speech = tagged([["NOUN", "VERB"]] * 2)
    assert told(speech, tagged([["O", "B-x"]])) == [
        "dev.conll:2: scheme: the file is written in BIO, train.conll in TOKENS; write all in one scheme"
    ]
    assert told(bio, speech)[0].startswith("dev.conll:1: scheme: the file is written in TOKENS, train.conll in BIO; ")
    assert told(speech, tagged([["O", "O"]])) == []


def test_labels_of_a_single_span():
    lines = tagged([["B-a", "B-b", "I-b"], ["B-a"], ["O", "B-c"]])
    assert told(lines, ignored=IDENTITY - {"once"}) == [
        "train.conll:2: once: label 'b' occurs once",
        "train.conll:8: once: label 'c' occurs once",
    ]
    assert told(lines, tagged([["B-c"]]), ignored=IDENTITY - {"once"}) == ["train.conll:2: once: label 'b' occurs once"]
    assert told(tagged([["NOUN", "X"], ["NOUN"]]), ignored=IDENTITY - {"once"}) == [
        "train.conll:2: once: label 'X' occurs once"
    ]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"city": 3, "City": 2}, "label 'City' is 'city' but for capitals (2 against 3 spans)"),
        ({"City": 2, "city": 3}, "label 'City' is 'city' but for capitals (2 against 3 spans)"),
        ({"a-b": 3, "a_b": 2}, "label 'a_b' is 'a-b' but for hyphen and underscore (2 against 3 spans)"),
        ({"object": 100, "objct": 2}, "label 'objct' is 'object' but for one letter (2 against 100 spans)"),
        ({"object": 100, "obbject": 2}, "label 'obbject' is 'object' but for one letter (2 against 100 spans)"),
        ({"object": 100, "objact": 2}, "label 'objact' is 'object' but for one letter (2 against 100 spans)"),
        ({"object": 100, "obejct": 2}, "label 'obejct' is 'object' but for one letter (2 against 100 spans)"),
        ({"object": 99, "objct": 2}, None),
        ({"object": 300, "objct": 3}, None),  # too many for a slip
        ({"object": 100, "subject": 2}, None),
        ({"line1": 100, "line2": 2}, None),
        ({"NNP": 300, "NNPS": 2}, None),
    ],
)
def test_labels_almost_like_another(labels, expected):
    text = tagged([f"B-{label}" for _ in range(count)] for label, count in labels.items())
    found = [line.partition(": spelling: ")[2] for line in told(text, ignored=IDENTITY - {"spelling"})]
    assert found == ([f"{expected}; one label has one spelling"] if expected else [])


# Sentences that stand somewhere twice.


def test_repeats_leaks_and_conflicts():
    train = rows("a/O", "b/B-x") + rows("c/O") + rows("a/O", "b/B-x") + rows("a/B-x", "b/O")
    dev = rows("c/O") + rows("a/O") + "# intent = y\n" + rows("c/O") + rows("b/B-x")
    assert told(train, dev, ignored={"once"}) == [
        "train.conll:6: repeat: the same sentence as train.conll:1",
        "train.conll:9: repeat: the same sentence as train.conll:1",
        "train.conll:9: conflict: the same sentence as train.conll:1, but tagged otherwise",
        "dev.conll:1: leak: the sentence also stands in another file, train.conll:4",
        "dev.conll:6: leak: the sentence also stands in another file, train.conll:4",
        "dev.conll:6: conflict: the same sentence as train.conll:4, but tagged otherwise",
    ]


def test_many_conflicts_are_an_error():
    once = "".join(rows(f"w{number}/O") for number in range(50))
    again = "".join(rows(f"w{number}/{'B-x' if number < 5 else 'O'}") for number in range(50))
    fact = "5 of 50 repeated sentences are tagged otherwise than the first time; tag the same words in the same way"
    assert told(once + again, ignored=IDENTITY - {"disagreement"}) == [f"train.conll:101: disagreement: {fact}"]
    assert told(once + again.replace("B-x", "O", 1), ignored=IDENTITY - {"disagreement"}) == []
    more = rows("v/O") * 2  # 5 of 51
    assert told(once + again + more, ignored=IDENTITY - {"disagreement"}) == []


# Other formats.


def test_other_formats_are_checked_as_their_readers_read_them(monkeypatch):
    text = sound(2) + rows("to/O", "york/I-city", "bos\u200bton/O") + sound(2)
    by_line = findings(text)
    monkeypatch.setattr(checks, "COLUMNS", "another")
    assert findings(text, format="conll") == by_line
    assert {found.kind for found in by_line} == {"orphan", "invisible", "repeat"}


def test_the_first_fault_of_a_reader_is_told_and_what_stands_above_is_checked():
    written(sound(1) + rows("york/I-city") + "boston\n" + sound(1))
    read = checks.ParsedFile("train.conll", "conll", TAGGED)
    found = [(each.where, each.kind) for each in Checks()._parsed(read)]
    assert found == [("train.conll:8", "format"), ("train.conll:6", "orphan")]
    plain = next(iter(Checks().file("train.conll", "plain")))
    assert str(plain).startswith("train.conll: format: plain text has no tags; ")
    assert plain.record()["line"] is None


# Whatever is written in a file.

PIECES = [
    *(
        "a",
        "b",
        "é",
        "e\u0301",
        "\u200b",
        "\u200c",
        "\ufeff",
        "\u00a0",
        "\u202f",
        "\u00ad",
        "\u3000",
        "\x00",
        "\x92",
        "\x81",
    ),
    *(
        "Ã©",
        "م",
        "б",
        "\udce9",
        "#",
        "# x",
        "#\u00a0y",
        " ",
        "\t",
        "\t",
        "\t",
        "\r",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\n\n",
        "O\n",
    ),
    *("\tO\n", "\tI-x\n", "\tB-x\n", " I-x\n", "\tE-x\n", "O", "B-x", "I-x", "E-x", "S-x", "B-y", "I-y", "B", "odd"),
]
ANYTHING = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
LINE = st.tuples(
    st.sampled_from(["a", "b", "é", "e\u0301", "a\u200bb", "10\u00a0000", "\u00a0", "x y", " z", "\u200b", "#"]),
    st.sampled_from(["\t", "\t", "\t", " ", "\tN\t", "\u00a0", " \t "]),
    st.sampled_from(["O", "B-x", "I-x", "B-y", "I-y", "E-x", "S-y", "odd", "B-\u200bx", "I-x ", ""]),
    st.sampled_from(["\n", "\n", "\n", "\n\n", "\n\n", "\r\n", "\n# intent = a\u00a0b\n", "\n\n# c\u200b\n"]),
).map("".join)
FILES = ANYTHING | st.lists(LINE, max_size=12).map("".join)
EACH_SCHEME = st.sampled_from([None, *SCHEMES])


@settings(deadline=None, max_examples=400)
@given(FILES)
def test_a_file_without_errors_is_one_that_training_reads(text):
    try:
        read = read_corpus(written(text))
        scheme = detect(sentence.tags for sentence in read)
        for sentence in read:
            check(scheme, sentence)
        fault = None
    except CorpusError as error:
        fault = error
    errors = [found for found in findings(text) if found.severity == "error" and found.kind not in IDENTITY]
    assert bool(errors) == bool(fault)


@settings(deadline=None, max_examples=400)
@given(FILES, EACH_SCHEME)
def test_mending_again_changes_nothing_and_a_line_keeps_its_number(text, scheme):
    copy, changes, _ = mended(text, scheme)
    again, none, _ = mended(copy, scheme)
    assert again == copy
    assert none == []
    before, after = (data.removeprefix("\ufeff").replace("\r\n", "\n").split("\n") for data in (text, copy))
    before[-1] = before[-1].removesuffix("\r")
    places = [number for number, (old, new) in enumerate(zip(before, after, strict=True), 1) if old != new]
    lines = [change for change in changes if change.before != "a byte order mark" and "in all)" not in change.before]
    assert [change.where for change in lines] == [f"train.conll:{number}" for number in places]
    assert [(change.before, change.after) for change in lines] == [(before[n - 1], after[n - 1]) for n in places]


@settings(deadline=None, max_examples=400)
@given(FILES, st.sampled_from(list(SCHEMES)))
def test_what_is_told_of_a_copy_is_what_a_check_of_it_tells(text, scheme):
    copy, _, left = mended(text, scheme)
    assert left == findings(copy, scheme=scheme)


@settings(deadline=None, max_examples=400)
@given(FILES, EACH_SCHEME)
def test_a_copy_is_clean_of_all_that_can_be_mended(text, scheme):
    copy, _, _ = mended(text, scheme)
    lines = copy.split("\n")
    for found in findings(copy, scheme=scheme):
        line = lines[int(found.where.rpartition(":")[2]) - 1]
        words = re.split("[\t ]", line)
        if found.kind == "invisible":  # only what would leave nothing, or spaces that part no columns
            hidden = [word for word in words if word and not characters.repaired(word)]
            assert hidden or re.search("[\u00a0\u2007\u202f]", line)
            assert hidden or "\t" not in line or any(not cell.strip() for cell in line.split("\t"))
        elif found.kind == "control":
            assert "\r" in line or any(word and not characters.repaired(word) for word in words)
        elif found.kind == "spaces":
            assert any(cell and not cell.strip(" ") for cell in line.split("\t"))
        assert found.kind not in ("nfc", "line-ends")


@settings(deadline=None, max_examples=300)
@given(st.data(), st.sampled_from([name for name in SCHEMES if SCHEMES[name].prefixes]), st.booleans())
def test_orphans_get_the_tags_of_the_spans_that_they_write_down(data, name, auto):
    scheme, other = SCHEMES[name], st.sampled_from(["O", "B-x", "I-x", "E-x", "S-x", "L-y", "M-x-z"])
    taggings = data.draw(st.lists(st.lists(st.sampled_from(TAGS[name]) | other, min_size=1, max_size=6), min_size=1))
    copy, _, left = mended(tagged(taggings), None if auto else name)
    assert [found for found in left if found.kind in ("orphan", "scheme")] == []
    read = [sentence.tags for sentence in read_corpus(written(copy))]
    assert [scheme.spans(tags) for tags in read] == [scheme.spans(tags) for tags in taggings]
    if not auto:
        kept = [all(scheme.allowed(*pair) for pair in pairwise((None, *tags, None))) for tags in taggings]
        assert all(new == old for new, old, legal in zip(read, taggings, kept, strict=True) if legal)


def test_a_tag_of_no_scheme_is_left_and_told():
    text = sound(1) + rows("a/I-city", "b/odd", "c/I-city", "d/I-city", "e/B")
    copy, changes, left = mended(text, "bio")
    assert copy == sound(1) + rows("a/B-city", "b/odd", "c/B-city", "d/I-city", "e/B")
    assert [str(change) for change in changes] == [
        "train.conll:6: mended: a\\tI-city -> a\\tB-city",
        "train.conll:8: mended: c\\tI-city -> c\\tB-city",
    ]
    assert [(found.where, found.kind) for found in left if found.kind == "orphan"] == [
        ("train.conll:7", "orphan"),
        ("train.conll:10", "orphan"),
    ]


def test_a_sentence_that_lacks_a_tag_keeps_the_others():
    text = "d\tO\ne\tI-city\n\na\tO\nb\nc\tI-city\nd\tO\ne\tI-city\n"
    assert mended(text, "bio")[0] == text.replace("I-", "B-", 1)


def test_a_copy_never_begins_with_a_byte_order_mark():
    assert mended("\ufeff\ufeff\tO\n" + sound(1))[0] == "\tO\n" + sound(1)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bos\u200bton\u00a0x\tNN\tB-\u200bcity ", "boston x\tNN\tB-city"),
        (" boston \tNN \t O", "boston\tNN \tO"),
        ("boston  NN O", "boston\tNN\tO"),
        ("boston\u00a0NN\u00a0O", "boston\tNN\tO"),
        ("cafe\u0301\t\u200b\tO", "café\t\u200b\tO"),  # what would be empty stays
        (" \tNN\tO", " \tNN\tO"),
        ("a NN \r ", "a NN \r "),  # whose end would become a line end
        ("it\x92s\tN\x00N\tO", "it’s\tNN\tO"),
        ("\u200b", ""),
        ("New York\tO", "New York\tO"),  # columns that nobody can know
        ("see you O x", "see you O x"),
    ],
)
def test_what_a_line_is_mended_to(line, expected):
    text = "a\tNN\tO\n" * 3 + line + "\nb\tNN\tO\n"
    copy, changes, _ = mended(text)
    assert copy.split("\n")[3] == expected
    assert [(change.before, change.after) for change in changes] == ([(line, expected)] if line != expected else [])


def test_spaces_part_the_columns_of_a_copy_where_they_part_all():
    text = "# intent = x\u00a0y\n  go   O\nto\u00a0O\n1\u00a0000 O\nyork  I-city  \n\n#\u00a0O\n\n"
    copy, _, left = mended(text, "bio")
    assert copy == "# intent = x y\n  go   O\nto O\n1\u00a0000 O\nyork  B-city  \n\n#\u00a0O\n\n"
    assert [(found.where[-1], found.kind) for found in left if found.kind not in IDENTITY] == [
        ("4", "invisible"),
        ("7", "invisible"),
        ("7", "columns"),
    ]


@settings(deadline=None, max_examples=300)
@example("# x\x00Ã©", None)
@given(FILES, EACH_SCHEME)
def test_a_file_with_nothing_to_mend_is_copied_byte_for_byte(text, scheme):
    kinds = {found.kind for found in findings(text, scheme=scheme)}
    copy, changes, _ = mended(text, scheme)
    if not kinds & (MENDABLE | {"columns", "tag"}):
        assert copy == text
        assert changes == []


# What is told.


def test_of_many_of_a_kind_the_first_and_the_number_are_shown():
    found = [Finding(f"f:{number}", kind, "x") for kind in ("repeat", "orphan") for number in range(1, 14)]
    digest, every = Digest(), Digest(every=True)
    for each in found:
        digest.add(each)
        every.add(each)
    assert [str(each) for each in digest] == [
        *(f"f:{number}: orphan: x" for number in range(1, 11)),
        "f:11: orphan: and 3 more from here on; --all shows each",
        *(f"f:{number}: repeat: x" for number in range(1, 4)),
        "f:4: repeat: and 10 more from here on; --all shows each",
    ]
    assert list(every) == [*found[13:], *found[:13]]
    assert digest.counts == every.counts == {"repeat": 13, "orphan": 13}
    one_more = Digest()
    for each in found[:4]:
        one_more.add(each)
    assert list(one_more) == found[:4]  # the line that counts one would be no shorter


def test_kinds_are_errors_or_notes():
    assert set(KINDS.values()) == {"error", "note"}
    assert KINDS.keys() >= MENDABLE


def test_a_record_has_the_place_in_parts():
    assert Finding("a:b.conll:7", "leak", "x").record() == {
        "file": "a:b.conll",
        "line": 7,
        "severity": "note",
        "kind": "leak",
        "fact": "x",
        "hint": None,
    }
    assert Change("f:7", "a\tO", "b\tO").record() == {
        "file": "f",
        "line": 7,
        "severity": "change",
        "kind": "mended",
        "before": "a\tO",
        "after": "b\tO",
    }
