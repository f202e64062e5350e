"""make retrain from end to end, small: a model, a better one promoted, a worse one refused, the old one back."""

import random
from functools import partial

import pytest

pytest.importorskip("torch", reason="needs the extra “train”")

from extraction.narrative.tagger import Tagger
from tests.training.test_training import tiny
from training import backbones, retrain, rollback, train
from training.registry import Registry, digests
from training.splits import part_of

LABELS = ("disclosure.total", "disclosure.wechat", "applications.received")
WANTED = {"train": 14, "development": 3, "test": 6}


def counties():
    names = (f"{a}{b}{c}县" for a in "青白丹紫赤乌" for b in "禾石溪岭湖" for c in "东西南北")
    left = dict(WANTED)
    for name in names:
        part = part_of("某省", name)
        if left[part]:
            left[part] -= 1
            yield part, name


def write_bank(folder, marked):
    """Units with three constructions, of which only ``marked`` are marked; some development figures are wrong."""
    rng = random.Random(1)
    (folder / "units").mkdir(parents=True)
    for i, (part, county) in enumerate(counties()):
        lines = []
        for words, label, measure in zip(("公开信息", "微信发布", "收到申请"), LABELS, "条篇件", strict=True):
            for _ in range(3):
                figure = f"{rng.randint(10, 9999)}{measure}"
                wrong = part == "development" and rng.random() < 0.3
                mark = f"{{{LABELS[0] if wrong else label}|{figure}}}" if label in marked else figure
                lines.append(f"全年{words}{mark}。")
        rng.shuffle(lines)
        head = f"---\nunit: {county}政府\nprovince: 某省\ncounty: {county}\nlevel: county\nyear: 2019\n---\n"
        (folder / "units" / f"u{i:02}.md").write_text(head + "\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture
def small(monkeypatch):
    def config(**given):
        more = {"hidden_size": 32, "layers": "c1 c2 a", "dropout": 0.0}
        return tiny(vocab_size=given["vocab_size"], **more)

    fast = {"rate": 5e-3, "head_rate": 5e-3, "average": 0.9, "augmented": False, "word_dropout": 0.0}
    monkeypatch.setattr(backbones, "EncoderConfig", config)
    monkeypatch.setattr(train, "Settings", partial(train.Settings, batch_characters=600, **fast))


def run(tmp_path, data, *more):
    folders = [
        "--data",
        str(data),
        "--models",
        str(tmp_path / "models"),
        "--reviewed",
        str(tmp_path / "none"),
    ]
    return retrain.main([*folders, "--backbone", "none", "--epochs", "30", "--threads", "1", *more])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_better_is_promoted_worse_is_refused_and_the_old_model_comes_back(tmp_path, small, capsys):
    models = tmp_path / "models"
    poor, good = write_bank(tmp_path / "poor", LABELS[:2]), write_bank(tmp_path / "good", LABELS)
    assert run(tmp_path, poor) == 0
    assert "PROMOTED" in capsys.readouterr().out
    first = digests(models / "tagger")
    assert run(tmp_path, good) == 0
    said = capsys.readouterr().out
    assert "PROMOTED" in said and "6 counties held out" in said, said
    registry = Registry(models)
    entry = registry.entry(registry.champion)
    assert entry["figures"]["all"] > entry["comparison"]["champion"]["all"]
    assert entry["data"]["bank_units"] == sum(WANTED.values())
    assert entry["training"]["settings"]["epochs"] == 30
    assert Tagger.load(models / "tagger").tag("全年收到申请77件。")
    old = registry.archived(entry["replaces"])
    assert run(tmp_path, good, "--candidate", str(old)) == 0
    said = capsys.readouterr().out
    assert "REFUSED" in said and "applications.received is worse" in said, said
    assert Registry(models).champion == entry["id"]
    assert rollback.main(["--models", str(models)]) == 0
    assert digests(models / "tagger") == first


def test_a_folder_that_is_no_model_is_refused(tmp_path, capsys):
    bank = write_bank(tmp_path / "bank", LABELS)
    assert run(tmp_path, bank, "--candidate", str(bank)) == 2
    assert "training.no_candidate" in capsys.readouterr().err


def test_without_a_bank_nothing_is_trained(tmp_path, capsys):
    assert run(tmp_path, tmp_path) == 2
    assert "--data" in capsys.readouterr().err
