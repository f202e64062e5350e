"""The committed evaluation: record, page and card say the same, and are of the shipped model."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="needs the extra “train”")

from extraction.narrative.shipped import model_digest
from training.evidence.plots import plots_of
from training.evidence.publish import CARD, PAGE, RECORD, republish
from training.evidence.report import render_card, render_page

ROOT = Path(__file__).parents[3]
REPORT, MODEL = ROOT / "docs/evaluation", ROOT / "models/tagger"
PLOTS = {"reliability", "risk", "labels", "counties", "confusion", "comparisons"}


@pytest.fixture(scope="module")
def record():
    return json.loads((REPORT / RECORD).read_text("utf-8"))


def test_the_evaluation_is_of_the_shipped_model(record):
    hint = 'the model has changed since: make evaluate ARGUMENTS="--only shipped"'
    assert record["made"]["model_sha256"] == model_digest(MODEL), hint


def test_page_and_card_are_made_of_the_record(record, tmp_path):
    shutil.copy(REPORT / RECORD, tmp_path)
    republish(tmp_path, tmp_path)
    assert (tmp_path / CARD).read_text("utf-8") == (MODEL / CARD).read_text("utf-8")
    hint = "run: python -m training.evidence"
    assert (tmp_path / PAGE).read_text("utf-8") == (REPORT / PAGE).read_text("utf-8"), hint


def rates(text):
    """Every “0.900 (0.878–0.919)” of a line."""
    return [tuple(map(float, m)) for m in re.findall(r"(-?[\d.]+) \((-?[\d.]+)–(-?[\d.]+)\)", text)]


def rounded(rate):
    return tuple(float(f"{x:.3f}") for x in rate)


def test_the_figures_of_the_card_are_those_of_the_record(record):
    """Read from the card by pattern, not through the template that wrote it."""
    card = (MODEL / CARD).read_text("utf-8")
    shipped = record["shipped"]
    sets = [shipped[name] for name in ("held_out", "real") if "absent" not in shipped[name]]
    rows = {
        "F1 span and label, all": ("scores", "strict.all", "f1"),
        "F1 span and label, core": ("scores", "strict.core", "f1"),
        "F1 label and value, all": ("scores", "value.all", "f1"),
        "F1 label and value, core": ("scores", "value.core", "f1"),
        "precision, span and label": ("scores", "strict.all", "precision"),
        "recall, span and label": ("scores", "strict.all", "recall"),
        "share accepted": ("confidence", "accepted", "share"),
        "right of accepted": ("confidence", "accepted", "precision"),
    }
    for title, (first, second, third) in rows.items():
        (line,) = re.findall(rf"^\| {re.escape(title)} \|.*$", card, re.MULTILINE)
        assert rates(line) == [rounded(s[first][second][third]) for s in sets], title
    for label, numbers in re.findall(r"^\| `([a-z_.]+)` \| \S+ \| (.*) \|$", card, re.MULTILINE):
        row = next(r for r in shipped["held_out"]["labels"] if r["label"] == label)
        assert rates(numbers) == [rounded(row["value"]["f1"])]
        counts = [int(n) for n in re.findall(r"(?<=\| )\d+(?= \||$)", numbers)]
        assert counts == [row["value"][key] for key in ("right", "wrong", "missed")]
    bad = [c for c in record["claims"] if c["met"] is False]
    assert card.count("**Promise not kept**") == len(bad)
    assert card.index("## Where it fails") < card.index("## Figures") < card.index("## Intended use")


def test_the_counts_of_the_record_add_up(record):
    held_out = record["shipped"]["held_out"]
    for kind in ("strict", "value"):
        total = held_out["scores"][f"{kind}.all"]
        for column, name in enumerate(("right", "wrong", "missed")):
            assert sum(row[kind][name] for row in held_out["labels"]) == total[name]
            assert sum(row[f"{kind}_counts"][column] for row in held_out["counties"]) == total[name]
    kinds = [m["kind"] for m in held_out["mistakes"]]
    strict = held_out["scores"]["strict.all"]
    both = len([k for k in kinds if k in ("label", "value", "edge")])
    assert both + kinds.count("missed") == strict["missed"]
    assert both + kinds.count("spurious") == strict["wrong"]
    worst = [row["strict"][2] for row in held_out["counties"]]
    assert worst == sorted(worst)
    assert record["leakage"]["shared_counties"] == []
    assert len(record["leakage"]["twins"]) <= 0.01 * record["leakage"]["test_sentences"]


def test_no_word_of_a_real_report_is_printed(record):
    real = record["shipped"]["real"]
    for mistake in real.get("mistakes", []):
        assert (mistake["sentence"], mistake["wanted_text"], mistake["found_text"]) == (None, None, None)


class Page(HTMLParser):
    """What stands on the page: rows by table, plots by name, text."""

    def __init__(self):
        super().__init__()
        self.rows, self.plots, self.loaded, self.text = {}, {}, [], []
        self._table = self._plot = None

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "table":
            self._table = known.get("id")
        if tag == "tr":
            self.rows[self._table] = self.rows.get(self._table, 0) + 1
        if tag == "svg":
            self._plot = known.get("data-plot")
        if tag in ("path", "use") and self._plot:
            self.plots[self._plot] = self.plots.get(self._plot, 0) + 1
        self.loaded += [
            known[key] for key in ("src", "href") if key in known and not known[key].startswith("#")
        ]

    def handle_endtag(self, tag):
        if tag == "svg":
            self._plot = None

    def handle_data(self, data):
        self.text.append(data)


def check(html, record):
    page = Page()
    page.feed(html)
    held_out = record["shipped"]["held_out"]
    assert page.loaded == [], "the page loads something from elsewhere"
    assert set(page.plots) >= PLOTS
    assert min(page.plots.values()) > 5
    assert page.rows["labels"] == 1 + len(held_out["labels"])
    assert page.rows["counties"] == 1 + len(held_out["counties"])
    assert page.rows["errors-accepted"] + page.rows["errors-other"] == 2 + len(held_out["mistakes"])
    assert page.rows["claims"] == 1 + len(record["claims"])
    assert page.rows["comparisons"] == 2 + len(record["comparisons"])
    text = "".join(page.text)
    for row in [*record["comparisons"], *record["learning_curve"], *record["cross_validation"]["folds"]]:
        assert row["state"] == "run" or f"{row['title']}: {row['reason']}" in text


def test_the_page_holds_every_plot_and_table_and_loads_nothing(record):
    check((REPORT / PAGE).read_text("utf-8"), record)


def test_plots_do_not_change_from_run_to_run_and_share_no_names(record):
    one, other = plots_of(record), plots_of(record)
    assert one == other
    names = [name for svg in one.values() for name in re.findall(r'\bid="([^"]+)"', svg)]
    assert len(names) == len(set(names))
    for svg in one.values():
        assert set(re.findall(r'href="#([^"]+)"', svg)) <= set(names)


def test_a_record_without_real_reports_says_so_on_page_and_card(record):
    blind = json.loads(json.dumps(record))
    blind["shipped"]["real"] = {"absent": "The real reports were not there."}
    for claim in blind["claims"]:
        if claim["set"] == "real":
            claim.update(measured=None, met=None)
    assert "The real reports were not there." in render_page(blind)
    assert "not measured" in render_page(blind)
    assert "The real reports were not there." in render_card(blind)


@pytest.mark.slow
def test_chromium_shows_the_page(record, tmp_path):
    chromium = shutil.which("chromium")
    assert chromium, "run scripts/install_chromium.sh"
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1200,1600", "--virtual-time-budget=5000",
    ]  # fmt: skip
    page = (REPORT / PAGE).as_uri()
    # A script of ours, so that what the browser drew, not what the file says, is looked at.
    measured = tmp_path / "page.html"
    script = """<script>addEventListener("load", () => {
      const drawn = [...document.querySelectorAll("svg[data-plot]")].filter(s => {
        const box = s.getBoundingClientRect();
        const inside = [...s.querySelectorAll("path, text")].filter(p => p.getBoundingClientRect().width > 0);
        return box.width > 200 && box.height > 100 && inside.length > 10; });
      const tables = [...document.querySelectorAll("table[id]")].filter(t => t.offsetHeight > 20);
      const wide = document.documentElement.scrollWidth > innerWidth;
      document.title = JSON.stringify([drawn.map(s => s.dataset.plot), tables.map(t => t.id), wide]);
    })</script></body>"""
    measured.write_text((REPORT / PAGE).read_text("utf-8").replace("</body>", script), "utf-8")
    done = subprocess.run(
        [*command, "--dump-dom", measured.as_uri()], capture_output=True, text=True, timeout=180, check=True
    )
    check(done.stdout, record)
    plots, tables, is_too_wide = json.loads(re.search(r"<title>(.*?)</title>", done.stdout)[1])
    assert set(plots) >= PLOTS
    assert set(tables) >= {
        "claims",
        "parts",
        "accepted",
        "labels",
        "counties",
        "comparisons",
        "curve",
        "folds",
    }
    assert not is_too_wide
    picture = tmp_path / "page.png"
    subprocess.run([*command, f"--screenshot={picture}", page], capture_output=True, timeout=180, check=True)
    assert picture.stat().st_size > 20_000
