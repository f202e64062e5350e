"""The reports of examples/ against what a careful reader finds in them (examples.yaml)."""

import importlib.util
import io
import json
import re
import sys
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from extraction import extract
from extraction.forms import GridForm, load_forms
from extraction.pipeline import Options
from extraction.run import main

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
GOLD = yaml.safe_load((Path(__file__).parent / "examples.yaml").read_text(encoding="utf-8"))
WORDS = {"blank": "blank", "na": "not_applicable", "open": "ambiguous"}
ERROR_OF_ITS_OWN = "云岫县人民政府2019年政府信息公开工作年度报告.txt"
MASTER = "青岚县人民政府2023年政府信息公开工作年度报告"
COPIES = [f"{MASTER}{suffix}" for suffix in (".txt", ".html", ".pdf", ".docx")]

each = pytest.mark.parametrize("gold", GOLD, ids=[gold["unit"]["name"] for gold in GOLD])


@cache
def read(name: str):
    return extract(EXAMPLES / name, Options(with_text=True))


def grids(gold: dict) -> list[GridForm]:
    wanted = {table: gold["forms"].get(table, gold["form"]) for table, _ in load_forms().grids}
    return [grid for (table, form), grid in load_forms().grids.items() if wanted[table] == form]


def expected(gold: dict) -> dict[str, tuple[str, float | None]]:
    out = {}
    for grid in grids(gold):
        rows = gold["tables"].get(grid.table, {})
        assert grid.table == "review" or rows.keys() <= {row.key for row in grid.rows}, grid.table
        flat = (
            rows
            if grid.table == "review"
            else [value for row in grid.rows for value in rows.get(row.key, [0] * len(grid.columns))]
        )
        for key, value in zip(grid.keys, flat, strict=True):
            out[key] = (WORDS[value], None) if isinstance(value, str) else ("number", value)
    return out


def test_every_text_of_the_folder_has_its_gold():
    assert sorted(path.name for path in EXAMPLES.glob("*.txt")) == sorted(gold["file"] for gold in GOLD)
    assert len(GOLD) == 8


@each
def test_the_gold_itself_adds_up(gold):
    """But for the one error that one report makes; a slip of ours in the gold would show here."""
    cells, failing = expected(gold), set()
    for grid in grids(gold):
        for identity in load_forms().identities_of(grid):
            lines = grid.columns if identity.axis == "column" else grid.rows
            for line in lines:
                pattern = "{1}/{0}" if identity.axis == "column" else "{0}/{1}"
                sides = [
                    [cells[f"{grid.table}/{pattern.format(line.key, term)}"] for term in terms]
                    for terms in (identity.left, identity.right)
                ]
                if any(kind == "ambiguous" for side in sides for kind, _ in side):
                    continue
                left, right = (sum(value or 0 for _, value in side) for side in sides)
                if left != right:
                    failing.add((identity.key, line.key))
    wrong = {
        ("applications.applicants", "total"),
        ("applications.balance", "natural_person"),
        ("applications.outcomes", "natural_person"),
    }
    assert failing == (wrong if gold["file"] == ERROR_OF_ITS_OWN else set())


@each
def test_every_cell_is_as_in_the_gold(gold):
    report = read(gold["file"])
    assert {cell.key: (cell.kind, cell.value) for cell in report.cells} == expected(gold)


@each
def test_what_is_said_of_the_report(gold):
    report = read(gold["file"])
    unit = report.unit
    assert {"name": unit.name, "level": unit.level, "province": unit.province} == gold["unit"]
    assert (report.year, report.published, report.form) == (gold["year"], gold["published"], gold["form"])
    assert report.source.encoding == gold["encoding"]
    # fictional places: the code list must not know them
    assert (unit.city, unit.county, unit.division_code) == (None, None, None)


@each
def test_the_findings_are_those_and_no_others(gold):
    found = Counter(
        f"{f.severity} {f.check}"
        for f in read(gold["file"]).findings
        if f.severity != "note" and not f.check.startswith("agreement.")
    )
    assert found == gold["findings"]


@each
def test_every_section_is_found_once_and_in_order(gold):
    keys = [section.key for section in read(gold["file"]).sections if section.key != "preamble"]
    assert keys == ["overview", "disclosure", "applications", "review", "problems", "other"]


