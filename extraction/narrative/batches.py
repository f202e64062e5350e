"""Stretches in batches: of like length together, so that little is padded, in few runs, since each costs something."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.narrative.sentences import Stretch

_LARGEST = 4096  # padded characters in one run: enough to fill the core, little enough for its cache
_ROWS = 64  # in one run: more save nothing
_RUN = 150  # characters that could be read in the time that a run costs beside them


def batches_of(stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    """All of ``stretches``, in the batches that cost least: a batch is as long as its longest, all over.

    Sorted by length, the best batches are neighbours; where they end is a shortest path.
    """
    ordered = sorted(stretches, key=_length)
    lengths = [_length(s) for s in ordered]
    cost, begun = [0], [0]  # of the best batches of the first so many; where the last of them begins
    for end, longest in enumerate(lengths, start=1):
        first = max(0, end - max(1, min(_ROWS, _LARGEST // longest)))
        best, begin = min((cost[begin] + (end - begin) * longest, begin) for begin in range(first, end))
        cost.append(best + _RUN)
        begun.append(begin)
    batches: list[list[Stretch]] = []
    end = len(ordered)
    while end:
        batches.append(ordered[begun[end] : end])
        end = begun[end]
    return batches


def _length(stretch: Stretch) -> int:
    return stretch.stop - stretch.begin
