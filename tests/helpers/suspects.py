"""Corpora of a few lines, and the warnings about them."""

from rnntag.corpora.warnings import suspicions
from rnntag.data.bio import SCHEMES, detect
from rnntag.data.sentence import Sentence


def corpus(lines, source="train.conll"):
    """Sentences of ``word/TAG word/TAG`` lines, an intent behind a TAB, placed as in a file; ~ is a space."""
    sentences, line = [], 1
    for text in lines:
        text, _, intent = text.partition("\t")
        pairs = [pair.rsplit("/", 1) for pair in text.split(" ")]
        tokens, tags = [token.replace("~", " ") for token, _ in pairs], [tag for _, tag in pairs]
        sentences.append(Sentence(tokens, tags, tokens, (), source, line, intent or None))
        line += len(tokens) + 1
    return sentences


def sound(count, name="p"):
    """Lines that differ in digits alone, which are one word to the network, and have nothing wrong."""
    return [f"go/O to/O {name}{number:03}/B-city hall/I-city now/O" for number in range(count)]


def told(train, dev=(), scheme=None):
    train, dev = corpus(train), corpus(dev or sound(3, "q"), "dev.conll")
    return suspicions(train, dev, SCHEMES[scheme] if scheme else detect(sentence.tags for sentence in train))
