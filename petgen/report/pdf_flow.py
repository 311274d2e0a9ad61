"""The sections of a report as what reportlab sets on pages."""

import io
from html import escape
from typing import Any

from petgen.report.parts import Content, Picture, Row, Section, Table

FONT, BOLD = "DejaVuSans", "DejaVuSans-Bold"
WIDTH_MM = 182
INK = "#1C2B33"
_FAINT, _LINE = "#EEF2F4", "#D3DDE2"
_GAP_MM = 6
_TALLEST_MM = 118
_DENSE_COLUMNS = 5


class Flow:
    """Paragraphs, tables and pictures.

    Args:
        size: Size of print, 1 is usual.
    """

    def __init__(self, size: float) -> None:
        from reportlab.lib.units import mm

        self.size, self.mm = size, mm

    def of(self, content: Content) -> list[Any]:
        """All that stands on the pages, in order."""
        parts = [self._text(content.title, 14, bold=True, after=4)]
        for section in content.sections:
            parts += self._section(section)
        return parts

    def _section(self, section: Section) -> list[Any]:
        from reportlab.platypus import KeepTogether, Spacer

        parts: list[Any] = [self._text(section.title, 10.5, bold=True, after=2, heads=True)]
        parts += [self._text(text, 7.8, after=1.5) for text in section.text]
        if section.beside and len(section.tables) > 1:
            tables: list[Any] = [self._side_by_side(section.tables)]
        else:
            tables = [self._table(table, WIDTH_MM) for table in section.tables]
        first = [KeepTogether([*parts, tables[0]]), *tables[1:]] if tables else parts
        return [*first, *map(self._picture, section.pictures), Spacer(1, 3 * self.mm * self.size)]

    def _picture(self, picture: Picture) -> Any:
        from reportlab.lib.utils import ImageReader
        from reportlab.platypus import Image, KeepTogether, Spacer

        width, height = ImageReader(io.BytesIO(picture.png)).getSize()
        shown = min(WIDTH_MM, _TALLEST_MM * self.size * width / height) * self.mm
        image = Image(io.BytesIO(picture.png), shown, shown * height / width, hAlign="LEFT")
        return KeepTogether([Spacer(1, self.mm), image, self._text(picture.words, 7, after=2)])

    def _side_by_side(self, tables: tuple[Table, ...]) -> Any:
        from reportlab.platypus import Table as Grid

        gaps = _GAP_MM * (len(tables) - 1)
        shares = [sum(_natural(table, _print(table))) for table in tables]
        widths = [(WIDTH_MM - gaps) * share / sum(shares) for share in shares]
        cells: list[Any] = []
        columns: list[float] = []
        for table, width in zip(tables, widths, strict=True):
            if cells:
                cells.append("")
                columns.append(_GAP_MM * self.mm)
            cells.append(self._table(table, width))
            columns.append(width * self.mm)
        bare = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
        return Grid([cells], columns, style=[*bare, ("VALIGN", (0, 0), (-1, -1), "TOP")], hAlign="LEFT")

    def _table(self, table: Table, width_mm: float) -> Any:
        from reportlab.lib.colors import HexColor
        from reportlab.platypus import Table as Grid

        head = [table.head] if any(table.head) else []
        rows = [*head, *table.rows]
        style: list[Any] = [
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, HexColor(_LINE)),
            ("TOPPADDING", (0, 0), (-1, -1), 0.8 * self.size),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2 * self.size),
            ("LEFTPADDING", (0, 0), (-1, -1), _padding(table)),
            ("RIGHTPADDING", (0, 0), (-1, -1), _padding(table)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
        cells = []
        for number, row in enumerate(rows):
            heading = (head and number == 0) or len(row) == 1
            if heading:
                style.append(("BACKGROUND", (0, number), (-1, number), HexColor(_FAINT)))
            if len(row) == 1:
                style.append(("SPAN", (0, number), (-1, number)))
                style.append(("LEADING", (0, number), (-1, number), 1))
                style.append(("FONTSIZE", (0, number), (-1, number), 1))
            words = [self._text(cell, _print(table), bold=bool(heading)) for cell in row]
            cells.append([*words, *[""] * (len(table.head) - len(row))])
        widths = _columns(_natural(table, _print(table) * self.size), width_mm * self.mm)
        return Grid(cells, widths, style=style, repeatRows=len(head), hAlign="LEFT", spaceAfter=2 * self.mm)

    def _text(self, words: str, size: float, *, bold: bool = False, after: float = 0, heads: bool = False) -> Any:
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.platypus import Paragraph

        points = size * self.size
        style = ParagraphStyle(
            f"{points} {bold} {after} {heads}",
            fontName=BOLD if bold else FONT,
            fontSize=points,
            leading=points * 1.25,
            textColor=INK,
            spaceAfter=after,
            splitLongWords=True,
            keepWithNext=heads,
        )
        return Paragraph(escape(words).replace("\n", "<br/>"), style)


def _natural(table: Table, points: float) -> list[float]:
    """Widths of the columns, in points, at which no cell breaks its line."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    rows: list[Row] = [row for row in (table.head, *table.rows) if len(row) == len(table.head)]
    room = 2 * _padding(table) + 1
    return [max(stringWidth(row[column], BOLD, points) for row in rows) + room for column in range(len(table.head))]


def _columns(natural: list[float], width: float) -> list[float]:
    """Natural widths made to sum to `width`: spare room is shared, lacking room is taken from the widest column."""
    spare = width - sum(natural)
    if spare >= 0:
        return [part + spare * part / sum(natural) for part in natural]
    widest = natural.index(max(natural))
    least = width / (len(natural) + 2)
    taken = [max(part + spare, least) if column == widest else part for column, part in enumerate(natural)]
    return [part * width / sum(taken) for part in taken]


def _dense(table: Table) -> bool:
    return len(table.head) >= _DENSE_COLUMNS


def _padding(table: Table) -> float:
    return 2.5 if _dense(table) else 4.0


def _print(table: Table) -> float:
    return 6.4 if _dense(table) else 7.0
