"""Colour scales of the viewer, and the bar that explains them."""

from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Colormap = Literal["inverse grey", "grey", "hot", "spectrum"]
Colour = tuple[int, int, int]

_ANCHORS: dict[Colormap, tuple[Colour, ...]] = {
    "inverse grey": ((255, 255, 255), (0, 0, 0)),
    "grey": ((0, 0, 0), (255, 255, 255)),
    "hot": ((0, 0, 0), (150, 0, 0), (230, 60, 0), (255, 160, 0), (255, 230, 90), (255, 255, 255)),
    "spectrum": ((0, 0, 0), (20, 20, 140), (0, 120, 190), (0, 160, 80), (230, 210, 0), (240, 110, 0), (200, 0, 0)),
}

COLORMAPS: tuple[Colormap, ...] = tuple(_ANCHORS)
"""Names of the colour scales, the preset of the tracer florbetapir first."""

_BAR_PX = (1640, 76)
_SCALE_PX = (470, 14, 1170, 38)


def lookup(colormap: Colormap) -> np.ndarray:
    """The 256 colours of a scale, low to high, (256, 3), uint8."""
    anchors = np.array(_ANCHORS[colormap], dtype=float)
    at = np.linspace(0, 1, len(anchors))
    return np.stack([np.interp(np.linspace(0, 1, 256), at, channel) for channel in anchors.T], axis=1).astype(np.uint8)


def anchors(colormap: Colormap) -> tuple[Colour, ...]:
    """The colours that a scale is interpolated between, evenly spaced, low to high."""
    return _ANCHORS[colormap]


def background(colormap: Colormap) -> Colour:
    """Colour that stands for zero."""
    return _ANCHORS[colormap][0]


def is_bright(colormap: Colormap) -> bool:
    """Whether zero is drawn bright, so that lettering has to be dark."""
    return sum(background(colormap)) > 384


def colourise(values: np.ndarray, window: tuple[float, float], colormap: Colormap) -> np.ndarray:
    """Colours of values.

    Args:
        values: Any shape, in the unit of the window.
        window: (low, high); values beyond are drawn as the ends.
        colormap: A name in `COLORMAPS`.

    Returns:
        The shape of `values` and a last axis of 3, uint8.
    """
    low, high = window
    share = (np.nan_to_num(values, nan=low) - low) / max(high - low, 1e-6)
    colours: np.ndarray = lookup(colormap)[(np.clip(share, 0, 1) * 255).round().astype(np.uint8)]
    return colours


def font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """PIL's own scalable font at a size in pixels."""
    return ImageFont.load_default(size)


def _ticks(window: tuple[float, float]) -> np.ndarray:
    low, high = window
    step = next((step for step in (0.1, 0.25, 0.5, 1.0) if (high - low) / step <= 6), 2.0)
    return np.arange(np.ceil(round(low / step, 6)), np.floor(round(high / step, 6)) + 1) * step


def colour_bar(window: tuple[float, float], colormap: Colormap, unit: str = "SUVR") -> np.ndarray:
    """Horizontal colour bar with ticks, on the scale's own background, (76, 1640, 3), uint8."""
    picture = Image.new("RGB", _BAR_PX, background(colormap))
    left, top, right, bottom = _SCALE_PX
    ramp = np.linspace(*window, right - left)
    scale = np.broadcast_to(colourise(ramp, window, colormap), (bottom - top, right - left, 3))
    picture.paste(Image.fromarray(np.ascontiguousarray(scale)), (left, top))
    draw = ImageDraw.Draw(picture)
    ink = (60, 60, 60) if is_bright(colormap) else (190, 190, 190)
    draw.rectangle((left - 1, top - 1, right, bottom), outline=ink)
    for tick in _ticks(window):
        x = left + (tick - window[0]) / max(window[1] - window[0], 1e-6) * (right - left - 1)
        draw.line((x, bottom, x, bottom + 6), fill=ink, width=2)
        draw.text((x, bottom + 8), f"{tick:.2f}".rstrip("0").ljust(3, "0"), fill=ink, font=font(24), anchor="mt")
    draw.text((left - 24, (top + bottom) / 2), unit, fill=ink, font=font(26), anchor="rm")
    return np.asarray(picture)
