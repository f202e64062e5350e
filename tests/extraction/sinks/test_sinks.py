import csv
import hashlib
import tracemalloc
from dataclasses import replace
from pathlib import Path

import duckdb
import openpyxl
import orjson
import pyarrow.parquet as pq
import pytest

from extraction.errors import NianbaoError
from extraction.headings import all_cells, heading
from extraction.records import CrossFinding, Figure, Finding, Shown, Unit
from extraction.sinks import FORMATS, write
from extraction.sinks import batch as batches
from extraction.sinks.schema import TIDY, tables, wide_name
from extraction.sinks.xlsx import xlsx_sink
from tests.extraction.made import UNIT, recelled, report, zeros

EVIL = '=HYPERLINK("http://x")'
NEW = "applications/new/total"


def figure(value=12, **changes):
    made = Figure(
        label="applications.received",
        value=value,
        unit="件",
        approx="exact",
        period="current",
        zero_statement=False,
        text="12件",
        start=5,
        end=8,
        section="overview",
        sentence="全年收到申请12件。",
        score=0.98,
        accepted=True,
    )
    return replace(made, **changes)


def some_reports():
    doubt = Finding("dates.stale_year", "warning", EVIL, "2020-01-01", 2021, (NEW, "x"), (0,))
    first = report(
        zeros() | {NEW: 7, "applications/granted/other": None, "review/lawsuit_direct/other": "ambiguous"},
        report_id="a" * 64,
        figures=(figure(), figure(3.5, period="prior"), figure(100, accepted=False), figure(None, unit="条")),
        findings=(doubt, Finding("values.negative", "error", "…", 1, -2.5)),
    )
    first = recelled(first, "review/reconsideration/total", raw="@SUM(A1)", page=2, bbox=(1.0, 2.0, 3.5, 4.0))
    second = report(
        zeros("2019") | {NEW: 5, "disclosure.art20_5/licensing/change": -27},
        report_id="b" * 64,
        year=2020,
        form="2019",
        published=None,
        unit=replace(UNIT, name=UNIT.name),
    )
    third = report({}, report_id="c" * 64, form=None, year=None, unit=Unit(EVIL))
    return [first, second, third]


def write_records(path, reports):
    path.write_bytes(b"".join(orjson.dumps(r.to_dict()) + b"\n" for r in reports))
    return path


def some_crossed():
    here = (Shown("a" * 64, "a.txt", 2021, NEW, 7, 10, 11), Shown("a" * 64, "a.txt", 2021, "x/y/z"))
    there = (Shown("b" * 64, "b.txt", 2020, NEW, 5, 30, 31),)
    several = (*there, Shown("c" * 64, "c.txt", 2020, NEW, 2.5))
    stretch = (Shown("a" * 64, "a.txt", 2021, start=5, end=90),)
    one = CrossFinding("continuity.jump", "warning", EVIL, UNIT.name or "", "990123", 2021, here, there, 5, 7)
    return [
        one,
        replace(one, there=several),
        replace(one, check="continuity.repeated", here=stretch, there=(), expected=None, actual=0.5),
    ]


def write_crossed(path):
    path.write_bytes(b"".join(orjson.dumps(finding) + b"\n" for finding in some_crossed()))
    return path


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sinks")
    crossed = write_crossed(folder / "crossed")
    write(write_records(folder / "records", some_reports()), folder / "out", FORMATS, crossed=crossed)
    return folder / "out"


@pytest.fixture(scope="module")
def database(out):
    with duckdb.connect(str(out / "nianbao.duckdb"), read_only=True) as connection:
        yield connection


def rows_of_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_files_of_every_format_and_no_other(out):
    names = {f"{name}.{suffix}" for name in TIDY for suffix in ("parquet", "csv")}
    lines = {"reports.jsonl", "cross_findings.jsonl"}
    assert {p.name for p in out.iterdir()} == names | lines | {"nianbao.duckdb", "nianbao.xlsx"}
    assert (out / "reports.jsonl").read_bytes() == (out.parent / "records").read_bytes()
    assert (out / "cross_findings.jsonl").read_bytes() == (out.parent / "crossed").read_bytes()


