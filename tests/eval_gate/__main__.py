"""Hold the shipped model to its floors, or move them.

python -m tests.eval_gate                        say what falls below its floor; status 1 if anything does
python -m tests.eval_gate --update               raise the floors; refuses to lower one
python -m tests.eval_gate --update --reason "…"  lower them too, and keep the reason
"""

from __future__ import annotations

import argparse
import datetime
import json

from tests.eval_gate.gate import (
    FLOORS,
    LoweredFloorError,
    failures,
    measure_shipped,
    read_floors,
    shipped_digest,
    updated,
)


def main() -> int:
    """The command line; 0 all is well, 1 a floor does not hold or would be lowered."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.eval_gate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--update", action="store_true", help="write the figures of now as floors")
    parser.add_argument("--reason", help="why a floor may be lowered")
    arguments = parser.parse_args()
    measured = measure_shipped()
    if not arguments.update:
        lines = failures(read_floors(), measured)
        print("\n".join(lines) or "every floor holds")
        return int(bool(lines))
    try:
        floors = updated(
            read_floors(), measured, reason=arguments.reason, model=shipped_digest(),
            date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        )  # fmt: skip
    except LoweredFloorError as error:
        print(error)
        return 1
    FLOORS.write_text(json.dumps(floors, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"floors written for {', '.join(measured)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
