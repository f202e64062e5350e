"""Pretraining of the encoder: masked-language modelling with spans on unlabelled official Chinese.

python -m training.pretrain --corpus ../shared/corpus/pretraining --bank annotations/bank --out models/encoder
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import math
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from annotations.bank.markup import parse_unit
from extraction.narrative.alphabet import MASK, PAD, SPECIALS, Alphabet
from training.encoder import Encoder, EncoderConfig, EncoderForMaskedLM
from training.splits import part_of_unit

log = logging.getLogger("pretrain")


def read_lines(path: Path) -> list[str]:
    """Paragraphs of one gzip'd corpus file, without front matter of converted pages."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [s for line in lines if len(s := line.strip()) > 8 and not s.startswith("bookCollapse")]


def read_bank(folder: Path) -> list[str]:
    """The bank's units for training as plain text, marks removed: one string a unit."""
    units = [parse_unit(path.read_text("utf-8")) for path in sorted(folder.glob("units/*.md"))]
    return ["\n".join(p.text for p in unit.passages) for unit in units if part_of_unit(unit) == "train"]


class Stream:
    """One source as a long row of ids; windows are cut from it at random places."""

    def __init__(self, lines: list[str], alphabet: Alphabet) -> None:
        self.ids = alphabet.encode("\n".join(lines)).astype(np.int16)

    def cut(self, length: int, rng: random.Random) -> NDArray[np.int16]:
        start = rng.randrange(max(1, len(self.ids) - length))
        return self.ids[start : start + length]


def mask_spans(ids: NDArray[np.int64], rng: np.random.Generator, rate: float = 0.18) -> NDArray[np.bool_]:
    """Places to hide: spans of 1 to 5 characters (geometric), about ``rate`` of all."""
    hidden = np.zeros(ids.shape, dtype=bool)
    batch, length = ids.shape
    spans = int(length * rate / 2.2)
    starts = rng.integers(0, length, (batch, spans))
    sizes = np.minimum(rng.geometric(0.45, (batch, spans)), 5)
    for k in range(5):
        rows, columns = np.nonzero(sizes > k)
        at = starts[rows, columns] + k
        inside = at < length
        hidden[rows[inside], at[inside]] = True
    return hidden & (ids != PAD)


def corrupt(ids: NDArray[np.int64], hidden: NDArray[np.bool_], rng: np.random.Generator, size: int) -> None:
    """In place: four fifths of the hidden become <mask>, a tenth another character, a tenth stay."""
    draw = rng.random(ids.shape)
    ids[hidden & (draw < 0.8)] = MASK
    other = hidden & (draw >= 0.8) & (draw < 0.9)
    ids[other] = rng.integers(len(SPECIALS), size, int(other.sum()))


def batches(
    streams: list[Stream], weights: list[float], *, batch: int, length: int, seed: int
) -> Iterator[NDArray[np.int64]]:
    """Endless windows, sources drawn by weight."""
    rng = random.Random(seed)
    while True:
        chosen = rng.choices(streams, weights, k=batch)
        yield np.stack([stream.cut(length, rng) for stream in chosen]).astype(np.int64)


def _save(model: EncoderForMaskedLM, out: Path, note: dict[str, object]) -> None:
    """The encoder at half precision, the whole model for going on, and what was done."""
    out.mkdir(parents=True, exist_ok=True)
    halved = {k: v.detach().half().contiguous() for k, v in model.encoder.state_dict().items()}
    part = out / "part"
    model.encoder.save_pretrained(part, state_dict=halved)
    for path in part.iterdir():
        path.replace(out / path.name)
    part.rmdir()
    (out / "pretraining.json").write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n", "utf-8")


def take_over(model: EncoderForMaskedLM, start: Path) -> int:
    """Begin with the encoder in ``start``, whose layers above the model's are left out; the head is new.

    Returns the characters that it has seen. Raises ValueError where a layer of the model is not in it.
    """
    known = Encoder.from_pretrained(start, dtype=torch.float32).state_dict()
    wanted = model.encoder.state_dict()
    unfit = [name for name, value in wanted.items() if name not in known or known[name].shape != value.shape]
    if unfit:
        raise ValueError(f"{start}: no weights of the right shape for {', '.join(unfit[:3])}")
    model.encoder.load_state_dict({name: known[name] for name in wanted})
    return int(json.loads((start / "pretraining.json").read_text("utf-8"))["characters_seen"])


