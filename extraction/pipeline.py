"""One document through the house: bytes → Document → cells, figures → findings → Report."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from extraction.checks import check
from extraction.errors import NianbaoError
from extraction.grids import read_grids
from extraction.narrative.figures import read_figures
from extraction.narrative.shipped import shipped_model, shipped_tagger
from extraction.reading import read_document
from extraction.recognise import recognise
from extraction.records import Finding, Report, Software, Source


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose for one document.

    ``figures`` False leaves the prose unread: grids alone come out, many times as fast.
    """

    with_text: bool = False
    figures: bool = True


@cache
def software() -> Software:
    """The program's version and its model, as every record carries them."""
    try:
        number = version("nianbao")
    except PackageNotFoundError:  # run from a source tree that was never installed
        number = "0+source"
    model = shipped_model()
    return Software(number, model.name, model.sha256) if model else Software(number)


def _prose_unread(options: Options) -> tuple[Finding, ...]:
    """Why there are no figures: no figures is not the same as none in the text."""
    return _no_model() if options.figures else _left_out()


def _left_out() -> tuple[Finding, ...]:
    message = "The prose was not read, as asked (--grids-only): the record has no narrative figures."
    return (Finding("narrative.left_out", "note", message),)


def _no_model() -> tuple[Finding, ...]:
    """Said in every record of a run without a model: no figures is then not the same as none in the text."""
    message = (
        "No model was found (models/tagger, or the folder $NIANBAO_MODEL names): the prose was not read."
    )
    return (Finding("narrative.no_model", "warning", message),)


def extract(path: str | Path, options: Options = Options()) -> Report:
    """Read one report file into a record.

    Raises NianbaoError (with a stable code and the step that failed) where the file cannot become a
    record, OSError where it cannot be opened.
    """
    return extract_bytes(Path(path).read_bytes(), str(path), options)


def extract_bytes(data: bytes, path: str, options: Options = Options()) -> Report:
    """Read one report's bytes into a record; ``path`` names it and gives its suffix.

    Raises NianbaoError as ``extract`` does.
    """
    document = read_document(data, path)
    identity = recognise(document, path)
    grids = read_grids(document, identity)
    tagger = shipped_tagger() if options.figures else None
    figures = read_figures(document, identity, grids.cells, tagger) if tagger else ()
    report = Report(
        report_id=hashlib.sha256(data).hexdigest(),
        source=Source(path, document.media_type, document.encoding, len(data)),
        unit=identity.unit,
        year=identity.year,
        published=identity.published,
        form=grids.form,
        sections=identity.sections,
        cells=grids.cells,
        figures=figures,
        findings=identity.findings + grids.findings + (() if tagger else _prose_unread(options)),
        software=software(),
        text=document.text if options.with_text else None,
    )
    return check(report)


__all__ = ["NianbaoError", "Options", "extract", "extract_bytes", "software"]