@each
def test_every_cell_stands_where_the_record_says(gold):
    report = read(gold["file"])
    shown = [cell for cell in report.cells if cell.raw]
    assert len(shown) >= 0.95 * len(report.cells)
    assert all(report.text[cell.start : cell.end] == cell.raw for cell in shown)


def test_a_blank_that_arithmetic_places_and_one_that_it_cannot():
    placed = read("望溪县听泉坳镇人民政府2022年政府信息公开工作年度报告.txt").cell(
        "applications/new/business"
    )
    assert (placed.kind, placed.value) == ("blank", None)
    review = [c for c in read("松涧县司法局2020年政府信息公开工作年度报告.txt").cells if c.table == "review"]
    assert [c.key for c in review if c.kind == "ambiguous"] == [
        f"review/reconsideration/{column}" for column in ("maintained", "corrected", "other", "pending")
    ]


def test_the_error_of_its_own_is_named_with_the_number_that_would_heal_it():
    findings = [f for f in read(ERROR_OF_ITS_OWN).findings if f.severity == "error"]
    assert all("natural_person" in f.message and "were 19 (it is 16)" in f.message for f in findings)


# --- one report, four formats -------------------------------------------------------------------------


def test_four_formats_hold_the_same_cells():
    cells = {name: {c.key: (c.kind, c.value) for c in read(name).cells} for name in COPIES}
    differing = {
        name: {
            key: (text, cells[name].get(key))
            for key, text in cells[COPIES[0]].items()
            if cells[name].get(key) != text
        }
        for name in COPIES[1:]
    }
    assert differing == {name: {} for name in COPIES[1:]}
    assert len({len(mine) for mine in cells.values()}) == 1


def test_four_formats_say_the_same_of_unit_and_year():
    assert {(read(name).unit.name, read(name).year, read(name).form) for name in COPIES} == {
        ("青岚县人民政府", 2023, "2021")
    }


def test_the_pdf_runs_over_its_pages_and_every_cell_has_its_box():
    cells = [cell for cell in read(COPIES[2]).cells if cell.kind == "number"]
    assert {cell.page for cell in cells if cell.table == "applications"} == {2, 3}
    assert all(cell.bbox is not None for cell in cells)


def test_a_run_over_the_folder_reads_all_but_its_readme(tmp_path):
    assert (
        main([str(EXAMPLES), "--out", str(tmp_path), "--format", "jsonl", "--workers", "1", "--quiet"]) == 0
    )
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert (summary["reports"], summary["errors"]) == (11, 0)
    assert summary["skipped_by_suffix"] == {"(readme)": 1}


def test_a_run_says_that_the_four_agree(tmp_path, capsys):
    main(
        [
            *(str(EXAMPLES / name) for name in COPIES),
            "--out",
            str(tmp_path),
            "--format",
            "jsonl",
            "--workers",
            "1",
        ]
    )
    assert (
        "青岚县人民政府 2023: 4 files agree in all 200 cells (docx, html, pdf, txt)"
        in capsys.readouterr().out
    )
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["reports_in_several_files"] == {"agree": 1, "differ": 0}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    spec = importlib.util.spec_from_file_location("make_examples", ROOT / "scripts" / "make_examples.py")
    module = sys.modules["make_examples"] = importlib.util.module_from_spec(spec)  # dataclasses look it up
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("made")
    module.main(folder)
    del sys.modules["make_examples"]
    return folder


def members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_the_files_are_what_the_script_makes(made):
    """Stale files would make the comparison above worthless. Compressed bytes may differ by zlib's version."""
    page, word = f"{MASTER}.html", f"{MASTER}.docx"
    assert (made / page).read_bytes() == (EXAMPLES / page).read_bytes()
    assert members((made / word).read_bytes()) == members((EXAMPLES / word).read_bytes())
    assert extract(made / f"{MASTER}.pdf", Options(with_text=True)).text == read(f"{MASTER}.pdf").text


def test_the_master_prose_is_in_every_format():
    prose = "张贴在村务公开栏和便民服务中心"
    for name in COPIES:
        assert prose in re.sub(r"\s", "", read(name).text), name


def test_the_readme_names_every_file():
    said = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for path in EXAMPLES.iterdir():
        assert path.name == "README.md" or path.name in said or path.stem in said, path.name
