"""The loop: nothing annotated twice, test counties never learnt, resumed as if never stopped, choosing that helps."""

from dataclasses import dataclass, field

import numpy as np
import pytest

pytest.importorskip("cleanlab", reason="needs the extra “train”")

from annotations import simulate
from annotations.bank.markup import Mark
from annotations.simulation.curves import curves_of, describe
from annotations.simulation.loop import Course, Loop, Point, sentences_of
from extraction.narrative.tagger import Span
from training.examples import Labelled, examples_of, label_keys

KEYS = label_keys()
RARE = 12  # constructions, one a label, most of them rare in the bank
COURSE = Course(start=0.1, rounds=3, step=8, repeats=2)


def unit(number, part, kinds):
    text, marks = "", []
    for kind in kinds:
        start = len(text) + 5
        text += f"事项{chr(0x7532 + kind)}一共{10 + number}件，{'天地玄黄宇宙洪荒日月盈昃'[kind] * 9}。"
        marks.append(Mark(KEYS[kind], start, start + 3))
    return Labelled(text, tuple(marks), 2020, ("某局", f"{number}县"), f"u{number}", part)


def world():
    """Forty counties that mostly say the same, each with one rare thing; five held out say everything."""
    train = [unit(n, "train", (0, 0, 0, 1 + n % (RARE - 1))) for n in range(40)]
    return train + [unit(100 + n, "test", range(RARE)) for n in range(5)]


@dataclass
class Parrot:
    """A model that knows the constructions it was shown and doubts all others."""

    units: list
    labels: tuple = KEYS
    seen: dict = field(init=False)

    def __post_init__(self):
        self.seen = {u.text[m.start - 3]: m.label for u in self.units for m in u.marks}

    @property
    def tagger(self):
        return self

    @property
    def reader(self):
        return self

    def _figures(self, text):
        return [(i + 3, i + 6, text[i]) for i in range(2, len(text) - 6) if text[i - 2 : i] == "事项"]

    def tag(self, text, *, year=None):
        return [
            Span(a, b, self.seen[kind], False, 1.0, True)
            for a, b, kind in self._figures(text)
            if kind in self.seen
        ]

    def read(self, texts):
        return [self._scores(text) for text, _ in texts]

    def _scores(self, text):
        out = np.zeros((len(text), 3 + len(KEYS) + 1), dtype=np.float32)
        out[:, 0] = 12
        for a, b, kind in self._figures(text):
            out[a:b, 0] = 0
            out[a, 1] = out[a + 1 : b, 2] = 12
            if kind in self.seen:
                out[a:b, 3 + KEYS.index(self.seen[kind])] = 12
        return out


def run(course=COURSE, done=None):
    trained = []

    def train(units, seed):
        trained.append(units)
        return Parrot(units)

    return list(Loop(world(), train, course).points(done or {})), trained


def test_the_course_is_run_and_nothing_is_annotated_twice():
    points, trained = run()
    assert [(p.repeat, p.strategy, p.round) for p in points] == [(0, "full", 0)] + [
        (r, s, n) for r in range(2) for s in ("sampled", "random") for n in range(4)
    ]
    assert len(trained) == 1 + 2 * (1 + 2 * 3)
    for units in trained:
        assert all(u.part == "train" for u in units)
        sources = [u.source for u in units]
        assert len(sources) == len(set(sources))
        whole = {u.source for u in units if ":" not in u.source}
        assert not whole & {s.partition(":")[0] for s in sources if ":" in s}
    assert [p.sentences for p in points[5:9]] == [16, 24, 32, 40]
    assert [p.sentences for p in points[1:3]] == [16, 24]
    assert points[4].sentences < 40  # near-duplicates are not asked for, though there is room in the budget
    assert points[0].sentences == 160


def test_choosing_beats_chance_where_rare_things_must_be_found():
    points, _ = run()
    curves = curves_of(points, draws=200)
    assert curves.full.value == 1.0
    assert curves.steps["sampled"][1].f1.value > curves.steps["random"][1].f1.value
    assert curves.steps["sampled"][0].f1 == curves.steps["random"][0].f1
    assert curves.needed["sampled"] is not None
    assert curves.needed["random"] is None or curves.needed["random"] > curves.needed["sampled"]
    assert "/ 40 |" in describe(curves)


