"""What can be recorded in a series."""

from petgen.case import InputError
from petgen.store.series_items import Item, items_of
from petgen.store.tables import ANSWERS, SeriesReadRow, SeriesRow, SeriesVerdict

LONGEST_READER = 16


def check_reader(reader: str) -> None:
    """Refuses what is no reader's code.

    Raises:
        InputError: It is empty, too long, or has other signs than letters and digits.
    """
    if not (reader.isascii() and reader.isalnum() and len(reader) <= LONGEST_READER):
        raise InputError(
            f"a reader is a code of letters and digits, {LONGEST_READER} at most",
            where="Reader",
            mend="Write a code such as R1, never a name.",
        )


def check_read(row: SeriesReadRow) -> None:
    """Refuses a read whose reader, confidence, quality or time cannot be.

    Raises:
        InputError: Which of them, and why.
    """
    check_reader(row.reader)
    for name, value in (("Confidence", row.confidence), ("Image quality", row.quality)):
        if value not in range(1, 6):
            raise InputError("is a whole number from 1 to 5", where=name)
    if not 0 <= row.seconds < float("inf"):
        raise InputError("is a number of seconds, 0 or more", where="Time")


def check_place(row: SeriesRow, item: Item, verdict: SeriesVerdict) -> None:
    """Refuses a read that the series has no place for.

    Raises:
        InputError: The series is closed, has no such scan, or asks something else.
    """
    if row.closed:
        raise InputError("is closed; nothing more can be read in it", where="Series", mend="Make a new series.")
    if item not in items_of(row):
        raise InputError("there is no such scan in this series, or its case was deleted", where="Series")
    if verdict not in ANSWERS[row.mode]:
        raise InputError(f"is one of {', '.join(ANSWERS[row.mode])}", where="Verdict")
