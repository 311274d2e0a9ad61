"""A zip archive of DICOM files, judged by its directory before anything is unpacked and never written to disk."""

import zipfile

from petgen.case import InputError

MAX_ENTRIES = 10_000
MAX_TOTAL_BYTES = 4 << 30
MAX_FILE_BYTES = 1 << 30
MAX_RATIO = 200
SMALL_BYTES = 16 << 20
WHERE = "zip archive"
PACK_AGAIN = "Pack the DICOM files of one examination again, as a plain zip without a password."


def check_zip(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of an archive whose declared sizes are harmless; zipfile never reads beyond a declared size.

    The ratio is judged over the archive and for every large file: an empty slice alone packs a thousandfold.

    Raises:
        InputError: Empty, too many files, too large unpacked, packed too tightly, or protected by a password.
    """
    files = [entry for entry in archive.infolist() if not entry.is_dir()]
    if not files:
        raise InputError("the archive is empty", where=WHERE, mend=PACK_AGAIN)
    if len(files) > MAX_ENTRIES:
        raise InputError(
            f"the archive holds {len(files):,} files, more than {MAX_ENTRIES:,}",
            where=WHERE,
            mend="Pack only the series that is needed.",
        )
    if any(entry.flag_bits & 1 for entry in files):
        raise InputError("the archive is protected by a password", where=WHERE, mend=PACK_AGAIN)
    unpacked = sum(entry.file_size for entry in files)
    if unpacked > MAX_TOTAL_BYTES or max(entry.file_size for entry in files) > MAX_FILE_BYTES:
        raise InputError(
            f"the archive unpacks to {unpacked / (1 << 30):.1f} GiB; petgen reads up to {MAX_TOTAL_BYTES >> 30} GiB, "
            f"and up to {MAX_FILE_BYTES >> 30} GiB for one file",
            where=WHERE,
            mend="Pack only the series that is needed.",
        )
    packed = sum(entry.compress_size for entry in files)
    large = [entry for entry in files if entry.file_size > SMALL_BYTES]
    if _tight(unpacked, packed) or any(_tight(entry.file_size, entry.compress_size) for entry in large):
        raise InputError(
            f"the archive is packed more than {MAX_RATIO}-fold, which images are not", where=WHERE, mend=PACK_AGAIN
        )
    return files


def _tight(unpacked: int, packed: int) -> bool:
    return unpacked > MAX_RATIO * max(packed, 1)
