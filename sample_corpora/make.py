"""Write the sample corpora: `python sample_corpora/make.py`; with --check, only compare.

    lexicon_xx.txt ─┐
    templates_xx.txt ─→ expand ─→ "play [Slow Train](song)" ─→ parse ─→ dress ─→ assistant_xx/*.conll
    handwritten_xx.txt ───────────────────↗

Everything random comes from one seeded generator per language, so the files are the same on every machine.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

HERE = Path(__file__).parent
SEED = "rnntag 1"
SIZES = {"train": 3000, "dev": 400, "test": 400}

T = TypeVar("T")
Tokens = list[tuple[str, str]]
Lists = dict[str, dict[str, list[str]]]  # name -> split -> entries


class Utterance(NamedTuple):
    intent: str
    tokens: Tokens  # (token, BIO tag) pairs


@dataclass(frozen=True)
class Language:
    code: str
    tokenize: Callable[[str], list[str]]
    dress: Callable[[Tokens, Random], Tokens]
    glue: str  # what stands between an opening or a closing and the sentence
    new_values: float  # how often dev and test take a word of their own, where there is one
    new_phrasings: float  # and how often a phrasing


def pick(rng: Random, choices: list[T]) -> T:
    # Not Random.choice: of all its methods only random() is promised to stay the same in later Pythons.
    return choices[int(rng.random() * len(choices))]


# --- From a template to an utterance


def read_lists(path: Path, separator: str) -> Lists:
    """Read the sections of a lexicon or of a file of templates."""
    parser = ConfigParser(delimiters="=", comment_prefixes="#", interpolation=None)
    parser.read(path, encoding="utf-8")

    def split_entries(text: str) -> list[str]:
        return [entry.strip() for entry in text.strip("\n").split(separator)]

    return {name: {split: split_entries(text) for split, text in parser[name].items()} for name in parser.sections()}


def entries(of: dict[str, list[str]], split: str, rng: Random, novelty: float) -> list[str]:
    """The entries a split may draw from this time: train's, or now and then its own."""
    own = split != "train" and split in of and rng.random() < novelty
    return of[split if own else "train"]


def expand(template: str, draw: Callable[[str], str]) -> str:
    """Replace each {…} of a template, the innermost first, and [name] by [{name}](name)."""
    text = re.sub(r"\[(\w+)\](?!\()", r"[{\1}](\1)", template)
    while found := re.search(r"\{([^{}]*)\}", text):
        text = text[: found.start()] + draw(found[1]) + text[found.end() :]
    return text


def parse(text: str, tokenize: Callable[[str], list[str]]) -> Tokens:
    """Split an inline text such as "play [Slow Train](song)" into tokens with their tags."""
    tokens: Tokens = []
    # Splitting at two groups leaves plain text, slot text, slot name, plain text, ...
    pieces = re.split(r"\[([^]]+)\]\((\w+)\)", text)
    for place in range(0, len(pieces), 3):
        tokens += [(token, "O") for token in tokenize(pieces[place])]
        if place + 1 < len(pieces):
            words, slot = tokenize(pieces[place + 1]), pieces[place + 2]
            tokens += [(word, f"{'I' if i else 'B'}-{slot}") for i, word in enumerate(words)]
    return tokens


def spans(tokens: Tokens) -> list[tuple[str, str]]:
    """The (slot, value) pairs of an utterance, in order."""
    found: list[tuple[str, str]] = []
    for token, tag in tokens:
        if tag.startswith("B-"):
            found.append((tag[2:], token))
        elif tag.startswith("I-"):
            found[-1] = (tag[2:], f"{found[-1][1]} {token}")
    return found


# --- How people type


def tokenize_en(text: str) -> list[str]:
    """Words, with 's and the punctuation at a word's end apart."""
    end = r"(?:'s|\.\.\.|[,.?!:])(?=\s|$)"
    return re.findall(rf"{end}|(?:(?!{end})\S)+", text)


def tokenize_zh(text: str) -> list[str]:
    return [character for character in text if not character.isspace()]


def dress_en(tokens: Tokens, rng: Random) -> Tokens:
    """Mostly lower case without a full stop; now and then as at school; a few typos."""
    if rng.random() < 0.25:
        (first, tag), *rest = tokens
        tokens = [(first[0].upper() + first[1:], tag), *rest]
        tokens = [("I" + token[1:] if re.match(r"i(?!\w)", token) else token, tag) for token, tag in tokens]
        return tokens if tokens[-1][0] in ".?!" else [*tokens, (".", "O")]
    if tokens[-1][0] in ".?!" and rng.random() < 0.7:
        tokens = tokens[:-1]
    tokens = [(token.lower(), tag) for token, tag in tokens]
    if rng.random() < 0.05:
        long = [place for place, (token, _) in enumerate(tokens) if len(token) > 3 and token.isalpha()]
        if long:
            place = pick(rng, long)
            token, tag = tokens[place]
            tokens[place] = (misspell(token, rng), tag)
    return tokens


def misspell(word: str, rng: Random) -> str:
    """Drop, double or swap a letter inside a word."""
    i = 1 + int(rng.random() * (len(word) - 2))
    before, letter, after = word[:i], word[i], word[i + 1 :]
    return before + pick(rng, [after, letter + letter + after, after[0] + letter + after[1:]])


