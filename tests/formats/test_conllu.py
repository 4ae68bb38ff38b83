"""CoNLL-U: what comes in comes out, to the byte; text, tags and lines as they are meant."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readers import BIO, facts, fault, mutants, read, same_at_every_cut, survives, write_fault, written

from rnntag.data.bio_check import check
from rnntag.data.sentence import Certainty, Sentence
from rnntag.errors import CorpusError
from rnntag.features.keys import Shown

SPANISH = """\
# newdoc
# sent_id = es-1
# text = Vámonos al mar (10 000).
1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\t_
1\tVamos\tir\tVERB\tVM\tMood=Imp\t0\troot\t0:root\t_
2\tnos\tnosotros\tPRON\tPP\tCase=Acc\t1\tobj\t1:obj\tNER=O
3-4\tal\t_\t_\t_\t_\t_\t_\t_\t_
3\ta\ta\tADP\tSP\t_\t5\tcase\t5:case\t_
4\tel\tel\tDET\tDA\t_\t5\tdet\t5:det\t_
5\tmar\tmar\tNOUN\tNC\t_\t1\tobl\t1:obl:a\tGloss=sea|NER=B-place|X=1
5.1\tveces\tvez\tNOUN\tNC\t_\t_\t_\t1:obl\tCopyOf=-1
6\t(\t(\tPUNCT\tFp\t_\t7\tpunct\t7:punct\tSpaceAfter=No
7\t10 000\t10 000\tNUM\tZ\t_\t5\tnummod\t5:nummod\tSpaceAfter=No|NER=B-number
8\t)\t)\tPUNCT\tFp\t_\t7\tpunct\t7:punct\tSpaceAfter=No
9\t.\t.\tPUNCT\tFp\t_\t1\tpunct\t1:punct\tSpacesAfter=\\n
9.1\t_\t_\t_\t_\t_\t_\t_\t_\t_
9.2\t_\t_\t_\t_\t_\t_\t_\t_\t_

"""
ENGLISH = """\
#sent_id=2
# intent = ask
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\t_\t3\taux\t_\t_
2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_
3\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
4\t!\t!\tPUNCT\t.\t_\t3\tpunct\t_\t_

"""
CHINESE = """\
# text = 我要去北京😀
1\t我\t我\tPRON\tPRP\t_\t2\tnsubj\t_\tSpaceAfter=No
2\t要\t要\tAUX\tMD\t_\t3\taux\t_\tSpaceAfter=No
3\t去\t去\tVERB\tVV\t_\t0\troot\t_\tSpaceAfter=No
4\t北京\t北京\tPROPN\tNNP\t_\t3\tobj\t_\tSpaceAfter=No|NER=B-city
5\t😀\t😀\tSYM\tSYM\t_\t3\tdep\t_\tSpaceAfter=No

"""
TOKENS_ONLY = "1-2\tx\t_\t_\t_\t_\t_\t_\t_\t_\n\n0.1\t_\t_\t_\t_\t_\t_\t_\t_\t_\n\n# nothing\n\n\n"
SAMPLES = [SPANISH, ENGLISH, CHINESE, SPANISH + ENGLISH + CHINESE, TOKENS_ONLY, "", "\n"]
PLUS = """\
# global.columns = FORM UPOS PARSEME:MWE MISC
# sent_id = 1
to\tADP\t*\t_
Oslo\tPROPN\tB-x\tSpaceAfter=No
.\tPUNCT\t*\t_

# sent_id = 2
Hi\tINTJ\t*\tTag=B-y

