"""What is written is what CRF++ writes."""

from readers import certain, read, write_fault, written

from rnntag.data.sentence import Sentence

# CRF++


def test_crfpp_is_what_crf_test_writes():
    (given,) = read("# intent = x\nto\tTO\nOslo\tNNP\n", "conll")
    assert written(given, "crfpp") == "to\tTO\nOslo\tNNP\n\n"
    tags = ["O", "B-city"]
    assert written(given.with_tags(tags), "crfpp") == "to\tTO\tO\nOslo\tNNP\tB-city\n\n"
    found = given.with_tags(tags, None, certain(tags))
    assert written(found, "crfpp") == "# 0.478113\nto\tTO\tO/0.991234\nOslo\tNNP\tB-city/0.482190\n\n"
    ranked = given.with_tags(tags, None, certain(tags, rank=0))
    assert written(ranked, "crfpp").startswith("# 0 0.478113\nto\t")
    assert written(Sentence(["a", "b"], ["O", "O"], text="ab"), "crfpp") == "a\tO\nb\tO\n\n"
    assert written(Sentence([], []), "crfpp") == "\n"


def test_crfpp_parts_at_spaces():
    (given,) = read("a\tb\nnew york\tc\n", "conll")
    assert write_fault(given, "crfpp") == (
        "case:2: 'new york\tc' holds a space\nhint: CRF++ parts columns at spaces as well as at TABs"
    )
