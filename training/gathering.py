"""The bank and the reviewed sentences as one folder that training reads, every county on one side of the split.

The units of the bank lie in ``units/``, the settled sentences in ``reviewed/``; ``training.examples.read_bank`` reads
both. A reviewed sentence carries the county whose part it takes.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from annotations.bank.markup import parse_unit
from annotations.studio.reviewed import Reviewed, load_reviewed, reviewed_record, settle
from training.errors import TrainingError
from training.examples import REVIEWED, bank_digest
from training.splits import part_of

_COUNTY = re.compile(r"^.{1,8}?[县区市旗]")

Home = tuple[str, str]  # province, county


@dataclass(slots=True)
class Gathered:
    """What training reads: where, how much, from whom, and what was left out and why."""

    folder: Path
    bank_units: int = 0
    reports: int = 0
    sentences: int = 0
    figures: int = 0
    annotators: tuple[str, ...] = ()
    counties: Counter[str] = field(default_factory=Counter)  # of the reviewed reports, by part
    left_out: list[str] = field(default_factory=list)

    @property
    def record(self) -> dict[str, Any]:
        """As the registry keeps it."""
        rest = asdict(self) | {"annotators": len(self.annotators), "sha256": bank_digest(self.folder)}
        rest["counties"] = dict(self.counties)  # of a Counter, asdict makes one with pairs for keys (3.11)
        return {key: value for key, value in rest.items() if key != "folder"}


def gather(bank: Path, reviewed: Path, out: Path) -> Gathered:
    """Write the units of ``bank`` and the sentences of ``reviewed`` to ``out``, replacing what was there.

    A sentence on which annotators are divided, and a report of which nobody can tell to which of several
    counties of its name it belongs, are left out and named. Raises TrainingError where the bank is empty.
    """
    for name in ("units", REVIEWED):
        shutil.rmtree(out / name, ignore_errors=True)
    (out / "units").mkdir(parents=True)
    done = Gathered(out)
    homes: dict[str, set[str]] = defaultdict(set)
    for path in sorted(bank.glob("units/*.md")):
        shutil.copyfile(path, out / "units" / path.name)
        unit = parse_unit(path.read_text("utf-8"))
        homes[unit.county].add(unit.province)
        done.bank_units += 1
    if not done.bank_units:
        raise TrainingError("training.no_bank", f"{bank} holds no units. Give the bank's folder with --data.")
    every = load_reviewed(reviewed)
    for one in every:
        if one.province and one.county:
            homes[county_of(one.county)].add(one.province)
    chosen, divided = settle(every)
    done.left_out += [f"{key}: annotators are divided" for key in divided]
    done.annotators = tuple(sorted({one.annotator for one in every}))
    _write_reviewed(done, chosen, homes)
    return done


def _write_reviewed(done: Gathered, chosen: Iterable[Reviewed], homes: Mapping[str, Collection[str]]) -> None:
    placed: list[Reviewed] = []
    lost: set[str] = set()
    for one in chosen:
        home = home_of(one, homes)
        if home:
            placed.append(replace(one, province=home[0], county=home[1]))
        elif one.report_id not in lost:
            lost.add(one.report_id)
            done.left_out.append(f"report {one.report_id}: which {one.county} it is of cannot be told")
    if placed:
        (done.folder / REVIEWED).mkdir()
        with (done.folder / REVIEWED / "settled.jsonl").open("wb") as file:
            file.writelines(orjson.dumps(reviewed_record(one)) + b"\n" for one in placed)
    done.sentences = len(placed)
    done.reports = len({one.report_id for one in placed})
    done.figures = sum(len(one.regions) for one in placed)
    done.counties.update(part_of(*home) for home in {(one.province, one.county) for one in placed})


def home_of(one: Reviewed, homes: Mapping[str, Collection[str]]) -> Home | None:
    """The county whose part a sentence takes; None where counties of its name lie in different parts.

    Where the reading did not tell the county, its unit's name up to 县, 区, 市 or 旗 does, so that a county's
    bureaus go with it; where it did not tell the province, the provinces with a county of that name do.
    """
    name = county_of(one.county)
    if one.province:
        return one.province, name
    provinces = sorted(homes.get(name, ("",)))
    if len({part_of(province, name) for province in provinces}) > 1:
        return None
    return provinces[0], name


def county_of(place: str) -> str:
    """某县 of 某县某局; the place itself where it names no county."""
    head = _COUNTY.match(place)
    return head[0] if head else place