"""


def row(number, form, misc="_", upos="X"):
    return f"{number}\t{form}\t_\t{upos}\t_\t_\t_\t_\t_\t{misc}\n"


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize(
    "reading",
    [
        {},
        {"tagged": True},
        {"tagged": True, "tag": "XPOS"},
        {"tagged": True, "tag": "NER"},
        {"tagged": True, "tag": "4"},
        {"tag": "NER"},
        {"token": "LEMMA"},
        {"token": "10"},
    ],
    ids=str,
)
def test_what_comes_in_comes_out(text, reading):
    assert written(read(text, "conllu", **reading), "conllu", "tokens") == text
    assert written(read(text.replace("\n", "\r\n"), "conllu", **reading), "conllu", "bio") == text


def test_a_last_blank_line_is_added_and_a_blank_one_becomes_empty():
    assert written(read(f"{ENGLISH[:-2]}\n \n{ENGLISH[:-2]}", "conllu"), "conllu") == f"{ENGLISH}{ENGLISH}"


def test_words_are_tokens_and_nothing_else_is():
    spanish, english = read(SPANISH + ENGLISH, "conllu", tagged=True)
    assert spanish.tokens == ["Vamos", "nos", "a", "el", "mar", "(", "10 000", ")", "."]
    assert spanish.tags == ["VERB", "PRON", "ADP", "DET", "NOUN", "PUNCT", "NUM", "PUNCT", "PUNCT"]
    assert (spanish.intent, english.intent) == (None, "ask")
    assert english.comments == ("#sent_id=2", "# intent = ask")
    (lemmas,) = read(SPANISH, "conllu", token="LEMMA")
    assert lemmas.tokens[:3] == ["ir", "nosotros", "a"]


@pytest.mark.parametrize(
    ("tag", "tags"),
    [
        ("XPOS", "VM PP SP DA NC Fp Z Fp Fp"),
        ("NER", "O O O O B-place O B-number O O"),
        ("DEPREL", "root obj case det obl punct nummod punct punct"),
        ("7", "0 1 5 5 1 7 5 7 1"),
    ],
)
def test_tags_come_from_any_column_and_from_any_key_of_misc(tag, tags):
    (sentence,) = read(SPANISH, "conllu", tagged=True, tag=tag)
    assert sentence.tags == tags.split()


def test_a_key_is_found_whole():
    text = row(1, "a", "XNER=B-x") + row(2, "b", "NERX=B-x") + row(3, "c", "A=NER=B-x|NER=B-y=z")
    assert read(text, "conllu", tagged=True, tag="NER")[0].tags == ["O", "O", "B-y=z"]


def test_places_are_lines_also_where_ranges_stand_between():
    spanish, english = read(SPANISH + ENGLISH, "conllu", tagged=True, tag="NER")
    lines = (SPANISH + ENGLISH).split("\n")
    for sentence in (spanish, english):
        for index, token in enumerate(sentence.tokens):
            assert lines[int(sentence.where(index).removeprefix("case:")) - 1].split("\t")[1] == token
    assert english.with_tags([]).where(3) == "case:25"
    with pytest.raises(CorpusError) as caught:
        check(BIO, spanish.with_tags(["O", "O", "O", "O", "B-place", "I-x", "O", "O", "O"]))
    assert str(caught.value) == (
        "case:12: tag 'I-x' cannot follow 'B-place'\n    10  mar    B-place\n    12  (      I-x\n"
        "hint: a span opens with 'B-x'; if the file is IOB1, add --scheme iob1"
    )


def test_features_see_the_columns_by_their_numbers_with_tags_and_without():
    for reading in ({}, {"tagged": True}, {"tagged": True, "tag": "NER"}):
        (sentence,) = read(ENGLISH, "conllu", **reading)
        shown = Shown(["word", "column:4", "column:6", "column:10"])
        assert shown.keys(sentence)[2] == "go\tVERB\t_\tSpaceAfter=No"
        assert len(sentence.rows[2].split("\t")) == 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, "Don't go!"),
        (CHINESE, "我要去北京😀"),
        (SPANISH, "Vamos nos a el mar (10 000)."),  # what the text says is not what the tokens are
        (f"# text =   a  b\u3000c \n{row(1, 'a')}{row(2, 'b', 'SpaceAfter=No')}{row(3, 'c')}", "  a  b\u3000c "),
        (f"# text = a b d\n{row(1, 'a')}{row(2, 'b', 'SpaceAfter=No')}{row(3, 'c')}", "a bc"),
        (f"# text = a b c d\n{row(1, 'a')}{row(2, 'b')}{row(3, 'c')}", "a b c"),
        (f"# text = a x b\n{row(1, 'a')}{row(2, 'b')}", "a b"),
        (f"# text=abc\n{row(1, 'a')}{row(2, 'b')}", "a b"),
        (row(1, "a", "XSpaceAfter=No") + row(2, "b", "SpaceAfter=No|X=1") + row(3, "c", "SpaceAfter=Not"), "a bc"),
        (row("1-2", "ab", "SpaceAfter=No") + row(1, "a") + row(2, "b") + row(3, "."), "ab."),
        (row("1-2", "du", "SpaceAfter=No") + row(1, "de", "SpaceAfter=No") + row(2, "le") + row(3, "."), "de le."),
        (row("2-9", "ab") + row(1, "a") + row(2, "b"), "ab"),
        (row("9-2", "ab", "SpaceAfter=No") + row(1, "a") + row(2, "b"), "a b"),
        (row(1, "a") + row(2, "b") + row("3-4", "x", "SpaceAfter=No"), "a b"),
        (TOKENS_ONLY, ""),
    ],
)
def test_the_text_is_the_real_one_where_it_is_told(text, expected):
    sentence = read(text, "conllu")[0]
    assert sentence.text == expected
    assert [expected[start:end] for start, end in sentence.offsets] == sentence.tokens


def test_tags_go_to_where_they_were_read_from():
    for tag, place in (("NER", 9), ("XPOS", 4), ("UPOS", 3), ("7", 6)):
        (sentence,) = read(ENGLISH, "conllu", tagged=True, tag=tag)
        for scheme in ("bio", "tokens"):
            cells = written(sentence.with_tags(["A", "O", "B", "O"]), "conllu", scheme).split("\n")[3].split("\t")
            assert cells[place] == ("NER=A" if tag == "NER" else "A")


def test_other_tags_go_to_upos_or_misc():
    (sentence,) = read(ENGLISH, "conllu")
    assert written(sentence, "conllu") == ENGLISH
    spans = written(sentence.with_tags(["B-x", "I-x", "O", "B-y"]), "conllu", "bio")
    assert [line.split("\t")[9] for line in spans.split("\n")[3:7]] == [
        "Tag=B-x",
        "Tag=I-x",
        "SpaceAfter=No",
        "Tag=B-y",
    ]
    tokens = written(sentence.with_tags(["A", "O", "C", "D"]), "conllu", "tokens")
    assert [line.split("\t")[3] for line in tokens.split("\n")[3:7]] == ["A", "O", "C", "D"]


def test_a_tag_replaces_the_one_that_is_there():
    text = row(1, "a", "A=1|Tag=B-x|B=2") + row(2, "b", "Tag=I-x") + row(3, "c", "_") + "\n"
    (sentence,) = read(text, "conllu")
    lines = written(sentence.with_tags(["B-y", "O", "O"]), "conllu").split("\n")
    assert [line.split("\t")[9] for line in lines[:3]] == ["A=1|Tag=B-y|B=2", "Tag=O", "_"]


def test_probabilities_stand_in_misc_and_in_comments():
    (sentence,) = read("# probability = 0.1\n# rank = 7\n" + row(1, "a", "Prob=0.5|X=1") + row(2, "b"), "conllu")
    found = sentence.with_tags(["B-x", "O"], "greet", Certainty(0.5, [0.98765, 1.0], [0.9], 0.75, 0))
    assert written(found, "conllu") == (
        "# intent = greet\n# rank = 0\n# probability = 0.500000\n# intent_probability = 0.750000\n"
        + row(1, "a", "Prob=0.9877|X=1|Tag=B-x")
        + row(2, "b", "Prob=1.0000")
        + "\n"
    )
    made = Sentence(["a"], ["NOUN"], certainty=Certainty(0.5, [0.5], [0.5]))
    assert written(made, "conllu", "tokens") == "# probability = 0.500000\n" + row(1, "a", "Prob=0.5000", "NOUN") + "\n"


def test_a_sentence_from_elsewhere_gets_ids_and_underscores():
    made = Sentence(["to", "Oslo"], ["O", "B-city"], ["to\tTO", "Oslo\tNNP"], ("# a", "#b\tc", "# global.columns = X"))
    made.intent = "flight"
    assert written(made, "conllu") == (
        "# a\n# b c\n# intent = flight\n" + row(1, "to", upos="_") + row(2, "Oslo", "Tag=B-city", "_") + "\n"
    )
    assert written(made.with_tags(["TO", "NNP"]), "conllu", "tokens").endswith(
        row(1, "to", upos="TO") + row(2, "Oslo", upos="NNP") + "\n"
    )
    assert written(Sentence(["a"]), "conllu") == row(1, "a", upos="_") + "\n"
    assert written(Sentence([]), "conllu") == "\n"


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("to  [Oslo](city), 我[北京](city)!", "# text = to  Oslo, 我北京!\n"),
        (" a\\tb[ c](x) ", "# text =  a\tb c \n"),
        ("a\\nb", ""),
        ("a\\rb", ""),
        ("", ""),
    ],
)
def test_the_text_of_a_sentence_from_elsewhere_is_kept(text, comment):
    for characters in (True, False):
        (given,) = read(f"{text}\n", "inline", characters=characters)
        there = written(given, "conllu")
        assert "".join(line for line in there.splitlines(keepends=True) if line.startswith("#")) == comment
        (back,) = read(there, "conllu", tagged=True, tag="Tag")
        assert (back.tokens, back.tags) == (given.tokens, given.tags)
        if comment:
            assert back.text == given.text
            assert written(back, "conllu") == there


def test_the_text_takes_the_place_of_one_that_is_another():
    made = Sentence(["a", "b"], text="ab", offsets=[(0, 1), (1, 2)], comments=("# text = x", "# id = 1"))
    assert written(made, "conllu").startswith("# id = 1\n# text = ab\n")
    made.text = made.offsets = None
    assert written(made, "conllu").startswith("# text = x\n# id = 1\n1\t")


def test_tokens_of_scripts_without_spaces_are_tight():
    assert written(Sentence(["我", "要", "go"]), "conllu") == (
        row(1, "我", "SpaceAfter=No", "_") + row(2, "要", upos="_") + row(3, "go", upos="_") + "\n"
    )


def test_columns_can_be_others():
    for reading in ({}, {"tagged": True}, {"tagged": True, "tag": "PARSEME:MWE"}, {"tagged": True, "tag": "Tag"}):
        assert written(read(PLUS, "conllu", **reading), "conllu") == PLUS
    first, second = read(PLUS, "conllu", tagged=True, tag="PARSEME:MWE")
    assert (first.tokens, first.tags, first.text) == (["to", "Oslo", "."], ["*", "B-x", "*"], "to Oslo.")
    assert first.rows[1] == "Oslo\tPROPN\tB-x\tSpaceAfter=No"
    assert first.comments == ("# sent_id = 1",)
    assert written(second.with_tags(["NEW"]), "conllu").endswith("Hi\tINTJ\tNEW\tTag=B-y\n\n")
    # Two files one after the other: the second names its columns anew.
    assert written(read(PLUS + "# global.columns = ID FORM\n1\ta\n\n", "conllu"), "conllu").endswith("1\ta\n\n")


def test_it_goes_to_columns_with_the_word_first():
    (sentence,) = read(ENGLISH, "conllu", tagged=True, tag="XPOS")
    there = written(sentence, "conll")
    assert there.split("\n")[0] == "# sent_id=2"
    assert there.split("\n")[2] == "Do\t1\tdo\tAUX\tVB\t_\t3\taux\t_\t_\tVB"
    (back,) = read(there, "conll", tagged=True)
    assert (back.tokens, back.tags, back.intent) == (sentence.tokens, sentence.tags, "ask")


def test_a_sentence_can_be_sent_to_another_process():
    (sentence,) = read(SPANISH, "conllu")
    assert written(pickle.loads(pickle.dumps(sentence)), "conllu") == SPANISH


NAMES = "there are: ID, FORM, LEMMA, UPOS, XPOS, FEATS, HEAD, DEPREL, DEPS, MISC"
COUNT = "TABs part ID FORM LEMMA UPOS XPOS FEATS HEAD DEPREL DEPS MISC; for other columns there is --from conll"


@pytest.mark.parametrize(
    ("text", "reading", "message"),
    [
        ("# c\nto\tTO\n", {}, f"case:2: 2 columns, but there are 10\n    2  to\tTO\nhint: {COUNT}"),
        ("1 to TO\n", {}, f"case:1: 1 column, but there are 10\n    1  1 to TO\nhint: {COUNT}"),
        (
            row(1, "a") + "# c\n",
            {},
            "case:2: 1 column, but there are 10\n    2  # c\n"
            "hint: a comment stands before the first token of its sentence",
        ),
        (
            row(1, "a") + row("a", "b"),
            {},
            f"case:2: 'a' is no ID\n    2  {row('a', 'b')}"
            "hint: that of a token is a number, of a range such as 1-2, of an empty node such as 1.1",
        ),
        (
            "\n\n" + row("1-2", "a") + row(1, ""),
            {},
            f"case:4: the token is empty\n    4  {row(1, '')}hint: the token is what stands in FORM",
        ),
        (
            row(1, "a") + row(2, "b", upos="_"),
            {"tagged": True},
            f"case:2: UPOS is _, but a tag is needed\n    2  {row(2, 'b', upos='_')}"
            "hint: tags in another column, or in MISC, are named by --tag-column",
        ),
        (
            row(1, "a", "Tag=O", upos="_"),
            {"tagged": True},
            f"case:1: UPOS is _, but a tag is needed\n    1  {row(1, 'a', 'Tag=O', '_')}hint: add --tag-column Tag",
        ),
        (
            row(1, "a", "X=1|NER="),
            {"tagged": True, "tag": "NER"},
            f"case:1: NER is empty, but a tag is needed\n    1  {row(1, 'a', 'X=1|NER=')}"
            "hint: tags in another column, or in MISC, are named by --tag-column",
        ),
        (
            row(1, "a", upos="A B"),
            {"tagged": True},
            f"case:1: the tag 'A B' holds white space\n    1  {row(1, 'a', upos='A B')}"
            "hint: the tag is what stands in UPOS",
        ),
        (row(1, "a"), {"tag": "upos"}, f"case:1: no column is called 'upos'\nhint: {NAMES}"),
        (row(1, "a"), {"token": "11"}, f"case:1: no column is called '11'\nhint: {NAMES}"),
        ("# c\n" + row(1, "a"), {"token": "WORD"}, f"case:2: no column is called 'WORD'\nhint: {NAMES}"),
        (
            "# c\n# global.columns = ID FORM\n1\ta\n",
            {"tag": "NER"},
            "case:2: no column is called 'NER'\nhint: there are: ID, FORM",
        ),
        (
            "# global.columns = ID FORM\n1\ta\n2\tb\tc\n",
            {},
            "case:3: 3 columns, but there are 2\n    3  2\tb\tc\nhint: TABs part ID FORM; "
            "for other columns there is --from conll",
        ),
    ],
)
def test_faults(text, reading, message):
    assert fault(text, "conllu", **reading) == message


def test_faults_of_writing():
    hint = "columns hold no TAB and no line end"
    assert write_fault(Sentence(["a\tb"], source="x", line=3), "conllu") == (
        f"x:3: token 'a\\tb' cannot stand in a column\nhint: {hint}"
    )
    assert write_fault(Sentence(["a"], ["B-x y"], source="x", line=3), "conllu") == (
        "x:3: tag 'B-x y' cannot stand in a column\nhint: the label holds white space: join its words by a hyphen or _"
    )
    assert write_fault(Sentence(["a"], ["B-x|y"], source="x", line=3), "conllu") == (
        "x:3: tag 'B-x|y' cannot stand in MISC\nhint: | parts what stands there"
    )
    assert written(Sentence(["a"], ["x|y"]), "conllu", "tokens") == row(1, "a", upos="x|y") + "\n"
    (bare,) = read("# global.columns = ID FORM\n1\ta\n", "conllu")
    assert write_fault(bare.with_tags(["B-x"]), "conllu") == (
        "case:2: there is no column MISC to write to\nhint: there are: ID, FORM"
    )


CELLS = st.text(st.sampled_from("ab#_|=.\\-é汉𝄞 \u2028\u3000"), min_size=1, max_size=4)
TAGS = st.text(st.sampled_from("ab#|=-é汉"), min_size=1, max_size=4)
MISC = st.lists(st.sampled_from(["_", "SpaceAfter=No", "NER=B-x", "NER=O", "NER=", "X", "Prob=1"]), min_size=1).map(
    "|".join
)


@st.composite
def files(draw):
    """Any file whose last line is blank, with ranges and nodes wherever they fall."""
    text = ""
    for _ in range(draw(st.integers(0, 3))):
        text += "".join(f"#{line}\n" for line in draw(st.lists(CELLS, max_size=2)))
        for number in range(1, draw(st.integers(0, 4)) + 1):
            for ID in (*draw(st.lists(st.sampled_from(["1-2", "2-3", "3-1", "1.1", "0.1"]), max_size=2)), number):
                upos, misc = draw(TAGS), draw(MISC | CELLS)
                text += (
                    "\t".join([str(ID), draw(CELLS), draw(CELLS), upos, *draw(st.tuples(*[CELLS] * 5)), misc]) + "\n"
                )
        text += "\n"
    return text


@given(files(), st.integers(1, 9), st.sampled_from([{}, {"tagged": True}, {"tag": "NER"}]))
def test_any_file_comes_back_to_the_byte(text, step, reading):
    sentences = read(text, "conllu", **reading)
    assert written(sentences, "conllu") == text
    assert list(map(facts, read(text, "conllu", step, **reading))) == list(map(facts, sentences))
    for sentence in sentences:
        assert [sentence.text[start:end] for start, end in sentence.offsets] == sentence.tokens


TOKENS = st.lists(CELLS.filter(lambda word: word.strip()), max_size=5)


@given(TOKENS, st.data())
def test_tokens_and_tags_of_any_sentence_come_back(tokens, data):
    kinds = st.sampled_from(["O", "B-x", "I-x", "B-y=z"])
    tags = data.draw(st.lists(kinds, min_size=len(tokens), max_size=len(tokens)))
    (back,) = read(written(Sentence(tokens, tags), "conllu"), "conllu", tagged=True, tag="Tag")
    assert (back.tokens, back.tags) == (tokens, tags)


def test_where_a_stream_is_cut_does_not_matter():
    same_at_every_cut(SPANISH + "# intent = é\n" + ENGLISH, "conllu", tagged=True, tag="NER")


def through(data, **reading):
    return written(read(data, "conllu", **reading), "conllu")


def test_slips_end_in_sentences_or_in_faults():
    for reading in ({}, {"tagged": True}, {"tagged": True, "tag": "NER"}):
        found = [survives(through, data, **reading) for data in mutants(SPANISH + ENGLISH + PLUS, 1500)]
        assert {True, False} == set(found)
