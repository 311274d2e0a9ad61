"""A report as PDF, A4."""

import io
from functools import cache, partial
from pathlib import Path
from typing import Any

from petgen.report.parts import Content
from petgen.report.pdf_flow import BOLD, FONT, INK, WIDTH_MM, Flow

MOST_PAGES = 3
_SIZES = (1.0, 0.94, 0.88, 0.82)
"""Sizes of print tried, one after the other, until the report has `MOST_PAGES`."""
_MARGIN_MM = (210 - WIDTH_MM) / 2
_MARK = "#7A5200"


def pdf_bytes(content: Content) -> bytes:
    """The report as the bytes of a PDF file; mark, case code and page number stand on every page.

    Print shrinks by up to 18 % where the report would otherwise have more than three pages.

    Args:
        content: What it says.
    """
    _fonts()
    for size in _SIZES:
        pages, _ = _build(content, size, 0)
        if pages <= MOST_PAGES:
            break
    return _build(content, size, pages)[1]


def _build(content: Content, size: float, pages: int) -> tuple[int, bytes]:
    """Number of pages, and the file that says there are `pages`."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    packed = io.BytesIO()
    document = BaseDocTemplate(
        packed,
        pagesize=A4,
        title=content.title,
        author="petgen",
        subject=content.mark,
        lang="en",
        invariant=True,
    )
    frame = Frame(
        _MARGIN_MM * mm, 14 * mm, WIDTH_MM * mm, 264 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    mark = partial(_mark, content=content, pages=pages)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=mark))
    document.build(Flow(size).of(content))
    return document.page, packed.getvalue()


def _mark(canvas: Any, page: Any, *, content: Content, pages: int) -> None:
    from reportlab.lib.units import mm

    left, right = _MARGIN_MM * mm, page.pagesize[0] - _MARGIN_MM * mm
    canvas.saveState()
    canvas.setFillColor(_MARK)
    canvas.setFont(BOLD, 8)
    canvas.drawString(left, page.pagesize[1] - 12 * mm, content.mark)
    canvas.setFillColor(INK)
    canvas.setFont(FONT, 7.5)
    canvas.drawString(left, 8 * mm, content.title)
    canvas.drawRightString(right, 8 * mm, f"Page {page.page} of {pages}")
    canvas.restoreState()


@cache
def _fonts() -> None:
    import matplotlib
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name in (FONT, BOLD):
        registerFont(TTFont(name, str(folder / f"{name}.ttf")))
