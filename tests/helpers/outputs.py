"""Sentences that are written to an output."""

from readers import BIO

from rnntag.data.sentence import Sentence
from rnntag.formats.output import Output

SENTENCES = [Sentence(["to", "Oslo"], ["O", "B-city"], source="a"), Sentence(["ö"], ["O"], source="b")]


def write(path, sentences=SENTENCES, format="conll"):
    """Write sentences one by one, to standard output if the path is None."""
    with Output(format, BIO, None if path is None else str(path)) as out:
        for sentence in sentences:
            out.write([sentence])
