"""Fingerprints of corpora, and the signature of a score."""

from rnntag.data.sentence import Sentence
from rnntag.evaluation.signature import fingerprint, signature


def test_a_fingerprint_is_that_of_tokens_and_tags_alone():
    corpus = [Sentence(["to", "Oslo"], ["O", "B-x"]), Sentence(["hi"], ["O"])]
    dressed = [
        Sentence(["to", "Oslo"], ["O", "B-x"], ["to\tTO", "Oslo\tNNP"], ("# c",), "a.conll", 7),
        Sentence(["hi"], ["O"]),
    ]
    # printf 'to\tO\nOslo\tB-x\n\nhi\tO\n\n' | sha256sum
    assert fingerprint(corpus) == fingerprint(dressed) == "01559fc7"


def test_a_fingerprint_tells_corpora_apart():
    corpora = [
        [Sentence(["a", "b"], ["O", "O"])],
        [Sentence(["a", "b"], ["O", "X"])],
        [Sentence(["a"], ["O"]), Sentence(["b"], ["O"])],
        [Sentence(["b", "a"], ["O", "O"])],
        [Sentence(["a", "O", "b", "O"])],
        [Sentence(["a", "b"])],
        [],
    ]
    assert len({fingerprint(corpus) for corpus in corpora}) == len(corpora)


def test_signature():
    parts = {"rnntag": "0.1.0", "rule": "conlleval", "model": "1f3a9c2e", "corpus": None, "seed": 1}
    assert signature(**parts) == "rnntag 0.1.0 | rule conlleval | model 1f3a9c2e | seed 1"