def test_parquet_has_the_explicit_schema_and_every_value(out):
    for name in TIDY:
        assert pq.read_schema(out / f"{name}.parquet").equals(tables()[name].arrow())
    reports = pq.read_table(out / "reports.parquet").to_pylist()
    assert [r["report_id"][0] for r in reports] == ["a", "b", "c"]
    a = reports[0]
    assert (a["unit_name"], a["division_code"], a["year"], a["bytes"]) == (
        "青禾县人民政府",
        "990123",
        2021,
        4096,
    )
    assert (a["cells_number"], a["cells_blank"], a["cells_ambiguous"], a["cells_missing"]) == (198, 1, 1, 0)
    assert (a["findings_error"], a["findings_warning"], a["findings_note"]) == (1, 1, 0)
    assert (reports[2]["year"], reports[2]["form"], reports[2]["cells_number"]) == (None, None, 0)
    cells = pq.read_table(out / "cells.parquet").to_pylist()
    flat = [(r.report_id, c) for r in some_reports() for c in r.cells]
    assert [
        (c["report_id"], c["table"], c["row"], c["column"], c["kind"], c["value"], c["raw"]) for c in cells
    ] == [(i, c.table, c.row, c.column, c.kind, c.value, c.raw) for i, c in flat]
    boxed = [c for c in cells if c["bbox"]]
    assert [(c["page"], c["bbox"]) for c in boxed] == [(2, [1.0, 2.0, 3.5, 4.0])]


def test_findings_keep_numbers_as_numbers_and_words_as_words(out):
    first, second = pq.read_table(out / "findings.parquet").to_pylist()
    assert (first["expected"], first["expected_text"], first["actual"]) == (None, "2020-01-01", 2021.0)
    assert (first["cells"], first["figures"]) == ([NEW, "x"], [0])
    assert (second["expected"], second["actual"], second["cells"]) == (1.0, -2.5, [])


def test_findings_between_reports_name_both_with_values_and_places(out):
    one, several, stretch = pq.read_table(out / "cross_findings.parquet").to_pylist()
    assert (one["report_id"], one["other_report_id"], one["year"], one["other_year"]) == (
        "a" * 64,
        "b" * 64,
        2021,
        2020,
    )
    assert (one["cells"], one["values"]) == ([NEW, "x/y/z"], [7.0, None])
    assert (one["starts"], one["ends"]) == ([10, None], [11, None])
    assert (one["other_cells"], one["other_values"], one["other_starts"]) == ([NEW], [5.0], [30])
    assert (several["other_report_id"], several["other_path"], several["other_year"]) == (None, None, 2020)
    assert several["other_report_ids"] == ["b" * 64, "c" * 64]
    assert (stretch["cells"], stretch["values"], stretch["starts"], stretch["ends"]) == ([], [], [5], [90])
    assert (stretch["other_report_id"], stretch["other_year"], stretch["actual"]) == (None, None, 0.5)
    (row, *_) = rows_of_csv(out / "cross_findings.csv")
    assert (row["cells"], row["values"], row["starts"]) == (f"{NEW}; x/y/z", "7; ", "10; ")
    assert row["message"] == "'" + EVIL


def test_duckdb_has_the_same_tables_as_parquet(out, database):
    for name in TIDY:
        columns = ", ".join(f'"{c.name}"' for c in tables()[name].columns)
        ours = database.sql(f"SELECT {columns} FROM {name}").fetchall()
        assert ours == database.sql(f"SELECT {columns} FROM '{out}/{name}.parquet'").fetchall() != []


def test_every_column_has_a_comment_and_wide_the_forms_headings(database):
    query = "SELECT column_name, comment FROM duckdb_columns() WHERE NOT internal AND table_name = ?"
    for name in tables():
        comments = dict(database.execute(query, [name]).fetchall())
        assert all(comments.values()), name
    assert (
        comments["applications__new__total"]
        == "收到和处理政府信息公开申请情况｜一、本年新收政府信息公开申请数量｜总计"
    )
    assert comments["disclosure__art20_1__regulations__in_force"] == heading(
        "disclosure.art20_1/regulations/in_force"
    )
    assert {wide_name(key) for key in all_cells()} < comments.keys() and len(
        set(map(wide_name, all_cells()))
    ) == len(all_cells())


def test_wide_has_one_row_a_report(database):
    query = "SELECT unit_name, year, applications__new__total, applications__granted__other, "
    query += "review__lawsuit_direct__other, disclosure__art20_5__licensing__change FROM wide"
    assert database.sql(query).fetchall() == [
        ("青禾县人民政府", 2021, 7.0, None, None, None),
        ("青禾县人民政府", 2020, 5.0, 0.0, 0.0, -27.0),
        (EVIL, None, None, None, None, None),
    ]


def test_narrative_totals(database):
    query = "SELECT label_zh, county, year, unit, accepted_figures, accepted_total, all_figures, all_total "
    query += "FROM narrative_totals"
    assert sorted(database.sql(query).fetchall()) == [
        ("收到申请数", "青禾县", 2021, "件", 1, 12.0, 3, 115.5),
        ("收到申请数", "青禾县", 2021, "条", 1, None, 1, None),
    ]


