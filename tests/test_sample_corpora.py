"""The sample corpora are what make.py writes and what their README says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

CORPORA = Path(__file__).parent.parent / "sample_corpora"
SPLITS = ("train", "dev", "test")
LANGUAGES = ("en", "zh")


def read(path):
    """(intent, [(token, tag), ...]) for each utterance."""
    for block in path.read_bytes().decode().removesuffix("\n\n").split("\n\n"):
        comment, *lines = block.split("\n")
        yield comment.removeprefix("# intent = "), [tuple(line.split("\t")) for line in lines]


def spans(tokens):
    """(slot, (token, ...)) for each span, the tokens in lower case."""
    found = []
    for token, tag in tokens:
        if tag[0] == "B":
            found.append((tag[2:], [token.lower()]))
        elif tag[0] == "I":
            found[-1][1].append(token.lower())
    return [(slot, tuple(words)) for slot, words in found]


def sentence(tokens):
    """The words of an utterance whatever their case and spacing."""
    return "".join(token for token, _ in tokens).lower()


def unseen(corpus, language, split="test"):
    """The share of slot tokens (English) or slot values (Chinese) that train does not have."""
    train = [tokens for _, tokens in corpus["train"]]
    held = [words for _, tokens in corpus[split] for _, words in spans(tokens)]
    if language == "en":
        known = {token.lower() for tokens in train for token, _ in tokens}
        units = [word for words in held for word in words]
    else:
        known = {words for tokens in train for _, words in spans(tokens)}
        units = held
    return sum(unit not in known for unit in units) / len(units)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def corpus(language):
    return {split: list(read(CORPORA / f"assistant_{language}" / f"{split}.conll")) for split in SPLITS}


def test_the_files_are_what_make_writes():
    done = subprocess.run([sys.executable, CORPORA / "make.py", "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_format(language, corpus):
    for split in SPLITS:
        data = (CORPORA / f"assistant_{language}" / f"{split}.conll").read_bytes()
        assert b"\r" not in data
        assert data.endswith(b"\n\n")
        for intent, tokens in corpus[split]:
            assert re.fullmatch("[a-z_]+", intent)
            assert all(len(pair) == 2 and re.fullmatch(r"\S+", pair[0]) for pair in tokens)


def test_every_tag_continues_what_it_says(corpus):
    for split in SPLITS:
        for _, tokens in corpus[split]:
            before = "O"
            for _, tag in tokens:
                assert re.fullmatch("O|[BI]-[a-z_]+", tag)
                assert tag[0] != "I" or before[2:] == tag[2:], tokens
                before = tag


def test_sizes(corpus):
    assert [len(corpus[split]) for split in SPLITS] == [3000, 400, 400]


def test_train_knows_every_slot_and_intent(corpus):
    slots = {split: {slot for _, tokens in corpus[split] for slot, _ in spans(tokens)} for split in SPLITS}
    intents = {split: {intent for intent, _ in corpus[split]} for split in SPLITS}
    assert len(slots["train"]) >= 12
    assert len(intents["train"]) >= 10
    for split in ("dev", "test"):
        assert slots[split] <= slots["train"]
        assert intents[split] <= intents["train"]


def test_no_utterance_comes_twice(corpus):
    lines = [sentence(tokens) for split in SPLITS for _, tokens in corpus[split]]
    assert len(set(lines)) == len(lines)


def test_some_of_test_is_new(language, corpus):
    assert unseen(corpus, language) >= 0.15


def test_a_word_can_be_several_things(language, corpus):
    seen = {}
    for _, tokens in corpus["train"]:
        for slot, words in spans(tokens):
            seen.setdefault(" ".join(words), set()).add(slot)
    seen = {words: slots - {"from_city", "to_city"} for words, slots in seen.items()}
    assert sum(len(slots) > 1 for slots in seen.values()) >= 20
    examples = {"en": ("june", {"person", "date"}), "zh": ("安 阳", {"person", "city"})}
    words, slots = examples[language]
    assert seen[words] >= slots


def test_handwritten_utterances(language, corpus):
    lines = (CORPORA / f"handwritten_{language}.txt").read_text(encoding="utf-8").splitlines()
    lines = [line.split(" | ", 1) for line in lines if line and not line.startswith("#")]
    assert len({text for _, text in lines}) >= 200
    unmarked = [(intent, re.sub(r"\[([^]]+)\]\(\w+\)", r"\1", text)) for intent, text in lines]
    written = {(intent, "".join(text.lower().split())) for intent, text in unmarked}
    assert written <= {(intent, sentence(tokens)) for split in SPLITS for intent, tokens in corpus[split]}


def test_a_chinese_token_is_one_character():
    for split in SPLITS:
        for _, tokens in read(CORPORA / "assistant_zh" / f"{split}.conll"):
            assert all(len(token) == 1 for token, _ in tokens)


def test_the_readme_counts_right(language, corpus):
    readme = (CORPORA / "README.md").read_text(encoding="utf-8")
    for split in SPLITS:
        tokens = sum(len(tokens) for _, tokens in corpus[split])
        found = sum(len(spans(tokens)) for _, tokens in corpus[split])
        share = "–" if split == "train" else f"{unseen(corpus, language, split):.1%}"
        row = f"| `assistant_{language}` | {split} | {len(corpus[split])} | {tokens} | {found} | {share} |"
        assert row in readme
    table = set(re.findall(r"^\| `(\w+)` \|", readme, re.MULTILINE))
    slots = {slot for _, tokens in corpus["train"] for slot, _ in spans(tokens)}
    intents = {intent for intent, _ in corpus["train"]}
    assert slots | intents <= table
    assert table - {"assistant_en", "assistant_zh"} <= slots | intents
