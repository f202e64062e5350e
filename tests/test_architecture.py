"""The house's plan, enforced: what may import what, and how lightly the command line starts."""

import ast
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "extraction"

# Ground floor first; a module imports from its own floor and those below.
FLOORS = (
    ("records", "errors"),
    ("document", "normalise", "forms", "headings", "data"),
    ("reading", "recognise", "grids", "narrative", "checks"),
    ("pipeline",),
    ("corpus", "engines", "sinks"),
    ("run", "__init__"),
)
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
ELSEWHERE = {"training", "annotations", "torch", "transformers", "datasets", "label_studio_sdk", "ray"}
NOT_BY = {
    "checks": {"reading"},
    "narrative": {"reading"},
    "grids": {"reading"},
    "engines": {"corpus", "sinks"},
}


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imported(tree: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    """Every dotted name a module imports, at its top or inside a function; ``package`` is where it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = list(package[: len(package) - node.level + 1]) if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def part(name: str) -> str | None:
    """``extraction.grids.reader.x`` → ``grids``; None where it is not ours."""
    names = name.split(".")
    return names[1] if names[0] == "extraction" and len(names) > 1 else None


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def offences(path: Path, source: str) -> list[str]:
    own = place(path)
    package = ("extraction", *path.relative_to(PACKAGE).parts[:-1])
    found = []
    for name in imported(ast.parse(source), package):
        if name.split(".")[0] in ELSEWHERE:
            found.append(f"{own} imports {name}: that belongs to another house")
        other = part(name)
        if other is None:
            continue
        if other not in FLOOR:
            found.append(f"{own} imports {name}: no such part on the plan")
        elif FLOOR[other] > FLOOR[own]:
            found.append(f"{own} imports {name} from a floor above")
        elif other in NOT_BY.get(own, set()):
            found.append(f"{own} imports {name}: it must not know of it")
    return found


def test_every_part_stands_on_the_plan():
    assert {place(path) for path in sources()} <= FLOOR.keys()


def test_nothing_imports_upwards_or_from_another_house():
    found = {
        str(path.relative_to(ROOT)): offences(path, path.read_text(encoding="utf-8")) for path in sources()
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("records.py", "from extraction.document import Document"),
        ("grids/reader.py", "def f():\n    from extraction import pipeline"),
        ("grids/reader.py", "from ..corpus import extract_corpus"),
        ("grids/reader.py", "from extraction.reading.text import read"),
        ("pipeline.py", "import torch.nn"),
        ("narrative/tagger.py", "from training.model import Tagger"),
        ("reading/html.py", "import extraction.run"),
        ("engines/local.py", "from extraction.corpus.work import read_report"),
        ("sinks/csv.py", "if True:\n    import datasets"),
    ],
)
def test_the_rule_sees_an_offence(where, source):
    assert len(offences(PACKAGE / where, source)) == 1


def test_the_rule_allows_the_way_down():
    source = "from .rows import x\nfrom ..records import Cell\nimport extraction.forms\nimport numpy"
    assert offences(PACKAGE / "grids/reader.py", source) == []


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )


def test_the_command_line_loads_only_the_standard_library():
    code = (
        "import sys, sysconfig, extraction.run as run; run.parser().format_help()\n"
        "names = {name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names\n"
        "print(*sorted(names - {'__main__'} - {n for n in names if n.startswith(('_', 'sitecustom'))}))"
    )
    assert python("-c", code).stdout.split() == ["extraction"]


def test_help_starts_at_once():
    """Aim: 0.5 s (``make bench`` measures it); the bound here leaves room for a busy machine."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        assert "--out DIR" in python("-m", "extraction.run", "--help").stdout
        took.append(time.perf_counter() - began)
    assert min(took) < 1.0
