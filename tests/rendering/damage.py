"""Realistic one-line damages of a plain-text report whose cells are known.

Each damage takes a ``Known`` report and a random generator and returns the damaged text with the values that a
careful person would still read, or None where the report has no place for it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from extraction.records import Cell

Expected = dict[str, int | float | None]
# A value that is read although the damage hid it is no error if it is the true one: see ``lost_zero``.
Damaged = tuple[str, Expected]


@dataclass(frozen=True)
class Known:
    """A report's text and its cells, as gold or a rendering gives them."""

    text: str
    cells: dict[str, Cell]

    def expected(self) -> Expected:
        return {key: cell.value for key, cell in self.cells.items()}

    def shown(self, test: Callable[[Cell], bool] = lambda cell: True) -> list[Cell]:
        return [c for c in self.cells.values() if c.kind == "number" and c.start is not None and test(c)]


Damage = Callable[[Known, random.Random], Damaged | None]
DAMAGES: dict[str, Damage] = {}


def damage(function: Damage) -> Damage:
    DAMAGES[function.__name__] = function
    return function


def _replace_cell(known: Known, cell: Cell | None, raw: str, value: int | float | None) -> Damaged | None:
    if cell is None or cell.start is None or cell.end is None:
        return None
    expected = known.expected()
    expected[cell.key] = value
    return known.text[: cell.start] + raw + known.text[cell.end :], expected


def _pick(known: Known, rng: random.Random, test: Callable[[Cell], bool] = lambda cell: True) -> Cell | None:
    cells = known.shown(test)
    return rng.choice(cells) if cells else None


def _is_count(cell: Cell) -> bool:
    return isinstance(cell.value, int) and cell.value >= 0


def _big(cell: Cell) -> bool:
    return isinstance(cell.value, int) and cell.value >= 1000 and (cell.raw or "").isdigit()


def _amount(cell: Cell) -> bool:
    return cell.column == "amount"


@damage
def blank_zero(known: Known, rng: random.Random) -> Damaged | None:
    return _replace_cell(known, _pick(known, rng, lambda c: c.value == 0), "", None)


@damage
def blank_number(known: Known, rng: random.Random) -> Damaged | None:
    return _replace_cell(known, _pick(known, rng, lambda c: bool(c.value)), "", None)


def _mark(mark: str) -> Damage:
    def apply(known: Known, rng: random.Random) -> Damaged | None:
        return _replace_cell(known, _pick(known, rng, lambda c: c.value == 0), mark, None)

    return apply


for _name, _sign in {
    "slash": "/",
    "wide_slash": "／",
    "hyphen": "-",
    "long_dash": "—",
    "two_dashes": "－－",
    "none_word": "无",
    "not_involved": "不涉及",
    "not_applicable": "N/A",
}.items():
    DAMAGES[_name] = _mark(_sign)


@damage
def thousands_comma(known: Known, rng: random.Random) -> Damaged | None:
    cell = _pick(known, rng, _big)
    return cell and _replace_cell(known, cell, f"{cell.value:,}", cell.value)


@damage
def wide_digits(known: Known, rng: random.Random) -> Damaged | None:
    cell = _pick(known, rng, _is_count)
    raw = str(cell.raw).translate(str.maketrans("0123456789", "０１２３４５６７８９")) if cell else ""
    return cell and _replace_cell(known, cell, raw, cell.value)


@damage
def plus_sign(known: Known, rng: random.Random) -> Damaged | None:
    cell = _pick(known, rng, lambda c: c.column == "change" and bool(c.value) and c.value > 0)  # type: ignore[operator]
    return cell and _replace_cell(known, cell, f"+{cell.raw}", cell.value)


@damage
def minus_in_words(known: Known, rng: random.Random) -> Damaged | None:
    cell = _pick(known, rng, lambda c: c.column == "change")
    return _replace_cell(known, cell, "减4", -4)


@damage
def unit_in_cell(known: Known, rng: random.Random) -> Damaged | None:
    cell = _pick(known, rng, _is_count)
    return cell and _replace_cell(known, cell, f"{cell.raw}件", cell.value)


