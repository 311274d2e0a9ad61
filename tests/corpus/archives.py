"""Zip archives of DICOM: bombs, traps, passwords, archives inside, damage."""

import io
import struct
import warnings
import zipfile
from functools import cache
from pathlib import Path

from made_dicom import zipped

from corpus.dicom_made import as_made, whole
from corpus.kind import Kind, file
from petgen.imaging import Scan, open_scan

CENTRAL = b"PK\x01\x02"


@cache
def good() -> bytes:
    return zipped(whole().files)


def _central(at: int, value: bytes) -> bytes:
    """The archive with bytes of its first central entry overwritten."""
    start = good().index(CENTRAL) + at
    return good()[:start] + value + good()[start + len(value) :]


def _named(*names: str) -> bytes:
    return zipped([(names[place % len(names)] + str(place), data) for place, (_, data) in enumerate(whole().files)])


def _one_name() -> bytes:
    with warnings.catch_warnings(action="ignore"):
        return zipped([("a.dcm", data) for _, data in whole().files])


def _encrypted() -> bytes:
    """Every entry says that it is protected by a password."""
    out = bytearray(good())
    for magic, offset in ((b"PK\x03\x04", 6), (CENTRAL, 8)):
        at = out.find(magic)
        while at >= 0:
            out[at + offset] |= 1
            at = out.find(magic, at + 4)
    return bytes(out)


def _quine(depth: int = 8) -> bytes:
    data = good()
    for _ in range(depth):
        data = zipped([("inner.zip", data)], zipfile.ZIP_STORED)
    return data


def _overlapping() -> bytes:
    """A thousand entries that all unpack the same bytes, so that little grows into much."""
    kernel = zipped([("a.dcm", whole().files[0][1][:132] + bytes(3 << 20))])
    start = kernel.index(CENTRAL)
    entry, end = kernel[start : kernel.index(b"PK\x05\x06")], kernel[kernel.index(b"PK\x05\x06") :]
    counts = struct.pack("<HHII", 1000, 1000, len(entry) * 1000, start)
    return kernel[:start] + entry * 1000 + end[:8] + counts + end[20:]


def _links() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("scan.dcm")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


REFUSED = {
    "zip: bomb of one entry": (lambda: zipped([*whole().files, ("a.dcm", bytes(64 << 20))]), "more than 200-fold"),
    "zip: bomb of many entries": (_overlapping, "200-fold|damaged or cannot be read"),
    "zip: claims 4 GiB": (lambda: _central(24, struct.pack("<I", 0xFFFFFFF0)), "unpacks to 4.0 GiB"),
    "zip: encrypted": (_encrypted, "protected by a password"),
    "zip: zip inside": (lambda: zipped([*whole().files, ("b.zip", good())]), "archive inside the DICOM files"),
    "zip: eight zips deep": (_quine, "archive inside the DICOM files"),
    "zip: tar inside": (lambda: zipped([("a.tar", bytes(257) + b"ustar" + bytes(99))]), "archive inside the DICOM"),
    "zip: cut short": (lambda: good()[:-99], "archive is cut short or damaged"),
    "zip: wrong checksum of a file": (lambda: _central(16, b"abcd"), "file 1 of 36: the file is damaged"),
    "zip: empty": (lambda: zipped([]), "archive is empty"),
    "zip: folders only": (lambda: zipped([("a/", b""), ("b/", b"")]), "archive is empty"),
    "zip: text only": (lambda: zipped([("read.txt", b"me")]), "no DICOM image in the one file"),
    "zip: 10,001 files": (lambda: zipped([(str(n), b"") for n in range(10_001)]), "10,001 files, more than 10,000"),
    "zip: a link to a file outside": (_links, "no DICOM image in the one file"),
}
READ = {
    "zip: path traversal": lambda: _named("../../../../tmp/evil", "..\\..\\evil", "/etc/evil"),
    "zip: every file of one name": _one_name,
    "zip: names of strange letters": lambda: _named("\u202egnp.mcd", "CON", "a\x01b", "ü" * 200),
}


def alone(path: Path) -> Scan:
    """Reads an archive and sees that nothing of it was written beside it."""
    found = open_scan(path)
    assert [beside.name for beside in path.parent.iterdir()] == [path.name]
    return found


KINDS = [
    *(Kind(name, file("scan.zip", make), open_scan, refused=words) for name, (make, words) in REFUSED.items()),
    *(Kind(name, file("scan.zip", make), alone, right=as_made) for name, make in READ.items()),
]
