"""Slices of a volume as pictures with crosshair and orientation letters."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from petgen.imaging.grid import AFFINE, SHAPE, VOXEL_MM
from petgen.views.colour import Colormap, colourise, is_bright
from petgen.views.marks import Layout, PlaneName, Position, draw_crosshair, draw_words, layout_of

PLANES: tuple[PlaneName, ...] = ("axial", "coronal", "sagittal")
LIMITS_MM: dict[str, tuple[int, int]] = {"x": (-76, 76), "y": (-110, 78), "z": (-72, 84)}
"""Range of the crosshair on each axis, template millimetres."""

_CANVAS_MM = ((-84, 84), (-118, 82), (-90, 110))
_PX_PER_VOXEL = 6


def voxel_at(mm: Position) -> tuple[int, int, int]:
    """Indices of the voxel nearest to a point in template millimetres, kept inside the grid."""
    index = np.rint((np.asarray(mm) - AFFINE[:3, 3]) / VOXEL_MM).astype(int)
    i, j, k = np.clip(index, 0, np.array(SHAPE) - 1)
    return int(i), int(j), int(k)


def plane(
    volume: np.ndarray,
    plane: PlaneName,
    mm: Position,
    window: tuple[float, float],
    colormap: Colormap = "grey",
    *,
    radiological: bool = True,
    stamp: str = "",
    crosshair: bool = True,
) -> np.ndarray:
    """One slice as a picture.

    All planes have the same scale (3 pixels a millimetre) and the same height; anterior is on the left of the
    sagittal plane, superior or anterior is on top.

    Args:
        volume: Values on the working grid, (91, 109, 91).
        plane: Which plane to cut.
        mm: Crosshair position (x, y, z) in template millimetres; the slice goes through it.
        window: Values drawn with the first and the last colour.
        colormap: A name in `petgen.views.COLORMAPS`.
        radiological: The patient's right is on the picture's left; otherwise the other way round.
        stamp: Words burned into the lower left corner.
        crosshair: Draw the crosshair.

    Returns:
        Picture (606, 510, 3), sagittal (606, 606, 3), uint8.
    """
    layout = layout_of(plane, radiological)
    values = _cut(volume, layout, voxel_at(mm))
    size = (values.shape[1] * _PX_PER_VOXEL, values.shape[0] * _PX_PER_VOXEL)
    smooth = Image.fromarray(values).resize(size, Image.Resampling.BICUBIC)
    picture = Image.fromarray(colourise(np.asarray(smooth), window, colormap))
    draw = ImageDraw.Draw(picture)
    bright = is_bright(colormap)
    if crosshair:
        draw_crosshair(draw, size, _point(layout, mm, size), (0, 114, 178) if bright else (86, 180, 233))
    if bright:
        draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=(170, 170, 170), width=2)
    draw_words(draw, size, layout, plane, mm, stamp, (50, 50, 50) if bright else (205, 205, 205))
    return np.asarray(picture)


def _canvas(axis: int) -> tuple[int, int]:
    """First and last voxel of an axis on the canvas; may lie outside the grid."""
    low, high = _CANVAS_MM[axis]
    origin = AFFINE[axis, 3]
    return round((low - origin) / VOXEL_MM), round((high - origin) / VOXEL_MM)


def _cut(volume: np.ndarray, layout: Layout, voxel: tuple[int, int, int]) -> np.ndarray:
    """The slice on its canvas, rows from the top, columns from the left, float32."""
    cut = np.take(volume, voxel[layout.through], axis=layout.through).astype(np.float32)
    for position, axis in enumerate(sorted((layout.across, layout.down))):
        first, last = _canvas(axis)
        padding = [(0, 0), (0, 0)]
        padding[position] = (max(-first, 0), max(last + 1 - SHAPE[axis], 0))
        start = max(first, 0)
        cut = np.pad(cut, padding).take(range(start, start + last + 1 - first), axis=position)
    rows = cut.T[::-1]
    return np.ascontiguousarray(rows[:, ::-1] if layout.across_reversed else rows)


def _point(layout: Layout, mm: Position, size: tuple[int, int]) -> tuple[float, float]:
    """Pixel (x, y) of the crosshair."""
    per_mm = _PX_PER_VOXEL / VOXEL_MM
    x = (mm[layout.across] - _CANVAS_MM[layout.across][0]) * per_mm + _PX_PER_VOXEL / 2
    y = (mm[layout.down] - _CANVAS_MM[layout.down][0]) * per_mm + _PX_PER_VOXEL / 2
    return (size[0] - x if layout.across_reversed else x), size[1] - y


def png_bytes(picture: np.ndarray, colours: int | None = None, *, words: str = "") -> bytes:
    """A picture as a PNG file.

    Args:
        picture: (h, w, 3), uint8.
        colours: Reduced to so many, for a file of half the size; all of them when None.
        words: Its description, kept in the file.
    """
    buffer, image, said = BytesIO(), Image.fromarray(picture), PngInfo()
    if words:
        said.add_text("Description", words)
    if colours:
        image.quantize(colours).save(buffer, format="PNG", optimize=True, pnginfo=said)
    else:
        image.save(buffer, format="PNG", compress_level=2, pnginfo=said)
    return buffer.getvalue()
