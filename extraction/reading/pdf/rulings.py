"""Ruling lines of a page: strokes, thin filled rectangles and the sides of stroked boxes, in forms too."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from extraction.reading.pdf.frame import Frame
from extraction.reading.pdf.handle import Handle
from extraction.reading.pdf.limits import MAX_FORM_DEPTH, MAX_OBJECTS
from extraction.records import Box

_THIN = 4.0  # points: a border as a filled rectangle, or a stroke with its width
_SHORT = 3.0
_PLAIN = 5  # segments of a rectangle or a line: its bounds tell everything
_LINE_TO, _BEZIER_TO, _MOVE_TO = 0, 1, 2
_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Drawing:
    """``across``: ``(y, x0, x1)`` of horizontal lines; ``down``: ``(x, y0, y1)`` of vertical ones."""

    across: list[tuple[float, float, float]] = field(default_factory=list)
    down: list[tuple[float, float, float]] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    complete: bool = True


def read_drawing(page: Handle, frame: Frame) -> Drawing:
    """What is drawn on a page that can rule a grid; ``complete`` is false where there is too much of it."""
    from pypdfium2 import raw

    drawing = Drawing()
    _Walker(raw, frame, drawing).objects(
        raw.FPDFPage_CountObjects(page), lambda index: raw.FPDFPage_GetObject(page, index), _IDENTITY, 0
    )
    return drawing


class _Walker:
    """Goes through page objects; ctypes' cells are made once."""

    def __init__(self, raw: Handle, frame: Frame, drawing: Drawing) -> None:
        self.raw, self.frame, self.drawing = raw, frame, drawing
        self.left = MAX_OBJECTS
        self.sides = tuple(ctypes.c_float() for _ in range(4))
        self.refs = tuple(ctypes.byref(side) for side in self.sides)
        self.fill, self.stroke = ctypes.c_int(), ctypes.c_int()
        self.matrix = raw.FS_MATRIX()

    def objects(self, count: int, get: Callable[[int], Handle], matrix: Matrix, depth: int) -> None:
        raw = self.raw
        for index in range(count):
            self.left -= 1
            if self.left < 0:
                self.drawing.complete = False
                return
            item = get(index)
            kind = raw.FPDFPageObj_GetType(item) if item else 0
            if kind == _PATH:
                self._path(item, matrix)
            elif kind == _IMAGE:
                box = self._bounds(item, matrix)
                if box:
                    self.drawing.pictures.append(box)
            elif kind == _FORM and depth < MAX_FORM_DEPTH:
                inner = self._product(self._matrix(item), matrix)
                getter = _getter(raw.FPDFFormObj_GetObject, item)
                self.objects(raw.FPDFFormObj_CountObjects(item), getter, inner, depth + 1)

    def _matrix(self, item: Handle) -> Matrix:
        m = self.matrix
        if not self.raw.FPDFPageObj_GetMatrix(item, ctypes.byref(m)):
            return _IDENTITY
        return m.a, m.b, m.c, m.d, m.e, m.f

    @staticmethod
    def _product(first: Matrix, then: Matrix) -> Matrix:
        a, b, c, d, e, f = first
        p, q, r, s, t, u = then
        return (
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        )

    def _point(self, x: float, y: float, matrix: Matrix) -> tuple[float, float]:
        a, b, c, d, e, f = matrix
        return self.frame.point(a * x + c * y + e, b * x + d * y + f)

    def _bounds(self, item: Handle, matrix: Matrix) -> Box | None:
        if not self.raw.FPDFPageObj_GetBounds(item, *self.refs):
            return None
        left, bottom, right, top = (side.value for side in self.sides)
        x0, y0 = self._point(left, bottom, matrix)
        x1, y1 = self._point(right, top, matrix)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _path(self, item: Handle, matrix: Matrix) -> None:
        raw = self.raw
        if not raw.FPDFPath_GetDrawMode(item, ctypes.byref(self.fill), ctypes.byref(self.stroke)):
            return
        stroked = bool(self.stroke.value)
        if not stroked and not self.fill.value:  # a clip
            return
        segments = raw.FPDFPath_CountSegments(item)
        if segments <= _PLAIN:
            box = self._bounds(item, matrix)
            if box:
                self._box(box, stroked=stroked and segments >= 4)
            return
        self.left -= segments
        if self.left < 0:
            self.drawing.complete = False
            return
        own = self._product(self._matrix(item), matrix)
        for points in self._subpaths(item, segments, own):
            self._polygon(points, stroked=stroked)

    def _box(self, box: Box, *, stroked: bool) -> None:
        left, top, right, bottom = box
        wide, high = right - left, bottom - top
        if high <= _THIN and wide > max(_SHORT, high):
            self.drawing.across.append(((top + bottom) / 2, left, right))
        elif wide <= _THIN and high > max(_SHORT, wide):
            self.drawing.down.append(((left + right) / 2, top, bottom))
        elif stroked and wide > _THIN and high > _THIN:
            self.drawing.across += [(top, left, right), (bottom, left, right)]
            self.drawing.down += [(left, top, bottom), (right, top, bottom)]

    def _subpaths(
        self, item: Handle, segments: int, matrix: Matrix
    ) -> Iterator[list[tuple[float, float] | None]]:
        """Corners of each subpath; None stands where a curve leads to the next."""
        raw, (x, y) = self.raw, (ctypes.c_float(), ctypes.c_float())
        points: list[tuple[float, float] | None] = []
        start: tuple[float, float] | None = None
        for index in range(segments):
            segment = raw.FPDFPath_GetPathSegment(item, index)
            kind = raw.FPDFPathSegment_GetType(segment)
            if not raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
                continue
            point = self._point(x.value, y.value, matrix)
            if kind == _MOVE_TO:
                if points:
                    yield points
                points, start = [], point
            elif kind == _BEZIER_TO:
                points.append(None)
            points.append(point)
            if start is not None and raw.FPDFPathSegment_GetClose(segment):
                points.append(start)
        if points:
            yield points

    def _polygon(self, points: list[tuple[float, float] | None], *, stroked: bool) -> None:
        corners = [p for p in points if p is not None]
        xs, ys = [p[0] for p in corners], [p[1] for p in corners]
        box = min(xs), min(ys), max(xs), max(ys)
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            self._box(box, stroked=False)
        elif stroked:
            for a, b in pairwise(points):
                if a is not None and b is not None:
                    self._box(
                        (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])), stroked=False
                    )


def _getter(function: Callable[[Handle, int], Handle], owner: Handle) -> Callable[[int], Handle]:
    return lambda index: function(owner, index)