def pretrain(arguments: argparse.Namespace) -> None:
    """Train until ``--minutes`` are over, saving every few minutes."""
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    rng = np.random.default_rng(arguments.seed)
    laws = read_lines(arguments.corpus / "laws.txt.gz")
    work = read_lines(arguments.corpus / "work-reports.txt.gz")
    bank = read_bank(arguments.bank) if arguments.bank else []
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    if arguments.resume or arguments.start:
        alphabet = Alphabet.load((out if arguments.resume else arguments.start) / "alphabet.json")
    else:
        alphabet = Alphabet.count([*laws, *work, *bank], at_least=5, most=arguments.characters)
    alphabet.save(out / "alphabet.json")
    streams = [Stream(lines, alphabet) for lines in (laws, work, bank) if lines]
    weights = [0.55, 0.2, 0.25][: len(streams)]
    config = EncoderConfig(
        vocab_size=len(alphabet), hidden_size=arguments.hidden, layers=arguments.layers, dropout=0.0
    )
    model = EncoderForMaskedLM(config)
    started = before = 0
    if arguments.start and not arguments.resume:
        before = take_over(model, arguments.start)
    state_path = arguments.state or out.parent / f"{out.name}.state.pt"
    optimiser = torch.optim.AdamW(model.parameters(), lr=arguments.rate, betas=(0.9, 0.98), weight_decay=0.01)
    if arguments.resume:
        state = torch.load(state_path, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        started, before = int(state["step"]), int(state["seen"])
    log.info("%d characters, %d parameters", len(alphabet), sum(p.numel() for p in model.parameters()))
    begun = saved = time.monotonic()
    total, step, seen = 0.0, started, 0
    model.train()
    for clean in batches(
        streams, weights, batch=arguments.batch, length=arguments.length, seed=arguments.seed + started
    ):
        part = (time.monotonic() - begun) / (60 * arguments.minutes)
        if part >= 1:
            break
        rate = (
            arguments.rate * min(1.0, (step + 1) / 200) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * part)))
        )
        loss = _step(model, optimiser, clean, rng, rate)
        total, step, seen = total + loss, step + 1, seen + clean.size
        if step % 50 == 0:
            speed = seen / (time.monotonic() - begun)
            log.info("step %d loss %.3f  %.0f characters/s  %.0f%%", step, total / 50, speed, 100 * part)
            total = 0.0
        if time.monotonic() - saved > 60 * arguments.save_minutes:
            saved = time.monotonic()
            _keep(
                model,
                optimiser,
                step=step,
                seen=before + seen,
                arguments=arguments,
                alphabet=alphabet,
                state_path=state_path,
            )
    _keep(
        model,
        optimiser,
        step=step,
        seen=before + seen,
        arguments=arguments,
        alphabet=alphabet,
        state_path=state_path,
    )


def _keep(
    model: EncoderForMaskedLM,
    optimiser: torch.optim.Optimizer,
    *,
    step: int,
    seen: int,
    arguments: argparse.Namespace,
    alphabet: Alphabet,
    state_path: Path,
) -> None:
    note = {
        "steps": step, "characters_seen": seen, "alphabet": len(alphabet), "seed": arguments.seed,
        "batch": arguments.batch, "length": arguments.length, "torch": torch.__version__,
    }  # fmt: skip
    _save(model, arguments.out, note)
    partial = state_path.with_suffix(".part")
    state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "seen": seen}
    torch.save(state, partial)
    partial.replace(state_path)


def _step(
    model: EncoderForMaskedLM,
    optimiser: torch.optim.Optimizer,
    clean: NDArray[np.int64],
    rng: np.random.Generator,
    rate: float,
) -> float:
    hidden = mask_spans(clean, rng)
    spoiled = clean.copy()
    corrupt(spoiled, hidden, rng, model.config.vocab_size)
    places = torch.from_numpy(hidden)
    ids = torch.from_numpy(spoiled)
    logits: Tensor = model(ids, torch.ones_like(ids), places)
    loss = functional.cross_entropy(logits, torch.from_numpy(clean)[places])
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return float(loss.detach())


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.pretrain", description=__doc__)
    parser.add_argument(
        "--corpus", type=Path, required=True, help="folder with laws.txt.gz and work-reports.txt.gz"
    )
    parser.add_argument("--bank", type=Path, help="the bank, whose text is read too")
    parser.add_argument("--out", type=Path, required=True, help="folder for the encoder")
    parser.add_argument("--state", type=Path, help="file for going on later (default: beside --out)")
    parser.add_argument("--start", type=Path, help="an encoder to begin with, of as many layers or more")
    parser.add_argument("--resume", action="store_true", help="go on from --state")
    parser.add_argument(
        "--minutes", type=float, default=60, help="how long; the learning rate falls to its end"
    )
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument("--hidden", type=int, default=160)
    parser.add_argument("--layers", default="c1 c2 a c1 c4")
    parser.add_argument("--characters", type=int, default=4500)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--length", type=int, default=192)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    pretrain(parser.parse_args())


if __name__ == "__main__":
    main()
