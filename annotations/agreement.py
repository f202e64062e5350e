"""How good the annotations are: agreement between annotators, suspected label errors, numbers left unmarked.

python -m annotations.agreement            of what annotations.pull wrote: F1, Krippendorff's alpha, disagreements
python -m annotations.agreement --bank     of the two readings of the bank
python -m annotations.agreement --errors --minutes 10    also labels that are probably wrong, by cleanlab: as many
                                           trainings as folds, each so long, none on the county that it judges
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from annotations.bank.load import load_bank
from annotations.bank.second import READINGS, read_second
from annotations.bank.spans import uncovered_numbers
from annotations.quality.between import agreement_of, describe
from annotations.quality.decisions import Reading
from annotations.studio.reviewed import REVIEWED, load_reviewed
from extraction.errors import NianbaoError

_BANK = Path(__file__).parent / "bank"


def readings_of_reviewed(folder: Path) -> list[Reading]:
    """What people annotated in Label Studio."""
    return [Reading(one.key, one.annotator, one.text, one.passage.marks) for one in load_reviewed(folder)]


def readings_of_bank(bank: Path, second: Path) -> list[Reading]:
    """The bank's passages that were read twice, by the names “first” and “second”."""
    files = {file.name: file for file in load_bank(bank / "units")}
    out: dict[tuple[str, str], Reading] = {}
    names: set[str] = set()
    for path in sorted(second.glob("*.marks")):
        for key, text, marks in read_second(path, files):
            out["second", key] = Reading(key, "second", text, marks)
            names.add(key.partition("#")[0])
    for name in sorted(names):
        for number, passage in enumerate(files[name].unit.passages):
            key = f"{name}#{number}"
            out["first", key] = Reading(key, "first", passage.text, passage.marks)
            out.setdefault(("second", key), Reading(key, "second", passage.text, ()))
    return list(out.values())


def uncovered(readings: Sequence[Reading], most: int = 20) -> str:
    """Numbers with a measure word that an annotator left unmarked, the most frequent first."""
    numbers: Counter[str] = Counter()
    for one in readings:
        numbers.update(uncovered_numbers(one.text, one.marks))
    marks = sum(len(one.marks) for one in readings)
    listed = ", ".join(f"{number}×{count}" for number, count in numbers.most_common(most))
    return f"{marks} marks; {numbers.total()} numbers left unmarked: {listed or 'none'}"


def suspects(arguments: argparse.Namespace) -> str:
    """The label-error finder over bank and reviewed sentences."""
    from annotations.quality.label_errors import describe as describe_suspects
    from annotations.quality.label_errors import find_suspects
    from training.examples import Labelled, read_bank
    from training.fitting import fit_units
    from training.reader import Reader
    from training.reviewed import read_reviewed
    from training.train import Settings

    units = read_bank(arguments.data) + read_reviewed(arguments.reviewed)
    settings = Settings(minutes=arguments.minutes, threads=arguments.threads)

    def train(inside: list[Labelled]) -> Reader:
        return fit_units(inside, arguments.backbone, settings).reader

    return describe_suspects(find_suspects(units, train, folds=arguments.folds), most=arguments.most)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m annotations.agreement",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--reviewed", type=Path, default=REVIEWED, help="what annotations.pull wrote")
    parser.add_argument("--data", type=Path, default=_BANK, help="the bank")
    parser.add_argument("--bank", action="store_true", help="compare the bank's two readings instead")
    parser.add_argument("--most", type=int, default=40, metavar="N", help="list so many disagreements (40)")
    errors = parser.add_argument_group("the label-error finder")
    errors.add_argument("--errors", action="store_true", help="find labels that are probably wrong")
    errors.add_argument("--minutes", type=float, default=10.0, help="of training for each fold (10)")
    errors.add_argument("--folds", type=int, default=5, help="of counties (5)")
    errors.add_argument("--backbone", default="models/encoder", help="encoder folder, or none")
    errors.add_argument("--threads", type=int, default=2)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0, or 2 with a message."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.bank:
            readings = readings_of_bank(chosen.data, chosen.data / READINGS.name)
        else:
            readings = readings_of_reviewed(chosen.reviewed)
        if not readings:
            print(f"{chosen.reviewed} holds no annotations yet: python -m annotations.pull brings them.")
        else:
            print(describe(agreement_of(readings), most=chosen.most))
            print(uncovered(readings))
        if chosen.errors:
            print(suspects(chosen))
    except NianbaoError as error:
        print(f"agreement: {error.message} [{error.code}]", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
