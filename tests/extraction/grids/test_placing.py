"""Placing numbers by count, layout and arithmetic."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from extraction.grids.pieces import Kind, Piece
from extraction.grids.placing import Group, Placing, RowPrint, accepts
from extraction.grids.solving import ColumnIdentity, Solved, solve

APPLICANTS = [Group(6, (0, 1, 2, 3, 4, 5))]
REVIEW = [Group(5 * k + 4, tuple(range(5 * k, 5 * k + 4))) for k in range(3)]


def _values(text: str) -> tuple[Piece, ...]:
    pieces, at = [], 0
    for word in text.split(" "):
        if word == "_":
            pieces.append(Piece(Kind.BLANK, at, at, 0))
        else:
            pieces.append(Piece(Kind.VALUE, at, at + len(word), 0, value=int(word)))
        at += len(word) + 1
    return tuple(pieces)


def _solve(text: str, places: int, groups: list[Group], *, glued: bool = False) -> Solved:
    solved: dict[str, Solved] = {}
    row = RowPrint(_values(text), places, glued=glued)
    solve({"row": row}, solved, groups=groups, columns=[], text=text)
    return solved["row"]


def _numbers(placing: Placing) -> list[float | None]:
    return [None if e is None else e.value for e in placing]


def test_thirteen_numbers_for_fifteen_places_have_thirty_two_placings() -> None:
    solved = _solve("0 0 0 0 0 4 0 0 4 1 0 0 1", 15, REVIEW)
    assert len(solved.placings) == 32
    same = [i for i in range(15) if len({p[i] and p[i].value for p in solved.placings}) == 1]  # type: ignore[union-attr]
    assert same == [4, 9, 14]


def test_an_empty_field_is_the_blank() -> None:
    solved = _solve("4 _ 0 0 0 0 4", 7, APPLICANTS)
    assert [_numbers(p) for p in solved.placings] == [[4, None, 0, 0, 0, 0, 4]]


def test_digits_run_together_are_cut_where_the_sum_holds() -> None:
    solved = _solve("120030015", 7, APPLICANTS, glued=True)
    assert [_numbers(p) for p in solved.placings] == [[12, 0, 0, 3, 0, 0, 15]]


def test_without_arithmetic_glued_digits_stay_open() -> None:
    solved = _solve("1234", 3, [], glued=True)
    assert {tuple(_numbers(p)) for p in solved.placings} == {(1, 2, 34), (1, 23, 4), (12, 3, 4)}


def test_nothing_is_claimed_where_no_placing_satisfies() -> None:
    assert _solve("5 7 9", 7, APPLICANTS).placings == ()


def test_a_full_row_stays_as_printed_though_its_sum_fails() -> None:
    solved = _solve("10 1 0 0 0 0 0", 7, APPLICANTS)
    assert [_numbers(p) for p in solved.placings] == [[10, 1, 0, 0, 0, 0, 0]]


def test_columns_settle_what_a_row_leaves_open() -> None:
    solved = {"total": Solved((tuple(_row([2, 1, 0, 3])),), "printed")}
    open_row = RowPrint(_values("2 1 3"), 4)
    solve(
        {"new": open_row},
        solved,
        groups=[Group(3, (0, 1, 2))],
        columns=[ColumnIdentity(("new",), ("total",))],
        text="2 1 3",
    )
    assert [_numbers(p) for p in solved["new"].placings] == [[2, 1, None, 3]]


def _row(values: list[int]) -> Placing:
    from extraction.grids.placing import Entry

    return tuple(Entry("number", 0, 1, v) for v in values)


@given(st.lists(st.integers(0, 30), min_size=6, max_size=6), st.sets(st.integers(0, 5), max_size=3))
def test_every_placing_is_tried(parts: list[int], blank: set[int]) -> None:
    """The solver finds exactly the placings that a plain enumeration finds."""
    row: list[int | None] = [None if i in blank else v for i, v in enumerate(parts)]
    row.append(sum(v for v in row if v is not None))
    shown = [v for v in row if v is not None]
    text = " ".join(map(str, shown))
    solved = _solve(text, 7, APPLICANTS)
    every = set()
    for chosen in combinations(range(7), len(shown)):
        placing: list[int | None] = [None] * 7
        for at, value in zip(chosen, shown, strict=True):
            placing[at] = value
        total_blank = placing[6] is None and any(v is not None for v in placing[:6])
        if not total_blank and sum(v or 0 for v in placing[:6]) == (placing[6] or 0):
            every.add(tuple(placing))
    assert {tuple(_numbers(p)) for p in solved.placings} == every
    assert tuple(row) in every


@given(st.lists(st.integers(0, 99), min_size=4, max_size=4))
def test_accepts_is_the_identity(parts: list[int]) -> None:
    group = [Group(4, (0, 1, 2, 3))]
    assert accepts(_row([*parts, sum(parts)]), group, inferred=True)
    assert not accepts(_row([*parts, sum(parts) + 1]), group, inferred=False)