@damage
def money_unit_in_cell(known: Known, rng: random.Random) -> Damaged | None:
    cell = _pick(known, rng, _amount)
    return cell and _replace_cell(known, cell, f"{cell.raw}万元", cell.value)


@damage
def note_in_cell(known: Known, rng: random.Random) -> Damaged | None:
    cell = _pick(known, rng, lambda c: c.table == "disclosure.art20_1" and _is_count(c))
    return cell and _replace_cell(known, cell, f"{cell.raw}（其中修订 1 件）", cell.value)


@damage
def split_digit(known: Known, rng: random.Random) -> Damaged | None:
    cell = _pick(known, rng, _big)
    raw = f"{str(cell.raw)[:2]} {str(cell.raw)[2:]}" if cell else ""
    return cell and _replace_cell(known, cell, raw, cell.value)


@damage
def no_break_spaces(known: Known, rng: random.Random) -> Damaged | None:
    cell = _pick(known, rng)
    return cell and _replace_cell(known, cell, f"\xa0{cell.raw}\u3000", cell.value)


@damage
def lost_zero(known: Known, rng: random.Random) -> Damaged | None:
    """A zero is lost with what stood between it and its neighbour: the row has one number less."""
    cell = _pick(known, rng, lambda c: c.value == 0 and c.column != "total" and c.table == "applications")
    if cell is None or cell.start is None or cell.end is None:
        return None
    gap = re.compile(r"[ \t|\n]*").match(known.text, cell.end)
    expected = known.expected()
    return known.text[: cell.start] + known.text[gap.end() if gap else cell.end :], expected


def _before_row(known: Known, rng: random.Random, line: str) -> Damaged | None:
    """A line of its own before a random row of the applications grid but the first."""
    starts = sorted(
        c.start
        for c in known.shown()
        if c.table == "applications" and c.column == "natural_person" and c.start
    )
    if len(starts) < 3:
        return None
    at = known.text.rindex("\n", 0, rng.choice(starts[:-1]))
    end = re.compile(r"[^\n]*\n").match(known.text, at + 1)
    cells = sorted((c for c in known.shown() if c.start and c.start > at), key=lambda c: c.start or 0)
    last = cells[6] if len(cells) > 6 else None
    if end is None or last is None:
        return None
    cut = known.text.index("\n", last.end or 0) + 1
    return known.text[:cut] + line + "\n" + known.text[cut:], known.expected()


def _furniture(line: str) -> Damage:
    def apply(known: Known, rng: random.Random) -> Damaged | None:
        return _before_row(known, rng, line)

    return apply


for _name, _line in {
    "page_number_hyphens": "- 4 -",
    "page_number_dashes": "— 5 —",
    "page_number_tight": "-6-",
    "page_number_words": "第4页 共6页",
    "page_number_bare": "4",
    "note_between_rows": "注：含2018年结转34件",
    "ruling_between_rows": "|---|---|---|",
    "blank_lines": "\n\n",
}.items():
    DAMAGES[_name] = _furniture(_line)


def _first_label(known: Known, label: str) -> int:
    starts = [c.start for c in known.shown() if c.table.startswith("disclosure") and c.start]
    return known.text.find(label, max(0, min(starts, default=0) - 400))


def _relabel(old: str, new: str) -> Damage:
    def apply(known: Known, rng: random.Random) -> Damaged | None:
        at = _first_label(known, old)
        if at < 0:
            return None
        return known.text[:at] + new + known.text[at + len(old) :], known.expected()

    return apply


for _name, (_old, _new) in {
    "label_lost_tail": ("属于三类内部事务信息", "属于三类内部事务"),
    "label_lost_middle": ("其他法律行政法规禁止公开", "其他法律行政止公开"),
    "label_doubled": ("没有现成信息需要另行制作", "没有现成信息需要要另行制作"),
    "label_spaced": ("行政强制", "行 政 强 制"),
    "label_broken": ("要求行政机关确认或重新出具已获取信息", "要求行政机关确认或重新\n出具已获取信息"),
    "label_traditional": ("行政許可", "行政许可"),
    "label_made_traditional": ("重复申请", "重複申請"),
    "label_radicals": ("行政处罚", "⾏政处罚"),
    "label_ordinal_circled": ("属于行政执法案卷", "⑦属于行政执法案卷"),
    "label_without_kind": ("社会公益组织", "社会公益"),
    "label_total_as_sum": ("总计", "合计"),
    "label_form_word": ("规范性文件", "行政规范性文件"),
    "head_decisions_damaged": ("处理决定数量", "处理绝对数量"),
    "head_change_damaged": ("本年增/减", "本年增/"),
    "head_made_damaged": ("本年新制作数量", "本年新"),
    "article_damaged": ("第二十条第", "第二十条"),
    "wording_repeated": ("无正当理由大量反复申请", "无正当理由由大量反复申请"),
}.items():
    DAMAGES[_name] = _relabel(_old, _new)


