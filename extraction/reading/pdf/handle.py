"""What ctypes hands out for pdfium's documents, pages and objects."""

from __future__ import annotations

from typing import Any, TypeAlias

Handle: TypeAlias = Any  # an opaque pointer, or the module of raw functions; ctypes gives them no useful type
