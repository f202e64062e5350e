"""A trained model as the product loads it: ONNX, int8 where that holds its accuracy, and a manifest.

python -m training.export --model models/candidate --out models/tagger
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from extraction.narrative.calibration import Calibration
from extraction.narrative.tagger import Tagger
from training import calibration
from training.encoder import EncoderForTokenClassification
from training.evaluation import score_tagger
from training.examples import Labelled, read_bank
from training.manifest import file_digests
from training.shifting import quantise_before_shifting

log = logging.getLogger("export")
_TOLERATED = 0.003  # int8 may cost so much F1 on the counties held out
_OPSET = 20  # the first with Gelu as one operator: a twentieth of the time


class _Scores(nn.Module):
    """The exported function: ids and mask in, scores out."""

    def __init__(self, model: EncoderForTokenClassification) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return self.model.scores(input_ids, attention_mask)


def to_onnx(folder: Path, path: Path) -> None:
    """Export the float model in ``folder`` with free batch and length."""
    model = EncoderForTokenClassification.from_pretrained(folder, dtype=torch.float32)
    # A wrapper left in training mode would put the model back into it: dropout in the graph.
    wrapped = _Scores(model).eval()
    example = torch.randint(3, 12, (2, 17))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the old exporter says that it is old and that shapes are traced
        torch.onnx.export(
            wrapped,
            (example, torch.ones_like(example)),
            str(path),
            dynamo=False,
            opset_version=_OPSET,
            input_names=["input_ids", "attention_mask"],
            output_names=["scores"],
            dynamic_axes={
                "input_ids": {0: "batch", 1: "length"},
                "attention_mask": {0: "batch", 1: "length"},
                "scores": {0: "batch", 1: "length"},
            },
        )


def to_int8(source: Path, path: Path) -> None:
    """Weights of matrix products as int8, activations quantised as they come."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)  # the quantiser advises preprocessing on the root logger
    quantize_dynamic(
        str(source), str(path), weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"],
        extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip
    logging.getLogger().setLevel(logging.INFO)
    rearranged = onnx.load(str(path))
    quantise_before_shifting(rearranged)
    onnx.save(rearranged, str(path))


def export(model: Path, out: Path, data: Path) -> dict[str, float]:
    """Write the model folder of the product; returns F1 on the held-out counties, float and int8."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("alphabet.json", "labels.json"):
        shutil.copyfile(model / name, out / name)
    Calibration().save(out)  # none: every span is wanted while it is measured
    units = read_bank(data)
    held_out = [u for u in units if u.part != "train"]
    f1: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        paths = {"float": Path(folder) / "float.onnx", "int8": Path(folder) / "int8.onnx"}
        to_onnx(model, paths["float"])
        to_int8(paths["float"], paths["int8"])
        for name, path in paths.items():
            shutil.copyfile(path, out / "model.onnx")
            f1[name] = score_tagger(Tagger.load(out), held_out).all.f1
            log.info("%s: F1 %.4f on held-out counties, %.1f MB", name, f1[name], path.stat().st_size / 1e6)
        chosen = "int8" if f1["int8"] >= f1["float"] - _TOLERATED else "float"
        shutil.copyfile(paths[chosen], out / "model.onnx")
    tuned = [u for u in units if u.part == "development"]
    tagger = Tagger.load(out)
    calibration.fit(calibration.outcomes_of(tagger, tuned), best_threshold(tagger, tuned)).save(out)
    manifest = json.loads((model / "manifest.json").read_text("utf-8"))
    manifest["export"] = {"precision": chosen, "f1_held_out": f1, "opset": _OPSET}
    manifest["files"] = file_digests(out)
    (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return f1


def best_threshold(tagger: Tagger, units: list[Labelled]) -> float:
    """The raw score from which spans are figures: best strict F1 on ``units``; the lowest where several tie."""
    right: list[float] = []
    wrong: list[float] = []
    for unit in units:
        wanted = {(m.start, m.end, m.label) for m in unit.marks}
        for span in tagger.tag(unit.text, year=unit.year):
            if span.start < unit.first:
                continue
            (right if (span.start, span.end, span.label) in wanted else wrong).append(span.raw)
    present = sum(len(u.marks) for u in units)

    def f1(threshold: float) -> float:
        good, bad = (sum(score >= threshold for score in scores) for scores in (right, wrong))
        return 2 * good / max(1, good + bad + present)

    return max((step / 50 for step in range(46)), key=lambda t: (round(f1(t), 6), -t))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder written by training.train")
    parser.add_argument("--out", type=Path, default=Path("models/tagger"))
    parser.add_argument("--data", type=Path, default=Path("annotations/bank"))
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(2)
    export(arguments.model, arguments.out, arguments.data)


if __name__ == "__main__":
    main()
