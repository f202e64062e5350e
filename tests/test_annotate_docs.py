"""docs/annotate.md and docs/annotate.zh.md: every command in them is run, in order, on a copy of the tree.

The copy has a server, models and annotations of its own, and a sixth of the bank. What takes hours is made short
(``SHORTER``); what a person does in the browser is done over the interface (in a browser, by
tests/annotations/studio/test_browser.py). A model trained so shortly may be promoted or not; the shipped one, judged
as one trained elsewhere, must be, since the model in use was made blind before.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra “train”")
pytest.importorskip("uvicorn", reason="needs the extra “studio”")

from annotations.studio.access import Access
from annotations.studio.client import Studio
from annotations.studio.home import Home
from annotations.studio.server import stop
from extraction.narrative.shipped import model_digest
from tests.annotations.studio.conftest import command, template  # noqa: F401  (fixtures)
from tests.annotations.studio.made import annotate

ROOT = Path(__file__).parents[1]
ENGLISH, CHINESE = (ROOT / "docs" / name for name in ("annotate.md", "annotate.zh.md"))
SHORTER = {  # one thread: two of them wait for one another where other tests have the cores
    '"--minutes 60"': '"--epochs 2 --threads 1 --draws 50"',
    "--errors --minutes 10": "--errors --minutes 0.05 --folds 2 --threads 1",
}
_AWAY = shutil.ignore_patterns(
    ".*", "__pycache__", "out", "archive", "retrain", "reviewed", "*.egg-info", "candidate"
)
_STAMPS = (".installed", ".installed-test", ".installed-train", ".installed-studio")


def commands(page: Path) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


def test_both_languages_give_the_same_commands_and_pictures() -> None:
    assert commands(ENGLISH) == commands(CHINESE)
    shown = [re.findall(r"!\[.+?\]\((.+?)\)", page.read_text("utf-8")) for page in (ENGLISH, CHINESE)]
    assert shown[0] == shown[1] and len(shown[0]) == 2
    for name in shown[0]:
        assert (ENGLISH.parent / name).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_path_and_link_named_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    paths = re.findall(r"`((?:extraction|tests|docs|examples)/[\w./-]*)`", text)
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing + [path for path in paths if not (ROOT / path).exists()] == []


@pytest.fixture
def tree(template: Path, tmp_path: Path) -> Iterator[Path]:  # noqa: F811
    """A copy of the tree that shares what is installed, with an empty Label Studio of its own."""
    copy = tmp_path / "nianbao"
    shutil.copytree(ROOT, copy, ignore=_AWAY)
    for number, unit in enumerate(sorted((copy / "annotations" / "bank" / "units").glob("*.md"))):
        if number % 6:
            unit.unlink()
    real, home = Path(sys.prefix), copy / ".studio"
    (copy / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (copy / ".venv" / name).symlink_to(real / name)
    for name in _STAMPS:  # newer than pyproject.toml: nothing is to be installed
        (copy / ".venv" / name).touch()
    home.mkdir(mode=0o700)
    (home / "venv").symlink_to(template.parent / "venv")
    shutil.copytree(template / "data", home / "data")
    shutil.copy2(template / "credentials.json", home)
    yield copy
    stop(Home(home))


def environment() -> dict[str, str]:
    ours = ("LABEL_STUDIO_", "NIANBAO_", "PYTHONPATH", "MAKE", "MFLAGS", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def run(tree: Path, line: str) -> str:
    """What a command says; it must end well."""
    done = subprocess.run(
        ["bash", "-c", line], cwd=tree, env=environment(), capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, timeout=1200,
    )  # fmt: skip
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@contextmanager
def running(tree: Path, line: str) -> Iterator[str]:
    """A command that runs until it is stopped, once it has said where it answers."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {line}"], cwd=tree, env=environment(), stdout=subprocess.PIPE, text=True
    )
    with process:
        yield process.stdout.readline()
        process.send_signal(signal.SIGINT)


def correct(tree: Path) -> int:
    """Submit every proposal, the first without its first region; how many."""
    home = Home(tree / ".studio")
    with Studio(Access(home.running().url, home.credentials().key)) as studio:
        (project,) = studio.projects()
        made = studio.call("GET", "/api/predictions/", params={"project": project["id"]})
        for number, prediction in enumerate(made):
            result = prediction["result"]
            kept = [r for r in result if number or r["id"] != result[0]["id"]]
            annotate(studio, prediction["task"], kept)
    return len(made)


def blind(model: Path) -> None:
    """Make a model that reports no figure at all."""
    path = model / "calibration.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"report": 2.0}))


@pytest.mark.slow
def test_the_walk_through_from_make_studio_to_a_promoted_model(tree: Path) -> None:
    said: dict[str, str] = {}
    lines = commands(ENGLISH)
    before = lines.index(".venv/bin/python -m annotations.pull")
    for line in lines[:before]:
        said[line] = run(tree, line)
    assert "Label Studio runs at http://127.0.0.1:" in said["make studio"]
    sent = re.match(r"(\d+) sentences sent", said[lines[before - 1]])[1]
    assert int(sent) == correct(tree) == 100

    training, judging, serving = (
        number
        for number, line in enumerate(lines)
        if line.startswith("make retrain") or "backend serve" in line
    )
    for line in lines[before:training]:
        said[line] = run(tree, shortened(line))
    assert said[lines[before]].startswith("100 annotations by 1 annotators")
    tagger = tree / "models" / "tagger"
    shutil.copytree(tagger, tree / "other" / "tagger")
    good = model_digest(tagger)
    blind(tagger)
    trained = run(tree, shortened(lines[training]))
    assert "100 reviewed sentences" in trained
    assert re.match("PROMOTED|REFUSED", trained.splitlines()[-1])
    champion = model_digest(tagger)
    assert "PROMOTED" in run(tree, lines[judging] + " 2>&1").splitlines()[-1]
    assert model_digest(tagger) == good != champion
    for line in lines[judging + 1 : serving]:
        run(tree, line)
    assert model_digest(tagger) == champion  # rolled back

    with running(tree, f"{lines[serving]} --port 0") as answers:  # 9090 may be another test's
        assert answers.startswith(f"tagger-{champion[:12]} answers at ")
        for line in lines[serving + 1 :]:
            elsewhere = f" --url {answers.split()[-1]}" if "backend connect" in line else ""
            said[line] = run(tree, line + elsewhere)
    assert f"answers with tagger-{champion[:12]}" in said[lines[serving + 1]]
    assert "stopped" in said[lines[-1]]


def shortened(line: str) -> str:
    for long, short in SHORTER.items():
        line = line.replace(long, short)
    return line
