"""Bigrams: which are known, and that they teach what they alone tell."""

from bigrams import SPEC, corpus, trained
from trainings import trainer

from rnntag.features.neighbours import BigramIndex, frequent_bigrams
from rnntag.features.table import BIGRAMS, END, WORDS
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.file import load_model, save_model
from rnntag.network.spec import Spec
from rnntag.tagging.tagger import Tagger

SENTENCES = [["A", "b", "a"], ["a", "b"], ["b"], ["a", "b", "c"], []]


def test_bigrams_are_known_if_they_stand_three_times_under_any_case_and_digits():
    assert frequent_bigrams(SENTENCES) == ["\ta", "a\tb"]
    assert frequent_bigrams([["7", "B"], ["8", "b"], ["9", "b"]]) == ["\t0", "0\tb", "b\t"]


def test_a_word_has_a_number_if_it_is_in_a_bigram_under_any_case_and_digits():
    index = BigramIndex(Vocabulary(["a\tb", "\t0"], frozen=True))
    assert index.word("A") == index.word("a") > 0
    assert index.word("7") == index.word("0") > 0
    assert len({index.word(token) for token in "ab0"}) == 3
    assert (index.word(""), index.word(END), index.word("c")) == (0, 0, -1)


def test_training_on_characters_takes_bigrams_by_itself():
    assert trained(Spec(hidden=8, embedding=8)).spec.features == (*WORDS, *BIGRAMS)


def test_what_only_the_neighbour_tells_is_learnt_from_the_bigram(tmp_path):
    """A window of no neighbours reads the bigram alone."""
    spec = Spec(cell="window", window=0, hidden=8, embedding=8, decoder="softmax", features=("word", "before"))
    model = trained(spec, epochs=20, dropout=0.0)
    save_model(model, tmp_path / "model")
    tags = Tagger(load_model(tmp_path / "model")).tags([list("xyx"), list("zxz"), ["x"]])
    assert tags == [["NO", "YES", "NO"], ["NO", "NO", "YES"], ["NO"]]


def test_the_same_bytes_on_one_thread_and_on_two(tmp_path):
    saved = []
    for threads in (1, 2):
        one = trainer(corpus(), spec=SPEC, threads=threads)
        list(one.run())
        save_model(one.model, tmp_path / "model")
        saved.append((tmp_path / "model").read_bytes())
    assert saved[0] == saved[1]
