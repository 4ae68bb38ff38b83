"""The matrix of confusions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rnntag.show.page import confusions


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_the_matrix_holds_every_count_the_most_confused_first(counts):
    counts[-1][-1] = 0
    labels = [*(f"t{number}" for number in range(len(counts) - 1)), "none"]
    found = confusions.matrix({"labels": labels, "counts": counts}, 4)
    places = range(len(counts))
    wrong = {
        labels[one]: sum(counts[one][other] + counts[other][one] for other in places if other != one) for one in places
    }
    if not any(wrong.values()):
        assert found is None
        return
    names = [label for label, _ in found.labels]
    assert names[-1] == "none"
    assert [wrong[name] for name in names[:-1]] == sorted((wrong[name] for name in labels[:-1]), reverse=True)
    assert [folded for _, folded in found.labels] == [place >= 4 for place in places[:-1]] + [False]
    shades = {}
    for row in found.rows:
        for name, cell in zip(names, row.cells, strict=True):
            assert cell.times == counts[labels.index(row.gold)][labels.index(name)]
            assert cell.predicted == name
            assert cell.right == (row.gold == name != "none")
            if not cell.right:
                assert shades.setdefault(cell.times, cell.shade) == cell.shade
    assert shades.get(0, 0) == 0
    ordered = [shade for _, shade in sorted(shades.items())]
    assert ordered == sorted(ordered)
    assert max(ordered) <= confusions.SHADES
    assert shades.get(1, 1) > 0
