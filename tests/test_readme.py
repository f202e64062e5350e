"""What the README says is so: its summary, its query, its commands."""

import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from extraction.run import main, parser

ROOT = Path(__file__).parent.parent
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[Path, list[str]]:
    out = tmp_path_factory.mktemp("out")
    command = [sys.executable, "-m", "extraction.run", "examples", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    return out, done.stdout.splitlines()


def without_figures(line: str) -> str:
    """A line of the summary but for what the model decides: another model, other figures and agreements."""
    return re.sub(r"(?<= cells  ).*|figures: .*", "…", line)


def test_the_summary_is_the_one_that_make_run_prints(run):
    texts = [block for text in (ENGLISH, CHINESE) for block in blocks(text, "text")]
    said = [without_figures(line) for text in texts for line in text.splitlines()]
    printed = [without_figures(line) for line in run[1]]
    assert len(said) > 10
    assert [line for line in said if line not in printed] == []
    reports = [line for line in printed if " cells  " in line]
    assert [line for line in reports if line not in said] == []


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_the_query_answers(run, text):
    query = blocks(text, "sql")[0]
    with duckdb.connect(str(run[0] / "nianbao.duckdb"), read_only=True) as database:
        rows = database.sql(query).fetchall()
    assert len(rows) == 11
    assert {(row[0], row[1], row[2]) for row in rows} >= {
        ("云岫县人民政府", 2019, 22.0),
        ("青岚县人民政府", 2023, 46.0),
    }


def test_the_query_of_text_against_grid_answers(run):
    with duckdb.connect(str(run[0] / "nianbao.duckdb"), read_only=True) as database:
        rows = database.sql(blocks(ENGLISH, "sql")[1]).fetchall()
    assert len(rows) >= 5
    assert any(row[3] is not None and row[3] == row[4] for row in rows)


def test_the_python_runs(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    (code,) = blocks(ENGLISH, "python")
    exec(compile(code, "README.md", "exec"), {})
    said = capsys.readouterr().out
    assert said.startswith("云岫县人民政府 2019 22 22 ")
    assert said.count("error applications.") == 3


def test_every_target_of_the_makefile_is_explained():
    (targets,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in targets.split() if f"| `make {name}` |" not in ENGLISH] == []


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_option_named_exists(text):
    known = {option for action in parser()._actions for option in action.option_strings}
    assert set(re.findall(r"--[a-z][a-z-]+", text)) - known == set()


@pytest.mark.parametrize(
    "name", ["README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md"]
)
def test_every_link_and_path_named_exists(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    folder = (ROOT / name).parent
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert [link for link in links if not (folder / link).exists()] == []
    paths = re.findall(r"`((?:extraction|tests|scripts|examples)/[\w./-]*)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_commands_of_the_chinese_readme_are_understood(tmp_path, capsys):
    """Each line that calls nianbao parses; what it names need not exist."""
    lines = re.findall(r"^\.venv/bin/nianbao (.*?)(?:\s+#.*)?$", ENGLISH + CHINESE, re.MULTILINE)
    assert len(lines) >= 5
    for line in lines:
        assert (
            main(
                [
                    *line.replace("--out 结果", f"--out {tmp_path}")
                    .replace("--out out", f"--out {tmp_path}")
                    .split()
                ]
            )
            == 1
        )