def test_resumed_anywhere_it_is_the_same_run():
    points, _ = run()
    for cut in (0, 1, 2, 4, 6, 9, len(points)):
        done = {(p.repeat, p.strategy, p.round): p for p in points[:cut]}
        again, _ = run(done=done)
        assert again == points


def test_sentences_carry_their_context_and_marks():
    one = unit(1, "train", (0, 1))
    pieces = sentences_of(one)
    assert [p.text[p.first :] for p in pieces.values()] == [s + "。" for s in one.text.split("。")[:2]]
    for piece in pieces.values():
        (example,) = examples_of(piece)
        (mark,) = example.marks
        assert example.text[mark.start : mark.end] == "11件"
    assert list(pieces.values())[1].text == one.text


def points_of(curves):
    """Points with given counts of right answers of 100, in two counties."""
    out = [
        Point(repeat=0, strategy="full", round=0, sentences=100, counts={"a": (100, 0, 0), "b": (100, 0, 0)})
    ]
    for strategy, rights in curves.items():
        out += [
            Point(
                repeat=0, strategy=strategy, round=n, sentences=10 * (n + 1),
                counts={"a": (right, 100 - right, 100 - right), "b": (right, 100 - right, 100 - right)},
            )
            for n, right in enumerate(rights)
        ]  # fmt: skip
    return out


def test_what_is_needed_and_saved_by_hand():
    """F1 is the share right here; 0.95 lies half-way in the second step of one, at the last point of the other."""
    found = curves_of(points_of({"sampled": (50, 90, 100), "random": (50, 80, 95)}), draws=50)
    assert found.target == pytest.approx(0.95)
    assert found.needed == {"sampled": pytest.approx(25), "random": pytest.approx(30)}
    assert found.saved.value == pytest.approx(1 - 25 / 30)
    assert [round(d.value, 2) for d in found.difference] == [0, 0.1, 0.05]


def test_a_target_that_is_not_reached_is_said():
    found = curves_of(points_of({"sampled": (50, 90, 100), "random": (50, 60, 70)}), draws=50)
    assert found.needed["random"] is None and found.saved is None
    assert "random: not reached" in describe(found)


def test_the_first_crossing_counts():
    found = curves_of(points_of({"sampled": (95, 90, 100), "random": (96, 70, 70)}), draws=50)
    assert found.needed == {"sampled": pytest.approx(10), "random": pytest.approx(10)}


def test_half_a_run_has_no_curves():
    with pytest.raises(ValueError, match="no repeat is whole"):
        curves_of(points_of({"sampled": (1, 2)}))


def write_bank(folder):
    (folder / "units").mkdir(parents=True)
    for n in range(30):
        head = f"---\nunit: {n}县政府\nprovince: 某省\ncounty: {n}县\nlevel: county\nyear: 2020\n---\n"
        body = "".join(
            f"公开信息{{disclosure.total|{n + k}条}}。收到申请{{applications.received|{k}件}}。\n"
            for k in range(3)
        )
        (folder / "units" / f"u{n:02}.md").write_text(head + body, "utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_command_with_a_tiny_budget_and_its_resumption(tmp_path, capsys, monkeypatch):
    from tests.training.test_training import tiny
    from training import backbones

    monkeypatch.setattr(backbones, "EncoderConfig", lambda **given: tiny(vocab_size=given["vocab_size"]))
    out = tmp_path / "simulation.jsonl"
    command = [
        "--data", str(write_bank(tmp_path / "bank")), "--out", str(out), "--epochs", "2", "--backbone", "none",
        "--rounds", "1", "--repeats", "1", "--step", "5", "--threads", "1",
    ]  # fmt: skip
    assert simulate.main(command) == 0
    said = capsys.readouterr().out
    assert "| 1 | " in said and "The whole bank: F1" in said
    lines = out.read_text("utf-8").splitlines()
    assert len(lines) == 1 + 1 + 2 * 2
    out.write_text("\n".join([*lines[:-1], lines[-1][:20]]) + "\n", "utf-8")  # killed while writing
    assert simulate.main(command) == 0
    assert out.read_text("utf-8").splitlines() == lines
    assert simulate.main([*command, "--show"]) == 0
    assert capsys.readouterr().out.count("The whole bank") == 2
    assert simulate.main([*command, "--seed", "8"]) == 2
    assert "other settings" in capsys.readouterr().err