def test_year_on_year(database):
    query = """SELECT year, value, previous, change, ratio FROM year_on_year
               WHERE "table" = 'applications' AND "row" = 'new' AND "column" = 'total'"""
    assert database.sql(query).fetchall() == [(2021, 7.0, 5.0, 2.0, 1.4)]
    assert database.sql(
        "SELECT count(*) FROM year_on_year WHERE ratio IS NULL AND previous <> 0 AND value IS NOT NULL"
    ).fetchall() == [(0,)]


def test_the_same_file_twice_counts_once_in_the_views(tmp_path):
    one, two, _ = some_reports()
    write(write_records(tmp_path / "records", [one, one, two]), tmp_path, ["duckdb"])
    with duckdb.connect(str(tmp_path / "nianbao.duckdb")) as connection:
        assert connection.sql("SELECT count(*) FROM reports").fetchall() == [(3,)]
        assert connection.sql("SELECT sum(all_total) FROM narrative_totals").fetchall() == [(115.5,)]
        query = "SELECT count(*) FROM year_on_year WHERE \"row\" = 'new' AND \"column\" = 'total'"
        assert connection.sql(query).fetchall() == [(1,)]


def test_csv_is_the_same_again_with_formulas_disarmed(out):
    reports = rows_of_csv(out / "reports.csv")
    assert reports[2]["unit_name"] == "'" + EVIL and reports[2]["year"] == ""
    cells = rows_of_csv(out / "cells.csv")
    signed = [c for c in cells if c["column"] == "change" and c["row"] == "licensing"]
    assert [(c["value"], c["raw"]) for c in signed] == [("-27", "'-27")]
    assert [c["raw"] for c in cells if c["bbox"]] == ["'@SUM(A1)"]
    assert len(cells) == len(pq.read_table(out / "cells.parquet"))
    (first, _) = rows_of_csv(out / "findings.csv")
    assert (first["message"], first["cells"], first["figures"]) == ("'" + EVIL, f"{NEW}; x", "0")
    assert {f["accepted"] for f in rows_of_csv(out / "figures.csv")} == {"true", "false"}
    assert (out / "cells.csv").read_bytes().startswith(b"\xef\xbb\xbfreport_id,table,row,column,kind,value")


def test_xlsx_for_a_statistician(out):
    book = openpyxl.load_workbook(out / "nianbao.xlsx")
    assert book.sheetnames == ["reports", "cells", "figures", "findings", "cross_findings", "wide", "notes"]
    wide = book["wide"]
    assert wide.freeze_panes == "C3"
    heads = {name.value: zh.value for name, zh in zip(wide[1], wide[2], strict=True)}
    assert heads["applications__new__total"].endswith("一、本年新收政府信息公开申请数量｜总计")
    at = list(heads).index("disclosure__art20_5__licensing__change")
    assert [row[at].value for row in wide.iter_rows(min_row=3)] == [None, -27, None]
    values = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in values} == {"s", "n", "b"}
    assert not [c for c in values if isinstance(c.value, str) and c.value[0] in "=+-@\t\r"]
    assert book["findings"]["D3"].value == "'" + EVIL


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(tmp_path):
    records = write_records(tmp_path / "records", [report(report_id=f"{i:064}") for i in range(3)])
    with xlsx_sink(tmp_path, row_limit=250) as add:
        for one in batches.read_batches(records):
            add(one)
    book = openpyxl.load_workbook(tmp_path / "nianbao.xlsx")
    assert [n for n in book.sheetnames if n.startswith("cells")] == ["cells", "cells (2)", "cells (3)"]
    assert [book[n].max_row for n in ("cells", "cells (2)", "cells (3)")] == [250, 250, 600 - 2 * 248 + 2]
    assert book["cells (2)"]["B1"].value == "table" and book["cells (2)"]["B2"].value == "表"
    assert any("cells (2), cells (3)" in (row[0].value or "") for row in book["notes"].iter_rows())


