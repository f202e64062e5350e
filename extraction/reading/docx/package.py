"""The ZIP archive of a DOCX: looked over as a whole before any of it is inflated, then read part by part."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from io import BytesIO

from extraction.reading.docx.limits import (
    MAX_BYTES,
    MAX_INFLATED,
    MAX_MEMBERS,
    MAX_PART,
    MAX_RATIO,
    RATIO_FROM,
    damaged,
    encrypted,
    too_large,
    unsafe,
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_DIRECTORY_ENTRY = b"PK\x01\x02"
_OUTSIDE = re.compile(r"^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)|\x00")
_CHUNK = 1 << 16
# All that zipfile raises on damaged archives.
_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    IndexError,
)


class Package:
    """A checked archive; ``read`` inflates one part.

    Raises UnreadableInput ``docx.damaged``, ``docx.unsafe``, ``docx.encrypted``; LimitExceeded
    ``docx.too_large``.
    """

    def __init__(self, data: bytes, path: str) -> None:
        self._path = path
        if len(data) > MAX_BYTES:
            raise too_large("bytes", len(data), MAX_BYTES)
        if data.startswith(_OLE) and _ENCRYPTED_STREAM in data:
            raise encrypted(path)
        # Each entry of the directory begins with this mark: counted before objects are made of them.
        entries = data.count(_DIRECTORY_ENTRY)
        if entries > MAX_MEMBERS:
            raise too_large("parts", entries, MAX_MEMBERS)
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except _FAILURES as error:
            raise damaged(path, f"its archive cannot be opened: {error}") from error
        self._members = self._checked(self._archive.infolist())
        self._inflated = 0

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a part; its real size is counted as it is inflated, whatever the archive declares."""
        member = self._members[name]
        chunks: list[bytes] = []
        size = 0
        try:
            with self._archive.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > MAX_PART:
                        raise too_large(f"bytes and more in its part {name}", size, MAX_PART)
                    chunks.append(chunk)
        except _FAILURES as error:
            raise damaged(self._path, f"its part {name} cannot be inflated: {error}") from error
        self._inflated += size
        if self._inflated > MAX_INFLATED:
            raise too_large("bytes once inflated", self._inflated, MAX_INFLATED)
        return b"".join(chunks)

    def _checked(self, infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for info in infos:
            name = info.filename.replace("\\", "/")
            if _OUTSIDE.search(name):
                raise unsafe(f"has a part whose name leads out of it ({name[:80]!r})")
            if name in members:
                raise unsafe(f"has two parts of one name ({name[:80]!r})")
            if info.flag_bits & 1:
                raise encrypted(self._path)
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise damaged(
                    self._path, f"its part {name[:80]!r} is packed in a way that Word does not know"
                )
            total += info.file_size
            members[name] = info
        if total > MAX_INFLATED:
            raise too_large("bytes once inflated", total, MAX_INFLATED)
        for name, info in members.items():
            if info.file_size > max(RATIO_FROM, MAX_RATIO * info.compress_size):
                raise unsafe(f"has a part packed more than {MAX_RATIO} times ({name[:80]!r})")
        return members
