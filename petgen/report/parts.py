"""What a report is made of, whatever it is then drawn as."""

from dataclasses import dataclass

Row = tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A PNG with what it shows."""

    png: bytes
    words: str


@dataclass(frozen=True)
class Table:
    """Head and rows, text in every cell; a row of a single cell is a heading inside the table."""

    head: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it: text, then tables, then pictures.

    Attributes:
        title: The heading.
        text: Paragraphs.
        tables: One below the other, or side by side.
        pictures: One below the other.
        beside: Whether the tables stand side by side where there is room.
    """

    title: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    beside: bool = False


@dataclass(frozen=True)
class Content:
    """A whole report.

    Attributes:
        title: With the case code, never a name.
        code: Case code.
        mark: What stands on every page; without quotation marks.
        sections: In the order of reading.
    """

    title: str
    code: str
    mark: str
    sections: tuple[Section, ...]
