"""What became of proposals: every fate by hand, and none counted twice whatever people do."""

from hypothesis import given
from hypothesis import strategies as st

from annotations import proposals
from annotations.bank.markup import Mark
from annotations.quality.proposals import NOBODY, describe, fates_of, outcomes_of
from annotations.studio.regions import Region
from annotations.studio.reviewed import Reviewed, store

TEXT = "公开信息12条，微信30条，办结5件。"


def region(start, end, label="disclosure.total", value=1, prior=False):
    return Region(Mark(label, start, end, prior), value)


ONE = region(4, 7)
REGIONS = st.lists(
    st.tuples(
        st.integers(1, 4), st.integers(0, 3), st.sampled_from(["disclosure.total", "disclosure.weibo"])
    ),
    max_size=6,
)


def built(parts):
    """Regions that do not overlap, from lengths and gaps."""
    out, at = [], 0
    for length, gap, label in parts:
        out.append(region(at + gap, at + gap + length, label))
        at += gap + length
    return out


def test_every_fate():
    assert fates_of([ONE], [ONE]) == {"kept": 1}
    assert fates_of([ONE], [region(4, 6)]) == {"moved": 1}
    assert fates_of([ONE], [region(4, 7, "disclosure.weibo")]) == {"relabelled": 1}
    assert fates_of([ONE], [region(3, 7, "disclosure.weibo")]) == {"relabelled": 1}
    assert fates_of([ONE], [region(4, 7, value=2)]) == {"revalued": 1}
    assert fates_of([ONE], [region(4, 7, prior=True)]) == {"revalued": 1}
    assert fates_of([ONE], []) == {"deleted": 1}
    assert fates_of([], [ONE]) == {"added": 1}
    assert fates_of([ONE], [region(10, 13)]) == {"deleted": 1, "added": 1}


def test_the_greatest_overlap_is_the_same_region():
    assert fates_of([region(0, 6)], [region(0, 1), region(1, 6)]) == {"moved": 1, "added": 1}
    assert fates_of([region(0, 3), region(3, 6)], [region(0, 6)]) == {"moved": 1, "deleted": 1}


@given(REGIONS, REGIONS)
def test_every_region_has_one_fate(first, second):
    proposed, final = built(first), built(second)
    fates = fates_of(proposed, final)
    assert fates.total() - fates["added"] == len(proposed)
    assert fates.total() - fates["deleted"] == len(final)


def reviewed(number, *, model="tagger-1", proposed=(ONE,), regions=(ONE,), seconds=10.0):
    return Reviewed(
        key=f"r:{number}-20", report_id="r", start=0, end=len(TEXT), text=TEXT, regions=regions, model=model,
        proposed=proposed, seconds=seconds, annotator="a@x", created="2026-01-01T00:00:00Z",
        updated="2026-01-01T00:00:00Z", project="h/1@2026", annotation=number, task=number,
    )  # fmt: skip


MANY = [
    reviewed(1),
    reviewed(2, regions=(ONE, region(10, 13)), seconds=30.0),
    reviewed(3, regions=(), seconds=None),
    reviewed(4, model="tagger-2", regions=(region(4, 7, "disclosure.weibo"),)),
    reviewed(5, model="", proposed=None, seconds=50.0),
    reviewed(6, proposed=(), regions=()),
]


def test_versions_apart():
    found = outcomes_of(MANY)
    assert list(found) == [NOBODY, "tagger-1", "tagger-2"]
    one = found["tagger-1"]
    assert (one.sentences, one.untouched, one.proposed) == (4, 2, 3)
    assert (one.share("kept"), one.share("deleted"), one.share("added")) == (2 / 3, 1 / 3, 1 / 3)
    assert one.seconds == [10.0, 30.0, 10.0]
    assert found["tagger-2"].share("relabelled") == 1.0
    assert (found[NOBODY].proposed, found[NOBODY].share("kept"), found[NOBODY].share("added")) == (
        0,
        0.0,
        1.0,
    )


def test_the_command(tmp_path, capsys):
    assert proposals.main(["--reviewed", str(tmp_path)]) == 0
    assert "annotations.pull" in capsys.readouterr().out
    store(tmp_path, "h/1@2026", MANY)
    assert proposals.main(["--reviewed", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["sentences", "untouched", "regions"]
    row = lines[2].split()
    assert row == [
        "tagger-1",
        "4",
        "50.0%",
        "3",
        "66.7%",
        "0.0%",
        "0.0%",
        "0.0%",
        "33.3%",
        "33.3%",
        "16.7",
        "10.0",
    ]
    assert describe({}) == "No annotations yet: python -m annotations.pull brings them."
