"""A report as PDF, A4."""

import io
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any

from petgen.report.content import Content, Section, Table

_FONT, _BOLD = "DejaVuSans", "DejaVuSans-Bold"
_MARGIN_MM, _WIDTH_MM = 16, 178
_INK, _FAINT, _MARK = "#1C2B33", "#EEF2F4", "#9A6700"


def pdf_bytes(content: Content) -> bytes:
    """The report as the bytes of a PDF file; the mark stands on every page.

    Args:
        content: What it says.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    _fonts()
    packed = io.BytesIO()
    margin = _MARGIN_MM * mm
    page = SimpleDocTemplate(
        packed,
        pagesize=A4,
        leftMargin=margin,
        rightMargin=margin,
        topMargin=22 * mm,
        bottomMargin=margin,
        title=content.title,
        author="petgen",
        invariant=True,
    )
    parts: list[Any] = [Paragraph(escape(content.title), _style(15, bold=True, after=6))]
    for section in content.sections:
        parts += _section(section)
    frame = partial(_mark, words=content.mark)
    page.build(parts, onFirstPage=frame, onLaterPages=frame)
    return packed.getvalue()


def _section(section: Section) -> list[Any]:
    from reportlab.lib.units import mm
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image, KeepTogether, Paragraph, Spacer

    parts: list[Any] = [Paragraph(escape(section.title), _style(11, bold=True, after=3, heads=True))]
    parts += [Paragraph(escape(text), _style(8.5, after=2)) for text in section.text]
    parts += [_table(table) for table in section.tables]
    for picture in section.pictures:
        width, height = ImageReader(io.BytesIO(picture.png)).getSize()
        shown = _WIDTH_MM * mm
        image = Image(io.BytesIO(picture.png), shown, shown * height / width)
        parts.append(KeepTogether([image, Paragraph(escape(picture.words), _style(7.5))]))
    return [*parts, Spacer(1, 4 * mm)]


def _table(table: Table) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph
    from reportlab.platypus import Table as Grid

    columns = len(table.head)
    first = 46 if columns == 2 else _WIDTH_MM / columns
    widths = [first * mm] + [(_WIDTH_MM - first) / (columns - 1) * mm] * (columns - 1)
    cells = [[Paragraph(escape(cell), _style(7.5, bold=True)) for cell in table.head]]
    cells += [[Paragraph(escape(cell), _style(7.5)) for cell in row] for row in table.rows]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(_FAINT)),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, HexColor("#D3DDE2")),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return Grid(cells, widths, style=style, repeatRows=1, spaceAfter=3 * mm)


def _mark(canvas: Any, page: Any, *, words: str) -> None:
    from reportlab.lib.units import mm

    canvas.saveState()
    canvas.setFillColor(_MARK)
    canvas.setFont(_BOLD, 8)
    canvas.drawString(_MARGIN_MM * mm, page.pagesize[1] - 14 * mm, words)
    canvas.setFillColor(_INK)
    canvas.setFont(_FONT, 8)
    canvas.drawRightString(page.pagesize[0] - _MARGIN_MM * mm, 9 * mm, f"Page {page.page}")
    canvas.restoreState()


@cache
def _fonts() -> None:
    import matplotlib
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name in (_FONT, _BOLD):
        registerFont(TTFont(name, str(folder / f"{name}.ttf")))


def _style(size: float, *, bold: bool = False, after: float = 0, heads: bool = False) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"{size} {bold} {after} {heads}",
        fontName=_BOLD if bold else _FONT,
        fontSize=size,
        leading=size * 1.3,
        textColor=_INK,
        spaceAfter=after,
        splitLongWords=True,
        keepWithNext=heads,
    )
