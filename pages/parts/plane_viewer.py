"""The viewer for browsers without WebGL: MRI and PET in three planes with one crosshair, drawn by the server."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import streamlit as st

from petgen import views
from petgen.case import Synthesis
from petgen.views.marks import Position

_WINDOW = "At first the deep white matter stands at 90 % of the scale (EANM PET Pearls, florbetapir)."
COLUMNS = [510, 510, 606]
AXES = {
    "axial": ("z", "Axial: z, mm (I to S)"),
    "coronal": ("y", "Coronal: y, mm (P to A)"),
    "sagittal": ("x", "Sagittal: x, mm (L to R)"),
}


@dataclass(frozen=True)
class _Row:
    """One scan: its title, what follows the title, its stamp, and how it is drawn."""

    title: str
    more: str
    volume: np.ndarray
    stamp: str
    window: tuple[float, float]
    colormap: views.Colormap


@st.fragment
def plane_viewer(synthesis: Synthesis) -> None:
    """Draw the viewer; its controls rerun nothing else.

    Args:
        synthesis: The finished case.
    """
    for axis, value in zip("xyz", views.START, strict=True):
        st.session_state.setdefault(axis, int(value))
    with st.container(gap="xsmall"):
        colormap, window, radiological, crosshair = _controls(views.synthetic_window(synthesis))
        title, made = _chosen(synthesis)
        for column, name in zip(st.columns(COLUMNS, gap="small"), views.PLANES, strict=True):
            axis, label = AXES[name]
            column.slider(label, *views.LIMITS_MM[axis], key=axis, step=2)
        at: Position = (st.session_state["x"], st.session_state["y"], st.session_state["z"])
        st.caption(_readout(synthesis, made, at))
        for row in _rows(synthesis, title, made, window, colormap):
            st.markdown(f"**{row.title}** :gray[{row.more}]")
            for column, name in zip(st.columns(COLUMNS, gap="small"), views.PLANES, strict=True):
                picture = views.plane(
                    row.volume,
                    name,
                    at,
                    row.window,
                    row.colormap,
                    radiological=radiological,
                    stamp=row.stamp,
                    crosshair=crosshair,
                )
                column.image(views.png_bytes(picture), width="stretch", alt=f"{row.title}, {name}")
        st.image(views.png_bytes(views.colour_bar(window, colormap)), width="stretch", alt="Colour bar, SUVR")


def _rows(
    synthesis: Synthesis, title: str, made: np.ndarray, window: tuple[float, float], colormap: views.Colormap
) -> Iterator[_Row]:
    yield _Row("MRI", "T1-weighted", synthesis.t1, "", views.T1_WINDOW, "grey")
    yield _Row(title, f"{synthesis.result.tracer}, SUVR", made, "SYNTHETIC", window, colormap)
    words = views.reference_words(synthesis)
    if words is not None and synthesis.reference is not None:
        yield _Row(words["title"], f"{words['tracer']}, SUVR", synthesis.reference, words["stamp"], window, colormap)


def _chosen(synthesis: Synthesis) -> tuple[str, np.ndarray]:
    """Which of the images that the inputs leave open is shown: its title and its SUVR."""
    names = views.scenario_titles(synthesis)
    if len(names) == 1:
        return "Synthetic PET", synthesis.suvr
    picked = st.radio(
        "Synthetic PET",
        list(names),
        key="scenario",
        horizontal=True,
        format_func=names.__getitem__,
        help="Amyloid is present or it is not: where the inputs leave that open, the patient is one of the two "
        "scenarios, each with its probability, and not the image in between.",
    )
    volumes = {"median": synthesis.suvr, "negative": synthesis.negative, "positive": synthesis.positive}
    title = "Synthetic PET" if picked == "median" else f"Synthetic PET, {names[picked].lower()}"
    return title, volumes[picked]


def _controls(preset: tuple[float, float]) -> tuple[views.Colormap, tuple[float, float], bool, bool]:
    scale, window, place, sides, cross = st.columns([6, 7, 8, 6, 5], vertical_alignment="bottom")
    colormap = scale.selectbox(
        "Colour scale",
        views.COLORMAPS,
        key="colormap",
        format_func=str.capitalize,
        help="Inverse grey is the black-and-white scale of florbetapir reads.",
    )
    limits = window.slider("PET window, SUVR", 0.0, max(3.0, preset[1]), preset, 0.01, key="window", help=_WINDOW)
    place.selectbox(
        "Go to",
        list(views.PLACES),
        index=None,
        key="place",
        placeholder="region",
        on_change=_go,
        help="Systematic read: cerebellum, lateral temporal, frontal, posterior cingulate and precuneus, parietal.",
    )
    convention = sides.selectbox(
        "Convention",
        ["Radiological", "Neurological"],
        key="convention",
        help="Radiological: the patient's right is on the left of the picture.",
    )
    crosshair = cross.toggle("Crosshair", value=True, key="crosshair")
    return colormap, limits, convention != "Neurological", crosshair


def _go() -> None:
    place = views.PLACES.get(st.session_state["place"] or "")
    if place:
        st.session_state.update(zip("xyz", (int(value) for value in place), strict=True))


def _readout(synthesis: Synthesis, made: np.ndarray, at: Position) -> str:
    where = ", ".join(f"{axis} {views.signed(value)}" for axis, value in zip("xyz", at, strict=True))
    region = views.region_at(synthesis.parcellation, synthesis.regions, at) or "no region"
    parts = [f"Crosshair: {where} mm (MNI)", region, f"synthetic SUVR {views.value_at(made, at):.2f}"]
    words = views.reference_words(synthesis)
    if words is not None and synthesis.reference is not None:
        name = words["title"][:1].lower() + words["title"][1:].removesuffix(" PET")
        parts.append(f"{name} SUVR {views.value_at(synthesis.reference, at):.2f}")
    return " · ".join(parts)
