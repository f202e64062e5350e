"""Where the report stands on its page: among navigation, lists of other reports, and page furniture.

The smallest element that holds everything a report consists of: its grids, its section headings, and all
but a trace of the page's running Chinese prose. What stands outside it is kept only where it says who
published what and when. In doubt more is kept: later stages pass over furniture, but cannot find what is
gone.
"""

from __future__ import annotations

import re
from itertools import accumulate

from extraction.reading.html.flow import Flow, Grid, Item, Line

# Words that only the form's own grids hold.
FORM = re.compile(
    r"第二十条|规章|规范性文件|行政许可|行政处罚|行政强制|行政事业性收费|政府集中采购|申请人情况|自然人|予以公开|不予公开"
    r"|无法提供|不予处理|结果维持|结果纠正|尚未审结|行政复议|行政诉讼|结转"
)
HEADING = re.compile(
    r"[（(第]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．:：\s部分]*[^。；]{0,24}"
    r"(?:总体(?:工作)?情况|概述|主动公开|收到和处理|行政复议|存在的?(?:主要)?问题|需要报告|改进)"
)
_ABOUT = re.compile(
    r"索\s*引\s*号|文\s*号|发布(?:时间|日期|机构|单位)|发文|成文|生成日期|公开(?:时间|日期)|更新时间|来\s*源|当前位置"
    r"|的位置|所在位置|首页\s*[>＞»→/]|主题分类|(?:名\s*称|标\s*题)\s*[：:]"
)
_DATE = re.compile(r"(?:19|20)\d\d\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}")
_TITLE = re.compile(r"年度?(?:工作)?报告|年报")
_FURNITURE = re.compile(
    r"版权|主办|承办|备案|ICP|标识码|技术支持|联系电话|浏览器|分辨率|邮\s*编|公网安备|网站地图|温馨提示|免责声明"
)
_PROSE = 25  # characters that no item of a menu has
_LITTLE = 200  # characters: with less prose than that, every line counts
_TRACE = 0.02  # of the page's prose may stand outside: a footer, a notice to visitors
_ABOVE, _BELOW = 40, 12  # lines about the report are looked for so near to it
_LINKS = 0.5  # a line with more link text than that belongs to a menu
_MENU = 4  # so many lines of links in a row are one


def report_items(flow: Flow) -> list[Item]:
    """The items of the page that are the report, in reading order, with the lines about it around them."""
    items = flow.items
    vital = [_is_vital(item) for item in items]
    if True not in vital:  # pictures only, or another kind of page
        vital = [isinstance(item, Line) and _is_title(item) for item in items]
    start, end = _container(flow, vital)
    above = [item for item in items[max(0, start - _ABOVE) : start] if _is_about(item)]
    below = [item for item in items[end : end + _BELOW] if _is_about(item)]
    return above + _without_menus(items[start:end], vital[start:end]) + below


def holds_report(flow: Flow) -> bool:
    """Whether the page shows a grid of the form or a heading of one of its sections."""
    return any(_is_vital(item) for item in flow.items)


def _container(flow: Flow, vital: list[bool]) -> tuple[int, int]:
    size = len(flow.items)
    prose = [_prose(item) for item in flow.items]
    if sum(prose) < _LITTLE:
        prose = [_bare(item) for item in flow.items]
    total = list(accumulate(prose, initial=0))
    if not total[-1] and True not in vital:
        return 0, size
    first = vital.index(True) if True in vital else size
    last = size - vital[::-1].index(True) if True in vital else 0
    best = (0, size)
    for start, end in flow.spans:
        inside = total[end] - total[start]
        if start <= first and end >= last and inside >= (1 - _TRACE) * total[-1]:
            best = min(best, (start, end), key=_length)
    return best


def _length(span: tuple[int, int]) -> int:
    return span[1] - span[0]


def _is_vital(item: Item) -> bool:
    if isinstance(item, Grid):
        return any(FORM.search(cell.text) for line in item.lines for cell in line)
    if isinstance(item, Line):
        return len(item.text) <= 60 and not _is_menu(item) and HEADING.match(item.text) is not None
    return False


def _prose(item: Item) -> int:
    bare = _bare(item)
    if bare < _PROSE or (isinstance(item, Line) and bare < 200 and _FURNITURE.search(item.text)):
        return 0
    return bare


def _bare(item: Item) -> int:
    if isinstance(item, Line):
        return len(item.text) - item.links
    if isinstance(item, Grid):
        return sum(len(cell.text) for line in item.lines for cell in line)
    return 0


def _is_menu(line: Line) -> bool:
    return line.links > _LINKS * len(line.text)


def _is_about(item: Item) -> bool:
    """Whether an item outside the container names the report, its index number, publisher or date."""
    if isinstance(item, Grid):
        return any(_ABOUT.search(cell.text) for line in item.lines for cell in line)
    if not isinstance(item, Line) or len(item.text) > 200:
        return False
    if _ABOUT.search(item.text):
        return True
    return _is_title(item) or (not _is_menu(item) and _DATE.search(item.text) is not None)


def _is_title(line: Line) -> bool:
    return len(line.text) <= 60 and not _is_menu(line) and _TITLE.search(line.text) is not None


def _without_menus(items: list[Item], vital: list[bool]) -> list[Item]:
    """Runs of link lines before the report's first vital item and after its last are dropped."""
    if True not in vital:
        return items
    first = vital.index(True)
    last = len(vital) - vital[::-1].index(True)
    return [*_unlisted(items[:first]), *items[first:last], *_unlisted(items[last:])]


def _unlisted(items: list[Item]) -> list[Item]:
    kept: list[Item] = []
    run: list[Item] = []
    for item in [*items, None]:
        if isinstance(item, Line) and _is_menu(item) and not _ABOUT.search(item.text):
            run.append(item)
            continue
        if len(run) < _MENU:
            kept += run
        run = []
        if item is not None:
            kept.append(item)
    return kept
