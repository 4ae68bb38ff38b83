"""The corpora of running text are what make_punctuation.py writes, and what their README says."""

import importlib
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

CORPORA = Path(__file__).parent.parent / "sample_corpora"
SPLITS = ("train", "dev", "test")
MARKS = {"en": ',.?!;:—"“”', "zh": "，。？！；：、“”《》"}
LONG = {"en": 20, "zh": 5}  # characters of a phrase that is not found by chance
ENDS = re.compile('[.?!…。？！]["”’」』)）]*')  # what a paragraph ends with

sys.path.insert(0, str(CORPORA))
make_punctuation = importlib.import_module("make_punctuation")


def run(*arguments, folder=CORPORA):
    command = [sys.executable, folder / "make_punctuation.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module", params=["en", "zh"])
def language(request):
    return make_punctuation.LANGUAGES[request.param]


@pytest.fixture(scope="module")
def corpus(language):
    """The paragraphs of each split, as they stand in the files."""
    folder = CORPORA / f"punctuation_{language.code}"
    return {split: (folder / f"{split}.txt").read_bytes().decode().removesuffix("\n").split("\n\n") for split in SPLITS}


@pytest.fixture(scope="module")
def sentences(language, corpus):
    return {
        split: [sentence for paragraph in paragraphs for sentence in make_punctuation.sentences(paragraph, language)]
        for split, paragraphs in corpus.items()
    }


@pytest.fixture(scope="module")
def handwritten(language):
    text = (CORPORA / f"running_{language.code}.txt").read_text(encoding="utf-8")
    text = re.sub("^#.*\n", "", text, flags=re.MULTILINE).strip()
    return [block.replace("\n", language.glue) for block in re.split(r"\n\n+", text)]


@pytest.mark.parametrize("codes", [[], ["en"], ["zh"]], ids=str)
def test_the_files_are_what_the_generator_writes(codes):
    done = run("--check", *codes)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def copy(tmp_path):
    """A folder with the generator and the sources of English alone."""
    for name in ("make.py", "make_punctuation.py", "running_en.txt", "phrases_en.txt"):
        shutil.copy(CORPORA / name, tmp_path)
    return tmp_path


def test_the_same_bytes_come_out_anywhere(copy):
    written = "".join(f"punctuation_en/{split}.txt: written\n" for split in SPLITS)
    assert run("en", folder=copy).stdout == written
    for split in SPLITS:
        name = f"punctuation_en/{split}.txt"
        assert (copy / name).read_bytes() == (CORPORA / name).read_bytes()
    assert run("en", folder=copy).stdout == ""
    (copy / "punctuation_en" / "dev.txt").write_text("Something else.\n", encoding="utf-8")
    done = run("en", "--check", folder=copy)
    assert (done.returncode, done.stdout) == (1, "punctuation_en/dev.txt: not what make_punctuation.py writes\n")


def test_a_language_without_sources_is_an_error(copy):
    for arguments in ([], ["zh"], ["--check", "en", "zh"]):
        done = run(*arguments, folder=copy)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", "running_zh.txt is missing\n")
    assert not (copy / "punctuation_en").exists()
    assert run("de").stderr == "usage: python sample_corpora/make_punctuation.py [--check] [en] [zh]\n"


def test_a_handwritten_sentence_in_two_splits_is_an_error(copy):
    running = copy / "running_en.txt"
    blocks = running.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    blocks[1] += " The cat, it seems, can read!"  # the first paragraph, which train takes; comments stand before it
    blocks[3] += " The cat — it seems — can read."
    running.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    done = run("en", folder=copy)
    assert (done.returncode, done.stderr) == (1, "running_en.txt: in train and in dev: the cat it seems can read\n")


@pytest.mark.parametrize(
    ("code", "paragraph", "expected"),
    [
        ("en", "Well, is it late? Yes. He said it.", ["well is it late", "yes", "he said it"]),
        ("en", '"Is it late?" asked Mr. Hill. “It is!” she said. (He knew.)', [
            "is it late asked mr hill", "it is she said", "he knew",
        ]),
        ("en", "In the U.S. it costs 3.5 cents. 40 are enough… Why?", [
            "in the u s it costs 3 5 cents", "40 are enough", "why",
        ]),
        ("zh", "“你来吗？”她问。他说：“我来！”“好。”", ["你来吗 她问", "他说 我来", "好"]),
        ("zh", "下雨了……真的？！我不信。", ["下雨了 真的", "我不信"]),
    ],
)  # fmt: skip
def test_where_sentences_part(code, paragraph, expected):
    assert make_punctuation.sentences(paragraph, make_punctuation.LANGUAGES[code]) == expected


