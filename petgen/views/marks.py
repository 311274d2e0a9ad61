"""What is drawn onto a slice: how the plane lies, crosshair, orientation letters, words."""

from dataclasses import dataclass
from typing import Literal

from PIL import ImageDraw

from petgen.views.colour import Colour, font

PlaneName = Literal["axial", "coronal", "sagittal"]
Position = tuple[float, float, float]

_MARGIN_PX = 10
_GAP_PX = 14


@dataclass(frozen=True)
class Layout:
    """What a plane shows: the axis through it, those across and down, and whether each runs backwards."""

    through: int
    across: int
    down: int
    across_reversed: bool
    letters: tuple[str, str, str, str]


def layout_of(name: PlaneName, radiological: bool) -> Layout:
    """How a plane lies on the picture; letters are left, right, top, bottom."""
    right_left = ("R", "L") if radiological else ("L", "R")
    if name == "axial":
        return Layout(2, 0, 1, radiological, (*right_left, "A", "P"))
    if name == "coronal":
        return Layout(1, 0, 2, radiological, (*right_left, "S", "I"))
    return Layout(0, 1, 2, True, ("A", "P", "S", "I"))


def draw_crosshair(draw: ImageDraw.ImageDraw, size: tuple[int, int], at: tuple[float, float], ink: Colour) -> None:
    """Draws two lines that meet at a pixel (x, y) and leave it free."""
    gap = _GAP_PX
    x, y = at
    ends = ((0, y, x - gap, y), (x + gap, y, size[0], y), (x, 0, x, y - gap), (x, y + gap, x, size[1]))
    for line in ends:
        draw.line(line, fill=ink, width=2)


def draw_words(
    draw: ImageDraw.ImageDraw,
    size: tuple[int, int],
    layout: Layout,
    name: PlaneName,
    mm: Position,
    stamp: str,
    ink: Colour,
) -> None:
    """Draws orientation letters, the slice\'s position in mm and the stamp (lower left)."""
    width, height = size
    left, right, top, bottom = layout.letters
    letters = (
        (left, (_MARGIN_PX, height / 2), "lm"),
        (right, (width - _MARGIN_PX, height / 2), "rm"),
        (top, (width / 2, _MARGIN_PX), "mt"),
        (bottom, (width / 2, height - _MARGIN_PX), "mb"),
    )
    for letter, place, anchor in letters:
        draw.text(place, letter, fill=ink, font=font(30), anchor=anchor)
    axis = "xyz"[layout.through]
    where = f"{axis} {mm[layout.through]:+.0f} mm"
    draw.text((_MARGIN_PX, _MARGIN_PX), where, fill=ink, font=font(29), anchor="lt")
    draw.text((_MARGIN_PX, height - _MARGIN_PX), stamp, fill=ink, font=font(27), anchor="lb")
