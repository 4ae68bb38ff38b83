"""Write the corpora of running text: `python sample_corpora/make_punctuation.py [--check] [en] [zh]`.

    phrases_xx.txt ─→ expand ─→ dress ─┐
    running_xx.txt ────────────────────→ punctuation_xx/*.txt

A paragraph a line, a blank line between two. Without a language both are written; with --check they are only compared.
Everything random comes from one seeded generator per language, so the files are the same on every machine.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from make import entries, expand, pick, read_lists

HERE = Path(__file__).parent
SEED = "rnntag text 1"
START = "paragraph"  # the section of phrases_xx.txt that everything grows from
NOVELTY = 0.2  # how often dev and test take an entry of their own, where there is one
TRIES = 20_000  # paragraphs in a row that may be turned down, before a grammar is said to be too small


@dataclass(frozen=True)
class Language:
    code: str
    sizes: dict[str, int]  # what each split holds at least, in words or characters
    size: Callable[[str], int]
    boundary: re.Pattern[str]  # what parts two sentences
    dress: Callable[[str, Random], str]
    glue: str  # what stands in place of a line feed within a paragraph


# --- How people write


def dress_en(text: str, rng: Random) -> str:
    """Capitals where a ^ asks for them, and now and then curly quotation marks and apostrophes."""
    text = re.sub(r"\^(.)", lambda found: found[1].upper(), text)
    if rng.random() < 0.3:
        text = re.sub(r'(?<![^\s(—])"', "“", text).replace('"', "”").replace("'", "’")
    return text


def as_it_is(text: str, rng: Random) -> str:
    return text


def words(text: str) -> int:
    return len(text.split())


def characters(text: str) -> int:
    return len("".join(text.split()))


LANGUAGES = {
    "en": Language(
        "en",
        {"train": 45_000, "dev": 4_500, "test": 4_500},
        words,
        re.compile(
            r"""(?:(?<=[.?!…])|(?<=[.?!…]["”)]))(?<!\bM[rs]\.)(?<!\bMrs\.)(?<!\b[DS][rt]\.)\s+(?=["“(]?[A-Z\d])"""
        ),
        dress_en,
        glue=" ",
    ),
    "zh": Language(
        "zh",
        {"train": 70_000, "dev": 7_000, "test": 7_000},
        characters,
        # “你来吗？”她问。 is one sentence, “我来。”“好。” are two.
        re.compile("(?<=[。？！])(?![。？！…”’」』）])|(?<=[。？！][”」])(?=[“「])"),
        as_it_is,
        glue="",
    ),
}


# --- The corpora


def handwritten(language: Language) -> dict[str, list[str]]:
    """The paragraphs written by hand: of every six in a row four go to train, one to dev, one to test."""
    lines = (HERE / f"running_{language.code}.txt").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line.strip() for line in lines if not line.startswith("#")).strip()
    corpus: dict[str, list[str]] = {split: [] for split in language.sizes}
    for number, paragraph in enumerate(re.split(r"\n\n+", text)):
        split = ("train", "train", "dev", "train", "train", "test")[number % 6]
        corpus[split].append(paragraph.replace("\n", language.glue))
    return corpus


class Grammar:
    """The phrases of a language, from which paragraphs are drawn."""

    def __init__(self, language: Language, rng: Random) -> None:
        self.language, self.rng = language, rng
        lists = read_lists(HERE / f"phrases_{language.code}.txt", "\n")
        self.phrases = {
            name: {split: [line for line in lines if line] for split, lines in of.items()} for name, of in lists.items()
        }

    def paragraph(self, split: str) -> str:
        said: set[str] = set()

        def unsaid(choices: list[str]) -> list[str]:
            return [choice for choice in choices if choice not in said]

        def draw(name: str) -> str:
            """What {name} or {one|other} stands for; nothing comes twice in a paragraph if there is something else."""
            if "|" in name:
                choices = others = name.split("|")
            else:
                choices, others = entries(self.phrases[name], split, self.rng, NOVELTY), self.phrases[name]["train"]
            chosen = pick(self.rng, unsaid(choices) or unsaid(others) or choices)
            said.add(chosen)
            return chosen

        return self.language.dress(expand(f"{{{START}}}", draw), self.rng)


def sentences(paragraph: str, language: Language) -> list[str]:
    """The sentences of a paragraph as far as they count as the same: their words, whatever their case and the marks."""
    parts = [re.sub(r"\W+", " ", part).strip().lower() for part in language.boundary.split(paragraph)]
    return [part for part in parts if part]


def build(language: Language) -> dict[str, list[str]]:
    """All splits of a language: the handwritten paragraphs, filled up from the grammar, then shuffled."""
    rng = Random(f"{SEED} {language.code}")
    grammar = Grammar(language, rng)
    corpus = handwritten(language)
    home: dict[str, str] = {}  # each sentence to its split
    for split, paragraphs in corpus.items():
        for sentence in (sentence for paragraph in paragraphs for sentence in sentences(paragraph, language)):
            if home.setdefault(sentence, split) != split:
                sys.exit(f"running_{language.code}.txt: in {home[sentence]} and in {split}: {sentence}")
    for split, size in language.sizes.items():
        missing, tries = size - sum(map(language.size, corpus[split])), 0
        while missing > 0:
            paragraph = grammar.paragraph(split)
            found = sentences(paragraph, language)
            # No sentence may be in two splits, and a paragraph must say more that is new than what has been said.
            strange = any(home.get(sentence, split) != split for sentence in found)
            if strange or 2 * sum(sentence in home for sentence in found) >= len(found):
                tries += 1
                if tries == TRIES:
                    sys.exit(f"phrases_{language.code}.txt: nothing new to say after {size - missing} of {split}")
                continue
            corpus[split].append(paragraph)
            home |= dict.fromkeys(found, split)
            missing, tries = missing - language.size(paragraph), 0
        corpus[split].sort(key=lambda _: rng.random())
    return corpus


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    codes = [argument for argument in arguments if argument != "--check"] or list(LANGUAGES)
    if not LANGUAGES.keys() >= set(codes):
        sys.exit("usage: python sample_corpora/make_punctuation.py [--check] [en] [zh]")
    for name in [f"{kind}_{code}.txt" for code in codes for kind in ("running", "phrases")]:
        if not (HERE / name).exists():
            sys.exit(f"{name} is missing")
    stale = []
    for language in map(LANGUAGES.__getitem__, codes):
        for split, paragraphs in build(language).items():
            path = HERE / f"punctuation_{language.code}" / f"{split}.txt"
            data = ("\n\n".join(paragraphs) + "\n").encode()
            if path.exists() and path.read_bytes() == data:
                continue
            stale.append(path)
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(data)
    for path in stale:
        print(f"{path.relative_to(HERE)}: {'not what make_punctuation.py writes' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
