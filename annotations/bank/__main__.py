"""The bank from the command line.

``python -m annotations.bank check``: its faults and counts; exit status 1 where there are faults.
``python -m annotations.bank agreement``: how its two readings agree.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from annotations.bank.check import check_bank, describe
from annotations.bank.load import UNITS, load_bank
from annotations.bank.second import compare, describe_agreement

REAL = Path(__file__).parents[3] / "shared" / "corpus" / "seeds"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m annotations.bank", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "check", help="verify markup, labels, spans, diversity, and that nothing is copied"
    )
    check.add_argument("--units", type=Path, default=UNITS, help="the folder of units")
    check.add_argument("--real", type=Path, default=REAL, help="real reports that must not be copied")
    agree = commands.add_parser("agreement", help="compare the first reading with the second, blind one")
    agree.add_argument("--units", type=Path, default=UNITS, help="the folder of units")
    agree.add_argument("--most", type=int, default=40, help="so many differences are listed")
    chosen = parser.parse_args(arguments)
    if chosen.command == "agreement":
        print(describe_agreement(compare(load_bank(chosen.units)), most=chosen.most))
        return 0
    report = check_bank(load_bank(chosen.units), chosen.real)
    print(describe(report))
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
