"""Tables of tokens: which columns they are, where sentences end, and faults to the letter."""

import pytest
from readers import fault, read, same_at_every_cut, written

from rnntag.errors import CorpusError
from rnntag.formats import Reading

KAGGLE = """\
Sentence #,Word,POS,Tag
Sentence: 1,Flights,NNS,O
,to,TO,O
,Oslo,NNP,B-city
Sentence: 2,Rome,NNP,B-city
"""
EACH = "sent_id;token;label\n1;to;O\n1;Oslo;B-city\n2;Rome;B-city\n"


def pairs(sentences):
    return [list(zip(each.tokens, each.tags or [None] * len(each), strict=True)) for each in sentences]


def noted(text, **reading):
    """The sentences of a table, and what is said of it."""
    told = []
    return read(text, "csv", tell=told.append, **reading), told


def test_a_number_on_the_first_row_of_each_sentence():
    sentences, told = noted(KAGGLE, tagged=True)
    assert pairs(sentences) == [[("Flights", "O"), ("to", "O"), ("Oslo", "B-city")], [("Rome", "B-city")]]
    assert sentences[0].rows == ["Flights\tNNS", "to\tTO", "Oslo\tNNP"]
    assert [sentence.where(1 % len(sentence)) for sentence in sentences] == ["case:3", "case:5"]
    assert told == ["case: tokens are 'Word', tags 'Tag', sentences 'Sentence #'; --tag-column takes another: POS"]


def test_a_number_on_every_row():
    sentences, told = noted(EACH, tagged=True)
    assert pairs(sentences) == [[("to", "O"), ("Oslo", "B-city")], [("Rome", "B-city")]]
    assert told == ["case: tokens are 'token', tags 'label', sentences 'sent_id'"]


def test_texts_and_sentences_are_numbered():
    text = "doc,sent,word,tag\na,1,x,O\n,1,y,O\nb,1,z,O\nb,2,w,O\n"
    sentences, told = noted(text, tagged=True)
    assert [sentence.tokens for sentence in sentences] == [["x", "y"], ["z"], ["w"]]
    assert told == ["case: tokens are 'word', tags 'tag', sentences 'doc' and 'sent'"]


def test_rows_of_empty_cells_part_sentences_as_blank_lines_do():
    for blank in ("", ",", '"",""', " , "):
        found = read(f"word,tag\na,O\n{blank}\n{blank}\nb,O\n", "csv", tagged=True)
        assert [each.tokens for each in found] == [["a"], ["b"]]


@pytest.mark.parametrize("text", [KAGGLE, EACH, "text,tags\n\"['a' 'b\n c']\",\"['O' 'B-x']\"\n"])
def test_it_does_not_matter_where_a_stream_is_cut(text):
    same_at_every_cut(text, "csv", tagged=True)


def test_columns_are_asked_for_by_name_or_number():
    text = "a,b,c,d\n1,x,N,O\n2,y,V,B-z\n"
    for asked in ({"token": "b", "tag": "D", "sentence": "a"}, {"token": "2", "tag": "d", "sentence": "1"}):
        sentences, told = noted(text, tagged=True, **asked)
        assert pairs(sentences) == [[("x", "O")], [("y", "B-z")]]
        assert told == []
    assert pairs(noted(KAGGLE, tag="POS")[0])[1] == [("Rome", "NNP")]


def test_a_table_without_a_header():
    sentences, told = noted("EU,B-ORG\nrejects,O\n", tagged=True)
    assert pairs(sentences) == [[("EU", "B-ORG"), ("rejects", "O")]]
    assert told == ["case: no header, tokens are column 1, tags column 2"]
    sentences, told = noted("x,1,EU\ny,1,in\n", tagged=True, token="3", tag="1")
    assert pairs(sentences) == [[("EU", "x"), ("in", "y")]]
    assert told == ["case: no header, tokens are column 3, tags column 1"]


def test_where_tags_are_not_wanted_they_are_kept():
    sentences, told = noted(KAGGLE)
    assert [sentence.tags for sentence in sentences] == [None, None]
    assert sentences[0].rows[2] == "Oslo\tNNP\tB-city"
    assert told == ["case: tokens are 'Word', sentences 'Sentence #'"]


def test_a_row_may_be_a_sentence():
    for words, tags in (("to New York", "O B-x I-x"), ("\"['to', 'New', 'York']\"", "\"['O', 'B-x', 'I-x']\"")):
        sentences, _ = noted(f"id,sentence,tags\n7,{words},{tags}\n8,hi,O\n", tagged=True)
        assert pairs(sentences) == [[("to", "O"), ("New", "B-x"), ("York", "I-x")], [("hi", "O")]]
    (first, _), _ = noted("text,intent\nto Oslo!,go\nhi,greet\n")
    assert (first.text, first.tokens, first.intent) == ("to Oslo!", ["to", "Oslo!"], "go")


