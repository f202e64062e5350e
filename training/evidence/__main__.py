"""Make the page and the model card anew from the record, without evaluating anything.

python -m training.evidence --report docs/evaluation --model models/tagger
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.evidence.publish import REPORT, republish


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.evidence", description=__doc__)
    parser.add_argument("--report", type=Path, default=REPORT, help="folder with evaluation.json")
    parser.add_argument("--model", type=Path, default=Path("models/tagger"), help="folder for MODEL_CARD.md")
    arguments = parser.parse_args()
    republish(arguments.report, arguments.model)


if __name__ == "__main__":
    main()