@damage
def sentence_before_grid(known: Known, rng: random.Random) -> Damaged | None:
    at = _first_label(known, "第二十条")
    line = "2019年，我县共办理行政许可356件，行政处罚12件，现公开如下。\n\n"
    return (known.text[:at] + line + known.text[at:], known.expected()) if at > 0 else None


@damage
def sentence_before_applications(known: Known, rng: random.Random) -> Damaged | None:
    starts = [c.start for c in known.shown() if c.key == "applications/new/natural_person" and c.start]
    at = known.text.rfind("申请人情况", 0, starts[0]) if starts else -1
    at = known.text.rfind("\n", 0, at)
    line = "\n本年度收到申请9件，其中予以公开6件、部分公开3件，结转下年度继续办理0件。\n"
    return (known.text[:at] + line + known.text[at:], known.expected()) if at > 0 else None


@damage
def contents_page(known: Known, rng: random.Random) -> Damaged | None:
    contents = (
        "目录\n一、总体情况\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n"
        "四、政府信息公开行政复议、行政诉讼情况\n五、存在的主要问题及改进情况\n六、其他需要报告的事项\n\n"
    )
    at = known.text.find("总体情况")
    at = known.text.rfind("\n", 0, at) + 1
    return known.text[:at] + contents + known.text[at:], known.expected()


@damage
def headings_shifted(known: Known, rng: random.Random) -> Damaged | None:
    text = known.text
    shifts = (
        ("四、政府信息公开行政复议", "五、政府信息公开行政复议"),
        ("三、收到和处理", "四、收到和处理"),
        ("二、主动公开", "三、主动公开"),
    )
    for old, new in shifts:
        text = text.replace(old, new)
    return text, known.expected()


@damage
def heading_lost(known: Known, rng: random.Random) -> Damaged | None:
    lines = list(re.finditer(r"^.*收到和处理政府信息公开申请.{0,8}$", known.text, re.M))
    if not lines:
        return None
    return known.text[: lines[-1].start()] + known.text[lines[-1].end() :], known.expected()


@damage
def windows_line_ends(known: Known, rng: random.Random) -> Damaged | None:
    return known.text.replace("\n", "\r\n"), known.expected()


@damage
def unknown_row(known: Known, rng: random.Random) -> Damaged | None:
    """A row the form does not have, drawn like the one before it."""
    cells = [c for c in known.shown() if c.row == "normative_documents"]
    label = known.text.rfind("规范性文件", 0, cells[0].start) if cells else -1
    if label < 0 or cells[-1].end is None:
        return None
    begin, end = known.text.rfind("\n", 0, label) + 1, known.text.find("\n", cells[-1].end)
    row = (
        known.text[begin:end]
        .replace("行政规范性文件", "其他主动公开文件")
        .replace("规范性文件", "其他主动公开文件")
    )
    return known.text[:end] + "\n" + row + known.text[end:], known.expected()


@damage
def furniture_around(known: Known, rng: random.Random) -> Damaged | None:
    head = "首页 > 政务公开 > 年报\n索引号：0043/2020-00012\n发布时间：2020-01-20 字号：大 中 小 打印\n分享到：\n"
    return head + known.text + "\n责任编辑：张三\n扫一扫在手机打开当前页\n【关闭】\n", known.expected()


@damage
def markdown_headings(known: Known, rng: random.Random) -> Damaged | None:
    return re.sub(r"^(\s*[一二三四五六]、)", r"## \1", known.text, flags=re.M), known.expected()