def test_intents_and_numbers_of_tags():
    text = "intent,sent_id,word,tag\ngo,1,to,0\ngo,1,Oslo,1\n"
    (sentence,), _ = noted(text, tagged=True, names=("O", "B-city"))
    assert (sentence.tags, sentence.intent, sentence.rows) == (["O", "B-city"], "go", ["to", "Oslo"])


FAULTS = [
    (
        "Wort,Klasse\na,O\n",
        "1: which column holds the tags? Wort, Klasse\nhint: name it: --tag-column 'Klasse'",
    ),
    (
        "a;b\nx;y\n",
        "1: which column holds the tokens and tags? a, b\nhint: name it: --token-column 'a' --tag-column 'b'",
    ),
    ("word,tag\n,O\n", "2: the token is empty\n    2  ,O"),
    ("word,tag\na,\n", "2: the tag is empty\n    2  a,"),
    ("word,tag\na,b c\n", "2: the tag 'b c' holds white space\n    2  a,b c"),
    ('word,tag\n"a\tb",O\n', "2: a cell holds a TAB or a line end\n    2  a\tb,O"),
    (
        "text,label\nwake me at seven,alarm\n",
        "2: 4 words, but 1 tag: 'alarm'\n    2  wake me at seven\n"
        "hint: a row is a token and its tag, or a sentence and a tag for each of its words",
    ),
    ("text,tags\na b c,O O O\nd e,O\n", "3: 2 words, but 1 tags"),
]


@pytest.mark.parametrize(("text", "message"), FAULTS, ids=range(len(FAULTS)))
def test_faults(text, message):
    assert fault(text, "csv", tagged=True) == f"case:{message}"


def test_columns_that_are_not_there():
    assert fault(KAGGLE, "csv", token="Wort") == (
        "case:1: no column is called 'Wort'\nhint: there are: Sentence #, Word, POS, Tag"
    )
    assert fault(KAGGLE, "csv", tag="9") == "case:1: column 9 is asked for, of 4\nhint: columns are counted from 1"
    assert fault(KAGGLE, "csv", tag="Word") == "case:1: 'Word' is asked for twice"


def test_a_sentence_with_a_faulty_row_is_left_out_as_a_whole_and_none_else():
    text = "s,word,tag\n1,a,O\n2,b,O\n2,c\n2,d,O\n3,e,O\n4,,O\n5,f,O\n"
    faults: list[CorpusError] = []
    sentences = read(text, "csv", tagged=True, skip=faults.append, sentence="s")
    assert [each.tokens for each in sentences] == [["a"], ["e"], ["f"]]
    assert [error.where for error in faults] == ["case:4", "case:7"]
    assert Reading().skip is None


def test_nobody_knows_whose_row_is_missing_at_a_border():
    sentences = read("s,word,tag\n1,a,O\nx\n2,b,O\n3,c,O\n", "csv", tagged=True, skip=lambda error: None, sentence="s")
    assert [each.tokens for each in sentences] == [["c"]]


def test_what_is_written_is_read_again():
    text = '# intent = go\nto\tTO\tO\n"\t``\tO\nNew York\tNNP\tB-city\n\nhi\tUH\tO\n\n'
    sentences = read(text, "conll", tagged=True)
    table = written(sentences, "csv")
    found = read(table, "csv", tagged=True)
    assert [(each.tokens, each.tags, each.rows) for each in found] == [
        (each.tokens, each.tags, each.rows) for each in sentences
    ]
    assert [each.intent for each in found] == ["go", None]
    assert written([each.with_tags(each.tags) for each in read(KAGGLE, "csv", tagged=True)], "csv") == (
        "sentence,token,column 2,tag\n1,Flights,NNS,O\n1,to,TO,O\n1,Oslo,NNP,B-city\n2,Rome,NNP,B-city\n"
    )
    assert written(read("to Oslo\n\nhi\n", "plain"), "csv") == "sentence,token\n1,to\n1,Oslo\n2,hi\n"


def test_a_table_has_one_header():
    sentences = read("a\tO\n\nb\tO\n", "conll", tagged=True) + read("a\tX\tO\n", "conll", tagged=True)
    with pytest.raises(CorpusError) as caught:
        written(sentences, "csv")
    fact = "has other columns than the first sentence, and a table has one header"
    assert str(caught.value) == f"case:1: {fact}"


def test_an_intent_is_not_lost_for_want_of_a_column():
    sentences = read("a\tO\n\n# intent = go\nb\tO\n", "conll", tagged=True)
    with pytest.raises(CorpusError, match=r"^case:4: has other columns than the first sentence"):
        written(sentences, "csv")


def test_texts_and_intents_without_tags():
    sentences, told = noted("id;text;intent\n1;wake me;alarm\n2;hi;\n", tagged=True)
    assert [(each.tokens, each.tags, each.intent) for each in sentences] == [
        (["wake", "me"], ["O", "O"], "alarm"),
        (["hi"], ["O"], None),
    ]
    assert told == ["case: tokens are 'text', intents 'intent', and no word has a tag"]
