"""Whatever a record holds, reading it ends in a record or a fault."""

import pytest
from json_cases import JSON, LINE
from readers import fault, read, survives, write_fault, written

from rnntag.data.sentence import Sentence
from rnntag.data.tokenisation import Cut
from rnntag.formats.charspans import annotated


def test_blank_lines_are_passed_over_and_counted():
    places = [sentence.where() for sentence in read('\n{"text": "a"}\n \n\n{"text": "b"}', "jsonl")]
    assert places == ["case:2", "case:5"]


# Faults

NUMBER = "9" * 5000


@pytest.mark.parametrize("name", JSON)
def test_a_number_of_too_many_digits_is_a_fault_or_none(name):
    line = written(annotated("a", [], Cut(True), "case", 1), name).rstrip()
    assert survives(read, f'{line[:-1]}, "n": {NUMBER}}}', name) in (True, False)


def test_of_a_long_line_only_what_is_around_the_fault_is_quoted():
    assert fault(f'{{"text": "{"a" * 90}" {"b" * 90}}}', "jsonl") == (
        f"case:1: not JSON at column 103: expecting ',' delimiter\n    1  …{'a' * 38}\" {'b' * 40}…\n{LINE}"
    )


@pytest.mark.parametrize("name", JSON)
def test_fields_that_lie_too_deep_to_be_written_are_a_fault(name):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    sentence = Sentence(["a"], ["O"], source="case", line=3, fields={"x": deep})
    assert write_fault(sentence, name) == "case:3: arrays or objects lie too deep in one another"