# What a pinyin keyboard gives instead, when one is in a hurry.
SOUNDALIKES = dict(zip("的吗定订在那哪帮个调做点放", "得嘛订定再哪那邦各掉作店方", strict=True))


def dress_zh(tokens: Tokens, rng: Random) -> Tokens:
    """Mostly without punctuation at the end; a few homophones of the right character."""
    if tokens[-1][0] in "。？！" and rng.random() < 0.5:
        tokens = tokens[:-1]
    elif tokens[-1][0] not in "。？！" and rng.random() < 0.15:
        tokens = [*tokens, ("？" if tokens[-1][0] in "吗没呢不啥" else "。", "O")]
    if rng.random() < 0.2:  # commas are a matter of taste
        tokens = [pair for pair in tokens if pair != ("，", "O")]
    if rng.random() < 0.05:
        odd = [place for place, (token, tag) in enumerate(tokens) if token in SOUNDALIKES and tag == "O"]
        if odd:
            place = pick(rng, odd)
            tokens[place] = (SOUNDALIKES[tokens[place][0]], "O")
    return tokens


LANGUAGES = [
    Language("en", tokenize_en, dress_en, glue=" ", new_values=0.35, new_phrasings=0.1),
    Language("zh", tokenize_zh, dress_zh, glue="", new_values=0.22, new_phrasings=0.1),
]


# --- The corpora


def handwritten(language: Language) -> dict[str, list[Utterance]]:
    """The utterances written by hand: of every six in a row four go to train, one to dev, one to test."""
    lines = (HERE / f"handwritten_{language.code}.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line and not line.startswith("#")]
    corpus: dict[str, list[Utterance]] = {split: [] for split in SIZES}
    for number, line in enumerate(lines):
        intent, text = line.split(" | ", 1)
        corpus[("train", "train", "dev", "train", "train", "test")[number % 6]].append(
            Utterance(intent, parse(text, language.tokenize))
        )
    return corpus


class Grammar:
    """The templates and the lexicon of a language, from which utterances are drawn."""

    def __init__(self, language: Language, rng: Random) -> None:
        self.language, self.rng = language, rng
        self.lexicon = read_lists(HERE / f"lexicon_{language.code}.txt", ";")
        self.templates: dict[str, list[str]] = {split: [] for split in SIZES}
        for intent, phrasings in read_lists(HERE / f"templates_{language.code}.txt", "\n").items():
            for split, lines in phrasings.items():
                self.templates[split] += [f"{intent} | {line}" for line in lines if line]

    def draw(self, name: str, split: str) -> str:
        """What {name} or {one|other} stands for."""
        if "|" in name:
            return pick(self.rng, name.split("|"))
        return pick(self.rng, entries(self.lexicon[name], split, self.rng, self.language.new_values))

    def utterance(self, split: str) -> Utterance:
        rng, glue = self.rng, self.language.glue
        template = pick(rng, entries(self.templates, split, rng, self.language.new_phrasings))
        intent, text = template.split(" | ", 1)
        if rng.random() < 0.12:
            text = "{opening}" + glue + text
        if rng.random() < 0.1 and not text.endswith("?"):
            text += glue + "{closing}"
        text = expand(text, lambda name: self.draw(name, split))
        return Utterance(intent, self.language.dress(parse(text, self.language.tokenize), rng))


def build(language: Language) -> dict[str, list[Utterance]]:
    """All splits of a language: the handwritten utterances, filled up from the grammar, then shuffled."""
    rng = Random(f"{SEED} {language.code}")
    grammar = Grammar(language, rng)
    corpus = handwritten(language)
    seen = {plain(utterance) for utterances in corpus.values() for utterance in utterances}
    for split, size in SIZES.items():
        while len(corpus[split]) < size:
            utterance = grammar.utterance(split)
            values = [value for _, value in spans(utterance.tokens)]
            # Nobody flies from Rome to Rome, and no sentence may be in two splits.
            if len(set(values)) == len(values) and plain(utterance) not in seen:
                corpus[split].append(utterance)
                seen.add(plain(utterance))
        corpus[split].sort(key=lambda _: rng.random())
    return corpus


def plain(utterance: Utterance) -> str:
    """What counts as the same utterance: its words, whatever their case and the punctuation."""
    return " ".join(token.lower() for token, _ in utterance.tokens if re.search(r"\w", token))


def conll(utterances: list[Utterance]) -> str:
    return "".join(
        f"# intent = {intent}\n" + "".join(f"{token}\t{tag}\n" for token, tag in tokens) + "\n"
        for intent, tokens in utterances
    )


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        sys.exit("usage: python sample_corpora/make.py [--check]")
    stale = []
    for language in LANGUAGES:
        for split, utterances in build(language).items():
            path = HERE / f"assistant_{language.code}" / f"{split}.conll"
            data = conll(utterances).encode()
            if path.exists() and path.read_bytes() == data:
                continue
            stale.append(path)
            if not arguments:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(data)
    for path in stale:
        print(f"{path.relative_to(HERE)}: {'not what make.py writes' if arguments else 'written'}")
    return 1 if arguments and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
