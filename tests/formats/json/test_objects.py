"""Objects are read as they arrive, in an array or one after another, in linear time."""

import io
import json

from hypothesis import given
from hypothesis import strategies as st
from json_cases import TASKS
from readers import fault, read

from rnntag import formats
from rnntag.formats.json import objects as stream

SPREAD = ("\n", " ", "\n\n\t", "")


@given(
    st.lists(st.tuples(st.text(max_size=9), st.sampled_from(SPREAD)), max_size=5),
    st.sampled_from((None, 0, 2)),
    st.data(),
)
def test_tasks_stand_in_an_array_or_one_after_another(cases, indent, data):
    tasks = [json.dumps({"data": {"text": text}, "n": [{}, "}]{["]}, indent=indent) for text, _ in cases]
    spaces = [space for _, space in cases]
    one = "".join(task + space for task, space in zip(tasks, spaces, strict=True))
    many = "".join(
        f"{space},{space}{task}" if index else task
        for index, (task, space) in enumerate(zip(tasks, spaces, strict=True))
    )
    for text in (one, f"[{many}]", f"\n[\n{many} ]\n[ ]", f"{one}[{many}]{one}"):
        step = data.draw(st.integers(1, 40))
        found = read(text, "label-studio", step)
        repeated = 3 if text.startswith(f"{one}[") and len(text) > len(one) + len(many) + 1 else 1
        assert [sentence.text for sentence in found] == [text for text, _ in cases] * repeated
        lines = [text.count("\n", 0, place) + 1 for place in range(len(text)) if text.startswith("{", place)]
        assert [sentence.line for sentence in found] == sorted(sentence.line for sentence in found)
        assert all(sentence.line in lines for sentence in found)


def test_an_array_is_read_as_it_arrives_and_an_object_of_any_size_in_linear_time(monkeypatch):
    decode, work = stream._decode, []

    def counted(text, place):
        work.append(len(text) - place)
        return decode(text, place)

    monkeypatch.setattr(stream, "_decode", counted)
    objects = stream.ObjectStream("case", "")
    large = json.dumps({"data": {"text": "a"}, "n": [[str(number)] for number in range(3000)]}, indent=1).split("\n")
    small = json.dumps({"data": {"text": "]}"}, "n": '"[[{{'}, indent=1).split("\n")
    assert list(objects.feed(1, ["["])) == []
    for number, line in enumerate(large):
        assert len(list(objects.feed(2 + number, [line]))) == (number == len(large) - 1)
    assert sum(work) < 3 * sum(map(len, large))
    assert (objects.begun, objects.size) == ([], 0)
    for _ in range(3):
        found = [len(list(objects.feed(1, [line]))) for line in (",", *small)]
        assert found == [0] * len(small) + [1]
    assert list(objects.feed(1, ["]"])) == list(objects.close()) == []


def test_of_an_array_in_one_line_no_more_is_held_than_of_many():
    one = json.dumps({"data": {"text": "a } b"}, "n": '"]}'})
    source = io.BytesIO(f"[{', '.join([one] * 40_000)}]".encode())
    held = 0
    for burst in formats.read(source, "case", "label-studio"):
        held = max(held, len(burst))
    assert 4000 < held < 8000


def test_a_fault_in_an_array_is_told_with_its_line():
    text = '[\n{"data": {"text": "a"}},\n\n{"data":\n {"text": "b" "c"}}]'
    assert fault(text, "label-studio") == (
        f'case:5: not JSON at column 15: expecting \',\' delimiter\n    5   {{"text": "b" "c"}}}}\n{TASKS}'
    )
    assert fault("\n\n[{}", "label-studio") == f"case:3: a task without text\n{TASKS}"


def test_pairs_stand_in_an_array_or_one_after_another():
    pair = '["to Oslo",\n {"entities": [[3, 7, "city"]]}]'
    for text in (f"[\n{pair},\n{pair}]", f"[{pair}, {pair}]", f"{pair}\n{pair}\n"):
        found = read(text, "jsonl", 3, tagged=True)
        assert [sentence.tags for sentence in found] == [["O", "B-city"]] * 2
    assert fault('[["a", 1]]', "jsonl", tagged=True) == (
        "case:1: an array stands where an object is needed\nhint: an array holds objects, one a sentence"
    )
