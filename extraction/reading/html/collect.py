"""The one pass over a page: lxml's parser calls back for every tag, and lines and grids come out.

No tree is built: the stack of open tables is all that is kept, so depth costs nothing and a page that asks
for too much is left at the tag that does so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from extraction.reading.html.flow import Flow, Line, Picture, tidy
from extraction.reading.html.lattice import RawCell, RawRow, span
from extraction.reading.html.limits import (
    MAX_CELLS,
    MAX_DEPTH,
    MAX_TABLE_CELLS,
    too_deep,
    too_many_cells,
)
from extraction.reading.html.tables import lower

Attributes = Mapping[str, str]

# Never text of the report: programs, forms, embedded things, navigation, deletions of a tracked change.
_DROPPED = frozenset(
    """
    applet audio button canvas datalist del iframe map math noembed noframes noscript object option script
    select style svg template textarea video xml
    """.split()  # noqa: SIM905 - a list of words reads as one
)
_BREAKS = frozenset(
    """
    address blockquote br caption dd dir dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 hr legend li ol p
    summary ul
    """.split()  # noqa: SIM905 - a list of words reads as one
)
_CONTAINERS = frozenset(
    """article aside body center details div footer form header main nav section""".split()  # noqa: SIM905 - a list of words reads as one
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all")
_APART = re.compile(r"display\s*:\s*(?:inline-block|table-cell|inline-flex|inline-table)")
# What official sites must declare (国务院办公厅 政府网站发展指引, 网页标签), by its name in lower case.
_META = {
    "sitename": "SiteName",
    "sitedomain": "SiteDomain",
    "siteidcode": "SiteIDCode",
    "columnname": "ColumnName",
    "columntype": "ColumnType",
    "articletitle": "ArticleTitle",
    "pubdate": "PubDate",
    "contentsource": "ContentSource",
    "keywords": "Keywords",
    "author": "Author",
    "description": "Description",
    "url": "Url",
}
_PIXELS = re.compile(r"\s*(\d{1,6})(?![\d%])")
_ICON = 90  # pixels: what is narrower or lower holds no grid


class _Table:
    """A table whose end has not come."""

    __slots__ = ("around", "before", "cell", "foot", "group", "implied", "most_cells", "row", "rows")

    def __init__(self, around: Flow, *, cells: int, implied: bool) -> None:
        self.around = around
        self.before = Flow()  # what stands in the table outside its cells: browsers show it above
        self.rows: list[RawRow] = []
        self.row: RawRow | None = None
        self.cell: RawCell | None = None
        self.most_cells = min(cells + MAX_TABLE_CELLS, MAX_CELLS)  # of the page, by the table's end
        self.group = 0
        self.foot = False
        self.implied = implied  # whether the cell around it was made up


class Collector:
    """A target for ``lxml.etree.HTMLParser``: ``close`` returns the page's flow.

    Its methods raise LimitExceeded (``html.too_deep``, ``html.too_many_cells``).
    """

    def __init__(self, *, show_hidden: bool = False) -> None:
        self.flow = Flow()
        self.metadata: dict[str, str] = {}
        self._root = self.flow
        self._pieces: list[str] = []
        self._pictures: list[Picture] = []
        self._title: list[str] = []
        self._tables: list[_Table] = []
        self._marks: list[tuple[Flow, int]] = []
        self._links = 0  # characters of links in the paragraph
        self._anchors: list[bool] = []  # of the open <a>s: whether it is a link
        self._in_pre = 0
        self._depth = 0
        self._skip = 0  # depth of the element that is not shown, with all in it
        self._in_title = False
        self._cells = 0
        self._show_hidden = show_hidden
        self._plain: set[str | None] = {None}  # styles that change nothing: a page has few, each many times

    def start(self, tag: str, attributes: Attributes) -> None:
        """A tag opens."""
        self._depth = depth = self._depth + 1
        if depth > MAX_DEPTH:
            raise too_deep()
        if self._skip:
            return
        if (
            attributes
            and ("hidden" in attributes or attributes.get("style") not in self._plain)
            and self._is_hidden(tag, attributes)
        ):
            self._skip = depth
            return
        if tag in _BREAKS:
            if self._pieces:
                self.flush()
        elif tag in _STARTS:
            _STARTS[tag](self, attributes)

    def end(self, tag: str) -> None:
        """A tag closes; the parser closes every tag it opened, innermost first."""
        depth = self._depth
        self._depth = depth - 1
        if self._skip:
            if self._skip == depth:
                self._skip = 0
                self._in_title = False
        elif tag in _BREAKS:
            if self._pieces:
                self.flush()
        elif tag in _ENDS:
            _ENDS[tag](self)

    def data(self, text: str) -> None:
        """Text between tags."""
        if self._skip:
            if self._in_title:
                self._title.append(text)
            return
        pieces = self._pieces
        if pieces or not text.isspace():
            pieces.append(text)
            if self._anchors and any(self._anchors):
                self._links += len(text.strip())

    def close(self) -> Flow:
        """The page is over: its lines and grids, in reading order."""
        while self._tables:
            self.end_table()
        self.flush()
        title = tidy("".join(self._title))
        if title:
            self.metadata["title"] = title
        return self._root

    def _is_hidden(self, tag: str, attributes: Attributes) -> bool:
        """Whether the element is not shown; an inline one that its style sets apart is kept apart."""
        style = attributes.get("style", "").lower()
        hidden = "hidden" in attributes or _HIDDEN.search(style) is not None
        apart = _APART.search(style) is not None
        if apart and tag not in _BREAKS and tag not in _STARTS:
            self._pieces.append(" ")
        if not hidden and not apart:
            self._plain.add(attributes.get("style"))
        return hidden and not self._show_hidden

    # Paragraphs

    def flush(self) -> None:
        """End the paragraph, if there is one."""
        pieces = self._pieces
        if not pieces:
            return
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        pieces.clear()
        if self._in_pre and (not self._tables or self._tables[-1].cell is None):
            self._verbatim(text)
        else:
            text = tidy(text)
            if text:
                self.flow.items.append(Line(text, self._links))
        self._links = 0
        if self._pictures:
            self.flow.items += self._pictures
            self._pictures.clear()

    def _verbatim(self, text: str) -> None:
        for line in text.splitlines():
            if line.strip():
                self.flow.items.append(Line(line.rstrip(), 0))

    def start_pre(self, _: Attributes) -> None:
        self.flush()
        self._in_pre += 1

    def end_pre(self) -> None:
        self.flush()
        self._in_pre -= 1

    def start_container(self, _: Attributes) -> None:
        self.flush()
        self._marks.append((self.flow, len(self.flow.items)))

    def end_container(self) -> None:
        self.flush()
        flow, start = self._marks.pop()
        if flow is self.flow and len(flow.items) > start:
            flow.spans.append((start, len(flow.items)))

    # Inline and metadata

    def start_link(self, attributes: Attributes) -> None:
        self._anchors.append("href" in attributes)

    def end_link(self) -> None:
        self._anchors.pop()

    def drop(self, _: Attributes) -> None:
        self._skip = self._depth

    def start_title(self, _: Attributes) -> None:
        self._skip = self._depth
        self._in_title = not self._title

    def meta(self, attributes: Attributes) -> None:
        name = _META.get(attributes.get("name", "").strip().lower())
        value = tidy(attributes.get("content", ""))
        if name and value:
            self.metadata.setdefault(name, value)

    def picture(self, attributes: Attributes) -> None:
        sides = (_PIXELS.match(attributes.get(side, "")) for side in ("width", "height"))
        source = attributes.get("src", "")
        if source and all(side is None or int(side[1]) >= _ICON for side in sides):
            self._pictures.append(Picture(source if len(source) <= 200 else source[:200] + "…"))
            self._pieces.append("")  # there is something to flush

    # Tables

    def start_table(self, _: Attributes) -> None:
        self.flush()
        implied = bool(self._tables) and self._tables[-1].cell is None
        if implied:  # a table straight in a table, between its rows: it takes a row of its own
            self._tables[-1].row = None
            self.start_cell({})
        table = _Table(self.flow, cells=self._cells, implied=implied)
        self._tables.append(table)
        self.flow = table.before

    def end_table(self) -> None:
        if not self._tables:
            return
        self._close_cell()
        table = self._tables.pop()
        self.flow = table.around
        if table.before.items:
            self.flow.extend(table.before)
        lower(table.rows, self.flow)
        if table.implied:
            self._close_cell()
            self._tables[-1].row = None

    def start_foot(self, _: Attributes) -> None:
        self.end_group()
        if self._tables:
            self._tables[-1].foot = True

    def start_group(self, _: Attributes) -> None:
        self.end_group()

    def end_group(self) -> None:
        if self._tables:
            self._close_cell()
            table = self._tables[-1]
            table.row = None
            table.group += 1
            table.foot = False

    def start_row(self, _: Attributes) -> None:
        if self._tables:
            self._close_cell()
            table = self._tables[-1]
            table.row = RawRow([], table.group, table.foot)
            table.rows.append(table.row)

    def end_row(self) -> None:
        if self._tables:
            self._close_cell()
            self._tables[-1].row = None

    def start_cell(self, attributes: Attributes) -> None:
        if not self._tables:
            self.flush()
            return
        table = self._tables[-1]
        if table.cell is not None or self._pieces:
            self._close_cell()
        row = table.row
        if row is None:
            row = table.row = RawRow([], table.group, table.foot)
            table.rows.append(row)
        self._cells += 1
        if self._cells > table.most_cells:
            if self._cells > MAX_CELLS:
                raise too_many_cells("The page", MAX_CELLS)
            raise too_many_cells("A table", MAX_TABLE_CELLS)
        self.flow = Flow()
        wide = high = None
        if attributes:
            wide, high = attributes.get("colspan"), attributes.get("rowspan")
        table.cell = RawCell(
            self.flow,
            1 if wide is None else span(wide, rows=False),
            1 if high is None else span(high, rows=True),
        )
        row.cells.append(table.cell)

    def end_cell(self) -> None:
        if self._tables:
            self._close_cell()
        else:
            self.flush()

    def _close_cell(self) -> None:
        if self._pieces:
            self.flush()
        table = self._tables[-1]
        if table.cell is not None:
            table.cell = None
            self.flow = table.before


_STARTS: dict[str, Callable[[Collector, Attributes], None]] = {
    **dict.fromkeys(_CONTAINERS, Collector.start_container),
    **dict.fromkeys(_DROPPED, Collector.drop),
    "a": Collector.start_link,
    "pre": Collector.start_pre,
    "img": Collector.picture,
    "meta": Collector.meta,
    "title": Collector.start_title,
    "table": Collector.start_table,
    "thead": Collector.start_group,
    "tbody": Collector.start_group,
    "tfoot": Collector.start_foot,
    "tr": Collector.start_row,
    "td": Collector.start_cell,
    "th": Collector.start_cell,
}
_ENDS: dict[str, Callable[[Collector], None]] = {
    **dict.fromkeys(_CONTAINERS, Collector.end_container),
    **dict.fromkeys(("thead", "tbody", "tfoot"), Collector.end_group),
    "a": Collector.end_link,
    "pre": Collector.end_pre,
    "table": Collector.end_table,
    "tr": Collector.end_row,
    "td": Collector.end_cell,
    "th": Collector.end_cell,
}
