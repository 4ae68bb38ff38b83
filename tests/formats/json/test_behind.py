"""Behind a broken object reading goes on where the next one begins, and nowhere else."""

import pytest

from rnntag.formats.json.behind import behind


def rest(text, margin="", in_array=True, whole=True):
    """What stands behind the first object, where reading goes on."""
    found = behind(text, text.index("{"), margin, in_array, whole)
    return None if found is None else (text[found[0] :], found[1])


@pytest.mark.parametrize(
    "broken",
    [
        '{"a": oops}',
        '{"a": 1 "b": [2}, 3]}'.replace("2}", "2"),
        '{"text": "said "hi" to", "n": {"a": ["}"]}}',
        '{"a": "\\"}", }',
        "{a: {b: [{}]}}",
    ],
)
def test_brackets_that_close_end_it(broken):
    for text in (f"{broken}, {{}}]", f"[{broken}]"):
        assert rest(text, "[") == (text[text.index(broken) + len(broken) :], False)
    assert rest(f"{broken}\n[{{}}]", in_array=False) == ("\n[{}]", False)


def test_what_follows_must_be_what_can_follow():
    assert rest('{"a" 1} "b": 2}, {}]', "[") is None
    assert rest('{"a" 1}', "[") == ("", False)
    assert rest('{"a" 1}', "[", whole=False) is None  # it is not there yet
    assert rest('{"a" [1}, {}]', "[") is None  # closed by the wrong bracket


def test_without_brackets_that_close_the_next_line_of_an_array_begins_the_next():
    lines = '{"text": "abc},\n{"text": "x"}]'
    assert rest(lines) == ('{"text": "x"}]', True)
    assert rest(lines, " ") is None  # that one stands nearer to the margin
    assert rest(lines, "[") is None  # it does not begin its line
    assert rest(lines.replace("},", "}"), in_array=True) is None  # no comma parts them
    assert rest('{"text": "abc}\n{"text": "x"}', in_array=False) == ('{"text": "x"}', False)


def test_a_line_nearer_to_the_margin_is_no_next():
    indented = ' {\n  "a": {"b": 1,\n  "n": [\n   {},\n   {}\n  ]\n },\n {\n  "a": 1\n }\n]'
    assert rest(indented) == (indented[indented.rindex("{") :], True)
    flat = '{\n"a": oops,\n"n": [\n{},\n{}\n]\n},\n{}\n]'
    assert rest(flat) == (",\n{}\n]", False)
    assert rest(flat[:22]) is None