@pytest.mark.parametrize("text", ["a\x00b\x0b", "￾", "x" * 40_000, "\U00020000"])
def test_strange_text_makes_a_workbook_that_opens(tmp_path, text):
    write(
        write_records(tmp_path / "records", [report(unit=Unit(text))]),
        tmp_path,
        ["xlsx", "csv", "duckdb", "parquet"],
    )
    book = openpyxl.load_workbook(tmp_path / "nianbao.xlsx")
    shown = book["reports"]["F3"].value
    assert shown == text or len(text) > 32_767 >= len(shown) or not text.isprintable()
    assert pq.read_table(tmp_path / "reports.parquet")["unit_name"].to_pylist() == [text]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_records_give_the_same_files(tmp_path, out):
    records = write_records(tmp_path / "records", some_reports())
    write(records, tmp_path / "again", FORMATS, crossed=write_crossed(tmp_path / "crossed"))
    for name in [p.name for p in out.iterdir() if p.suffix != ".duckdb"]:
        assert digest(tmp_path / "again" / name) == digest(out / name), name


def test_no_reports_are_empty_tables(tmp_path):
    write(write_records(tmp_path / "records", []), tmp_path, FORMATS)
    assert [len(pq.read_table(tmp_path / f"{name}.parquet")) for name in TIDY] == [0] * len(TIDY)
    assert rows_of_csv(tmp_path / "cells.csv") == [] and (tmp_path / "reports.jsonl").read_bytes() == b""
    with duckdb.connect(str(tmp_path / "nianbao.duckdb")) as connection:
        for name in [*tables(), "narrative_totals", "year_on_year"]:
            assert connection.sql(f"SELECT count(*) FROM {name}").fetchall() == [(0,)]


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(NianbaoError, match=r"Unknown format 'pdf'\. Choose among jsonl, parquet") as caught:
        write(tmp_path / "records", tmp_path / "out", ["jsonl", "pdf"])
    assert caught.value.code == "sinks.unknown_format" and not (tmp_path / "out").exists()


def test_a_failure_leaves_the_old_files_and_no_scraps(tmp_path):
    records = write_records(tmp_path / "records", some_reports())
    out = tmp_path / "out"
    write(records, out, FORMATS)
    before = {p.name: digest(p) for p in out.iterdir()}
    with records.open("ab") as file:
        file.write(b'{"torn": ')
    with pytest.raises(NianbaoError, match="line 4: not a record") as caught:
        write(records, out, FORMATS)
    assert caught.value.code == "sinks.bad_record"
    assert {p.name: digest(p) for p in out.iterdir()} == before


def test_scraps_of_a_killed_run_are_cleared(tmp_path):
    for scrap in (
        ".nianbao.duckdb.partial",
        ".nianbao.duckdb.partial.wal",
        ".cells.parquet.partial",
        "nianbao.duckdb.wal",
    ):
        (tmp_path / scrap).write_bytes(b"torn")
    (tmp_path / ".nianbao.xlsx.rows").mkdir()
    (tmp_path / ".nianbao.xlsx.rows" / "x").write_bytes(b"torn")
    records = write_records(tmp_path / "records", some_reports())
    write(records, tmp_path, FORMATS)
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".") or p.suffix == ".wal"]
    with duckdb.connect(str(tmp_path / "nianbao.duckdb")) as connection:
        assert connection.sql("SELECT count(*) FROM wide").fetchall() == [(3,)]


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path):
    (tmp_path / "out").write_text("a file, no folder")
    with pytest.raises(NianbaoError, match=r"Cannot write to .*out") as caught:
        write(write_records(tmp_path / "records", []), tmp_path / "out", ["parquet"])
    assert (caught.value.code, caught.value.step) == ("sinks.unwritable", "write")


def test_records_already_in_place_are_left_alone(tmp_path):
    records = write_records(tmp_path / "reports.jsonl", some_reports())
    before = records.stat()
    write(records, tmp_path, ["jsonl"])
    assert records.stat().st_ino == before.st_ino and records.stat().st_mtime_ns == before.st_mtime_ns


def test_batches_split_by_count_and_by_size(tmp_path, monkeypatch):
    records = write_records(tmp_path / "records", [report({}, report_id=f"{i:064}") for i in range(10)])
    monkeypatch.setattr(batches, "_REPORTS_AT_ONCE", 4)
    assert [len(list(b.rows("reports"))) for b in batches.read_batches(records)] == [4, 4, 2]
    monkeypatch.setattr(batches, "_BYTES_AT_ONCE", 1)
    assert [len(list(b.rows("reports"))) for b in batches.read_batches(records)] == [1] * 10


def test_memory_does_not_grow_with_the_records(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "_REPORTS_AT_ONCE", 16)
    one = orjson.dumps(some_reports()[0].to_dict()) + b"\n"
    records = Path(tmp_path / "records")

    def peak(count):
        records.write_bytes(one * count)
        tracemalloc.start()
        write(records, tmp_path, ["parquet", "csv"])
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return high

    assert peak(16)  # modules loaded, caches filled
    assert peak(96) < 1.5 * peak(32)
