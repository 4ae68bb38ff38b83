"""The rules of conlleval.pl (Tjong Kim Sang 2000) by which spans begin and end, as they stand in the script."""


def end_of_chunk(before, tag, before_type, kind):
    """Whether a span ends between two tags."""
    pairs = {("B", "B"), ("B", "O"), ("I", "B"), ("I", "O"), ("E", "E"), ("E", "I"), ("E", "O")}
    return (before, tag) in pairs or (before not in ("O", ".") and before_type != kind)


def start_of_chunk(before, tag, before_type, kind):
    """Whether a span starts with a tag."""
    pairs = {("B", "B"), ("I", "B"), ("O", "B"), ("O", "I"), ("E", "E"), ("E", "I"), ("O", "E")}
    return (before, tag) in pairs or (tag not in ("O", ".") and before_type != kind)


def chunks(tags):
    """The spans of a sentence: (start, end, type), the end exclusive."""
    found, start = [], None
    before, before_type = "O", ""
    for index, each in enumerate([*tags, "O"]):
        tag, _, kind = each.partition("-")
        if start is not None and end_of_chunk(before, tag, before_type, kind):
            found.append((start, index, before_type))
            start = None
        if start_of_chunk(before, tag, before_type, kind):
            start = index
        before, before_type = tag, kind
    return found


def counts(gold, predicted):
    """How many spans there are in gold taggings, how many in predicted ones, and how many in both."""
    pairs = [(set(chunks(one)), set(chunks(other))) for one, other in zip(gold, predicted, strict=True)]
    both = sum(len(one & other) for one, other in pairs)
    return sum(len(one) for one, _ in pairs), sum(len(other) for _, other in pairs), both
