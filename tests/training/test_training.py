"""From a made-up bank to a model that the product loads: pretraining, training, export."""

import gzip
import json
import random
import warnings
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra “train”")
pytest.importorskip("transformers", reason="needs the extra “train”")
pytest.importorskip("datasets", reason="needs the extra “train”")

import torch

from extraction.narrative.alphabet import Alphabet
from extraction.narrative.calibration import Calibration
from extraction.narrative.tagger import Tagger
from training.encoder import EncoderConfig, EncoderForTokenClassification
from training.evaluation import score_tagger
from training.examples import as_dataset, examples_of, from_row, label_keys, read_bank, targets_of
from training.splits import part_of

COUNTIES = [
    name
    for name in (f"{a}{b}县" for a in "青白丹紫赤乌" for b in "禾石溪岭湖")
    if part_of("某省", name) != "test"
]
TAGS = 2 * len(label_keys()) + 1


def write_bank(folder: Path, units: int = 24) -> Path:
    """Units with two constructions, numbers drawn: enough to learn, too little to be of use."""
    rng = random.Random(1)
    (folder / "units").mkdir(parents=True)
    for i in range(units):
        county = COUNTIES[i % len(COUNTIES)]
        lines = [
            f"全年主动公开政府信息{{disclosure.total|{rng.randint(10, 9999)}条}}，"
            f"其中微信{{disclosure.wechat|{rng.randint(1, 99)}条}}。",
            f"收到申请{{applications.received|{rng.randint(1, 99)}件}}，印发文件〔2019〕{rng.randint(1, 99)}号。",
        ]
        rng.shuffle(lines)
        head = (
            f"---\nunit: {county}人民政府\nprovince: 某省\ncounty: {county}\nlevel: county\nyear: 2019\n---\n"
        )
        (folder / "units" / f"u{i:02}.md").write_text(head + "\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    return write_bank(tmp_path_factory.mktemp("bank"))


def tiny(**more):
    return EncoderConfig(
        **({"vocab_size": 60, "hidden_size": 16, "heads": 2, "feed_forward": 32, "num_labels": TAGS} | more)
    )


def test_units_survive_the_dataset(bank):
    units = read_bank(bank)
    assert [from_row(row) for row in as_dataset(units)] == units


def test_targets_spell_the_marks(bank):
    keys = label_keys()
    for unit in read_bank(bank)[:5]:
        for example in examples_of(unit):
            targets = targets_of(example, keys)
            begins = np.flatnonzero(targets.places == 1)
            assert begins.tolist() == [m.start for m in example.marks]
            assert (targets.places[: example.start] == -100).all()
            for mark in example.marks:
                assert set(targets.labels[mark.start : mark.end]) == {keys.index(mark.label)}
                assert (targets.places[mark.start + 1 : mark.end] == 2).all()


def test_every_mark_of_a_unit_is_in_one_stretch(bank):
    for unit in read_bank(bank):
        texts = [e.text[m.start : m.end] for e in examples_of(unit, 40) for m in e.marks]
        assert texts == [unit.text[m.start : m.end] for m in unit.marks]


def test_padding_changes_nothing():
    torch.manual_seed(0)
    model = EncoderForTokenClassification(tiny()).eval()
    ids = torch.randint(3, 60, (1, 11))
    padded = torch.cat([ids, torch.zeros(1, 6, dtype=torch.long)], dim=1)
    mask = (padded != 0).long()
    with torch.inference_mode():
        alone, beside = model.scores(ids, torch.ones_like(ids)), model.scores(padded, mask)[:, :11]
    assert torch.allclose(alone, beside, atol=1e-5)


def test_transformers_sees_the_same_tags():
    torch.manual_seed(0)
    model = EncoderForTokenClassification(tiny()).eval()
    ids = torch.randint(3, 60, (2, 9))
    with torch.inference_mode():
        logits, scores = model(ids).logits, model.scores(ids)
    assert logits.shape == (2, 9, TAGS)
    assert torch.allclose(logits.exp().sum(-1), torch.ones(2, 9), atol=1e-5)
    k = int(scores[0, 0, 3:-1].argmax())
    assert int(logits[0, 0, 1::2].argmax()) == k


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_tiny_bank_is_learnt_exported_and_loaded(bank, tmp_path, monkeypatch):
    from training import backbones, export, train

    monkeypatch.setattr(
        backbones,
        "EncoderConfig",
        lambda **given: tiny(vocab_size=given["vocab_size"], hidden_size=48, layers="c1 c2 a", dropout=0.0),
    )
    settings = train.Settings(
        epochs=40, rate=5e-3, head_rate=5e-3, average=0.9, augmented=False, threads=1, word_dropout=0
    )
    out = tmp_path / "candidate"
    tagger = train.train(bank, "none", out, settings)
    units = [u for u in read_bank(bank) if u.part == "train"]
    learnt = score_tagger(tagger, units)
    assert learnt.all.f1 > 0.9
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["settings"]["seed"] == 7
    assert len(manifest["data_sha256"]) == 64
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export.to_onnx(out, tmp_path / "model.onnx")
        export.to_int8(tmp_path / "model.onnx", tmp_path / "int8.onnx")
    for name in ("alphabet.json", "labels.json"):
        (tmp_path / name).write_bytes((out / name).read_bytes())
    Calibration().save(tmp_path)
    shipped = Tagger.load(tmp_path)
    assert [shipped.tag(u.text) == [] for u in units].count(True) == 0
    assert score_tagger(shipped, units).all.f1 == pytest.approx(learnt.all.f1, abs=0.01)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_pretraining_writes_an_encoder_that_training_reads(bank, tmp_path, monkeypatch):
    from training import backbones, pretrain

    for name in ("laws", "work-reports"):
        with gzip.open(tmp_path / f"{name}.txt.gz", "wt", encoding="utf-8") as out:
            out.write("\n".join(f"第{n}条 机关应当主动公开政府信息，接受监督。" for n in range(200)))
    monkeypatch.setattr(
        "sys.argv",
        ["pretrain", "--corpus", str(tmp_path), "--bank", str(bank), "--out", str(tmp_path / "encoder"),
         "--minutes", "0.03", "--hidden", "16", "--batch", "4", "--length", "32", "--threads", "1"],
    )  # fmt: skip
    pretrain.main()
    alphabet = Alphabet.load(tmp_path / "encoder" / "alphabet.json")
    model, same = backbones.build(str(tmp_path / "encoder"), TAGS, texts=[])
    assert same.characters == alphabet.characters
    assert model.config.hidden_size == 16
    weights = model.encoder.embedding.weight
    assert weights.dtype == torch.float32 and bool(weights.abs().sum() > 0)
    assert json.loads((tmp_path / "encoder" / "pretraining.json").read_text("utf-8"))["steps"] > 0