def test_format(language, corpus):
    for split in SPLITS:
        data = (CORPORA / f"punctuation_{language.code}" / f"{split}.txt").read_bytes()
        assert b"\r" not in data
        assert data.endswith(b"\n")
        for paragraph in corpus[split]:
            assert paragraph.isprintable()  # one line
            assert paragraph == " ".join(paragraph.split())
            assert re.search(f"(?:{ENDS.pattern})$", paragraph), paragraph


def test_nothing_of_the_grammar_is_left_and_marks_stand_where_they_may(language, corpus):
    wrong = r"[{}|^_]| [,.;:?!，。；：？！、]|[,;:，；：、]{2}|[,;:，；：、][.?!。？！]"
    if language.code == "en":
        wrong += (
            r"|(?<![\s.])\.\.(?!\.)|[,.;:?!](?=[A-Za-z]{3})|\b(\w+) \1 \1\b|\ba (?!one)[aeio]\w|\ban [^aeiouAEIOUh]"
        )
    for paragraph in (paragraph for split in SPLITS for paragraph in corpus[split]):
        assert not re.search(wrong, paragraph), paragraph
        assert paragraph.count("“") == paragraph.count("”"), paragraph
        assert paragraph.count('"') % 2 == 0, paragraph
        assert paragraph.count("《") == paragraph.count("》"), paragraph
        if language.code == "en":
            assert re.match(r'["“(]?[A-Z\d]', paragraph), paragraph


def test_sizes(language, corpus):
    assert language.sizes["dev"] == language.sizes["test"] == language.sizes["train"] / 10
    for split, size in language.sizes.items():
        found = sum(map(language.size, corpus[split]))
        assert size <= found < size + 250, split


def test_the_text_teaches_every_mark(language, corpus):
    for split in SPLITS:
        counts = Counter("".join(corpus[split]))
        assert all(counts[mark] for mark in MARKS[language.code])


def test_sentences_are_many_and_none_is_in_two_splits(sentences):
    found = {split: set(sentences[split]) for split in SPLITS}
    assert len(found["train"]) >= 3000
    for split in SPLITS:
        assert len(found[split]) >= 0.75 * len(sentences[split])
    assert not found["train"] & found["dev"]
    assert not found["train"] & found["test"]
    assert not found["dev"] & found["test"]


def test_handwritten_paragraphs(language, corpus, handwritten):
    found = {sentence for paragraph in handwritten for sentence in make_punctuation.sentences(paragraph, language)}
    assert len(found) >= 300
    for place, paragraph in enumerate(handwritten):
        assert paragraph in corpus[("train", "train", "dev", "train", "train", "test")[place % 6]]


def test_dev_and_test_have_phrases_of_their_own(language, corpus, handwritten):
    lists = make_punctuation.read_lists(CORPORA / f"phrases_{language.code}.txt", "\n")
    text = {split: "\n".join(paragraphs) for split, paragraphs in corpus.items()}
    grammar = {split: "\n".join(line for of in lists.values() for line in of.get(split, [])) for split in SPLITS}
    for split in ("dev", "test"):
        assert not [name for name, of in lists.items() if set(of["train"]) & set(of.get(split, [])) - {""}]
        others = [other for other in SPLITS if other != split]
        elsewhere = "\n".join([*handwritten, *(grammar[other] for other in others)])
        pieces = {piece for piece in re.split("[{}|^'\"\n]", grammar[split]) if len(piece) > LONG[language.code]}
        own = {piece for piece in pieces if piece not in elsewhere}
        assert sum(piece in text[split] for piece in own) >= 10
        assert not [piece for piece in own for other in others if piece in text[other]]


def test_the_readme_counts_right(language, corpus, sentences):
    readme = (CORPORA / "README.md").read_text(encoding="utf-8")
    for split in SPLITS:
        size = sum(map(language.size, corpus[split]))
        row = f"| `punctuation_{language.code}/{split}.txt` | {len(corpus[split])} | {len(sentences[split])} | {size} |"
        assert row in readme
