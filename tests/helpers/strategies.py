"""Hypothesis strategies for texts, spans and files."""

from itertools import pairwise

from hypothesis import strategies as st

from rnntag.formats.charspans import CharSpan

LATIN, EAST = "ab1_.'’,·- \t\n\u3000\u2028ééßя", "北京、。カタカナ\u3099ﾊﾟがพี่ไทย"
SOUTH, PICTURES = "नमस्ते।שָׁלוֹם العَرَبِيَّة", "👩🏽🚀🇳🇴🇫🇷❤1⃣🏴\u200d\u200c\ufe0f\U000e0067"
SIGNS = LATIN + EAST + SOUTH + PICTURES
TEXTS = st.text(st.sampled_from(SIGNS), max_size=30) | st.text(max_size=30)

TAGS = st.text(st.sampled_from("ab#\\[](é汉"), min_size=1, max_size=4)

WORDS = TAGS | st.text(st.sampled_from("a# \u2028\u3000\x0c"), min_size=1, max_size=4)


@st.composite
def conll_files(draw):
    """Any file with TABs whose last line is blank: such a file comes back to the letter."""
    columns = draw(st.integers(2, 4))
    row = st.tuples(*[WORDS] * (columns - 1), TAGS).map("\t".join)
    comment = WORDS.map(lambda word: f"# {word}")
    sentence = st.tuples(st.lists(comment, max_size=2), st.lists(row, max_size=4))
    return "".join("\n".join((*above, *rows, "", "")) for above, rows in draw(st.lists(sentence, max_size=4)))


@st.composite
def spanned_texts(draw, texts=TEXTS):
    """A text, and spans of it in order that do not overlap and hold more than white space."""
    text = draw(texts)
    places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    labels = st.text(st.sampled_from("ab-_é :\n"), min_size=1, max_size=3) | st.text(min_size=1, max_size=3)
    spans = [(start, end) for start, end in pairwise(places) if text[start:end].strip()]
    return text, [CharSpan(start, end, draw(labels)) for start, end in spans if draw(st.booleans())]
