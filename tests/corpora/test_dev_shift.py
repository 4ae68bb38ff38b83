"""A dev set that is not like its training set is told to the letter."""

from suspects import sound, told

# Dev that is not like train.


def test_capitals_in_one_of_both():
    low, high = sound(40), [line.replace("hall/", "Hall/") for line in sound(30, "q")]
    fact = "20.0 % of the words of dev have a capital, in train 0.0 %; write both in the same case"
    assert told(low, high) == [f"dev.conll:4: {fact}"]
    assert told(low, high[:29]) == []
    fact = "20.0 % of the words of train have a capital, in dev 0.0 %; write both in the same case"
    assert told(high, sound(30, "r")) == [f"train.conll:4: {fact}"]
    assert told([*high, *sound(200)], [line.replace("q", "r") for line in high]) == []  # some are capitals there


def test_dev_in_other_words():
    train, known = sound(400), [line.replace("now", "go") for line in sound(70)]
    dev = [*known[:9], *sound(31, "q")]
    fact = "15.5 % of the tokens of dev are words that train never has, in a tenth of train 0.0 %"
    hint = "are both of one language and kind, and cut into tokens alike?"
    assert told(train, dev) == [f"dev.conll:57: {fact}; {hint}"]
    assert told(train, dev[:39]) == told(train[:399], dev) == []  # too few tokens to tell
    assert told(train, [*dev, *known[9:]]) == []
    varied = [line.replace("now", "abcdefghij"[number // 40] * 3) for number, line in enumerate(train)]
    assert told(varied, dev) == []  # a tenth of train is as far from the rest


def test_dev_without_tags():
    dev = [line.replace("B-city", "O").replace("I-city", "O") for line in sound(40, "q")]
    assert told(sound(40), dev) == ["dev.conll:1: every tag of dev is 'O', so whatever is found there is wrong"]


def test_dev_that_is_tagged_in_part():
    blank = [line.replace("B-city", "O").replace("I-city", "O") for line in sound(40, "q")]
    fact = "4.4 % of the tokens of dev have a tag other than 'O', in train 40.0 %; were both tagged in the same way?"
    assert told(sound(40), [*blank, *sound(5, "r")]) == [f"dev.conll:1: {fact}"]
    assert told(sound(40), [*blank[:15], *sound(2, "r")]) == []
    thin = [line for at in range(0, 200, 9) for line in (*blank[:9], sound(at + 1)[at])]
    fact = "40.0 % of the tokens of dev have a tag other than 'O', in train 4.0 %; were both tagged in the same way?"
    assert told(thin, sound(40, "r")) == [f"dev.conll:1: {fact}"]


def test_a_label_that_dev_should_have():
    train = [line.replace("now/O", "now/B-time") for line in sound(40)]
    fact = "label 'time' is in 40 of 40 sentences of train but in none of dev; was dev drawn as train was?"
    assert told(train, sound(40, "q")) == [f"dev.conll:1: {fact}"]
    assert told(train, sound(20, "q")) == []
    train = [line.replace("go/O", "go/B-verb") for line in train]
    fact = "label 'verb' is in 40 of 40 sentences of train but in none of dev, and 1 more likewise"
    assert told(train, sound(40, "q")) == [f"dev.conll:1: {fact}; was dev drawn as train was?"]


def test_dev_that_stands_in_train():
    fact = "5 of 24 sentences of dev also stand in train, so its scores will flatter; compare train.conll:13"
    both = sound(7)[2:]
    assert told(sound(40), [*sound(19, "q"), *both]) == [f"dev.conll:115: {fact}"]
    assert told(sound(40), [*sound(20, "q"), *both]) == []
    assert told(sound(40), both[:4]) == []


def test_intents_that_only_dev_has():
    train = [f"{line}\t{'buy#ask' if number % 2 else 'sell'}" for number, line in enumerate(sound(40))]
    dev = [f"{line}\t{intent}" for line, intent in zip(sound(4, "q"), ["buy", "ask#sell", "ask", "ask"], strict=True)]
    assert told(train, dev) == ["dev.conll:13: 1 intent of dev never occurs in train (2 here): ask"]
    dev = [f"{line}\t{'abcdefg'[number]}" for number, line in enumerate(sound(7, "q"))]
    fact = "7 intents of dev never occur in train (7 here): a, b, c, d, e and 2 more"
    assert told(train, dev) == [f"dev.conll:1: {fact}"]
    fact = "7 sentences of dev have an intent, but none of train, so none is learned"
    assert told(sound(40), dev) == [f"dev.conll:1: {fact}"]
    assert told(train, sound(7, "q")) == []
