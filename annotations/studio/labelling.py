"""The labelling configuration: generated from the labels, grouped and coloured by family, with a version.

A label is stored by its key (``alias``), shown by its Chinese title. Values and periods belong to a region. The
configuration begins with a comment that names its form, so that an older one can be told from a foreign one.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, fromstring, indent, tostring

from extraction.forms import NarrativeLabel, load_labels

LABEL, VALUE, PERIOD, TEXT = "label", "value", "period", "text"  # the names of the controls and of the text
PRIOR = "prior"
FORM = 1  # of the configuration: raised when controls are renamed, not when labels come and go
_MARK = re.compile(r"<!-- nianbao labelling (\d+) -->")
_HOTKEYS = "1234567890qwertyuiop"
# Family → Chinese title and hue in degrees.
_FAMILIES = {
    "disclosure": ("主动公开", 215),
    "applications": ("依申请公开", 140),
    "review": ("复议诉讼", 285),
    "interaction": ("回应互动", 180),
    "supervision": ("监督保障", 20),
    "platform": ("平台建设", 50),
    "rate": ("比率", 335),
}
_HEAD = "font-size:13px;line-height:1.2;margin:2px 0"
_GREY = "font-size:0.9em;color:#777;white-space:pre-wrap"
_SENTENCE = "font-size:1.15em;line-height:2;padding:8px 0;white-space:pre-wrap"


def labelling_config(labels: Mapping[str, NarrativeLabel] | None = None) -> str:
    """The configuration for ``labels`` (default: the shipped ones) as XML. The same labels, the same text."""
    chosen = load_labels() if labels is None else labels
    view = Element("View")
    _context(view, "before")
    text = SubElement(view, "View", style=_SENTENCE)
    SubElement(text, "Text", name=TEXT, value="$text", granularity="symbol")
    _context(view, "after")
    _labels(SubElement(view, "Labels", name=LABEL, toName=TEXT, showInline="true"), chosen)
    region = SubElement(view, "View", visibleWhen="region-selected")
    SubElement(region, "Header", value="数值（万、亿写成数字；文字表述的零填 0；说不清的留空）", style=_HEAD)
    SubElement(region, "Number", name=VALUE, toName=TEXT, perRegion="true", step="any")
    SubElement(region, "Header", value="时期（本年度不选）", style=_HEAD)
    period = SubElement(region, "Choices", name=PERIOD, toName=TEXT, perRegion="true", choice="single")
    SubElement(period, "Choice", value="上年度或其他年度", alias=PRIOR, hotkey="l")
    foot = SubElement(view, "View", style=_GREY)
    SubElement(foot, "Text", name="origin", value="$origin", granularity="word")
    indent(view, " ")
    return f"<!-- nianbao labelling {FORM} -->\n{tostring(view, encoding='unicode')}"


def _context(view: Element, name: str) -> None:
    part = SubElement(view, "View", style=_GREY)
    SubElement(part, "Text", name=name, value=f"${name}", granularity="symbol")


def _labels(parent: Element, labels: Mapping[str, NarrativeLabel]) -> None:
    keys = iter(_HOTKEYS)
    for family, members in groupby(labels.values(), key=lambda label: label.key.partition(".")[0]):
        found = list(members)
        title, hue = _FAMILIES.get(family, (family, sum(map(ord, family)) % 360))
        group = SubElement(parent, "View", style="width:100%")
        SubElement(group, "Header", value=title, style=_HEAD)
        for number, label in enumerate(found):
            attributes = {
                "value": label.zh,
                "alias": label.key,
                "background": _colour(hue, number / len(found)),
            }
            if label.core:
                attributes["hotkey"] = next(keys, "")
            attributes["hint"] = f"{label.key}: {label.means}"
            SubElement(group, "Label", {name: value for name, value in attributes.items() if value})


def _colour(hue: float, place: float) -> str:
    """Shades of the family's hue, dark enough to be told apart and light enough to read through."""
    red, green, blue = colorsys.hls_to_rgb(hue / 360, 0.40 + 0.35 * place, 0.65)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def form_of(config: str) -> int | None:
    """The form of a configuration of ours, None for a foreign one."""
    found = _MARK.match(config)
    return int(found[1]) if found else None


def labels_in(config: str) -> tuple[str, ...]:
    """The keys of the labels that a configuration offers, in order."""
    return tuple(label.get("alias") or label.get("value") or "" for label in fromstring(config).iter("Label"))
