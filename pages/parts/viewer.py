"""The viewer: MRI and PET in three planes with one crosshair."""

import numpy as np
import streamlit as st

from pages.parts.run import Shown
from petgen import views
from petgen.case import Synthesis
from petgen.views.marks import Position

COLUMNS = [510, 510, 606]
START = {"x": 6, "y": -54, "z": 36}
PLACES: dict[str, tuple[int, int, int]] = {
    "Cerebellum": (28, -64, -30),
    "Lateral temporal": (66, -28, -16),
    "Frontal": (4, 48, 26),
    "Posterior cingulate, precuneus": (6, -54, 36),
    "Parietal": (54, -46, 52),
    "Striatum": (26, 4, 2),
}
AXES = {
    "axial": ("z", "Axial: z, mm (I to S)"),
    "coronal": ("y", "Coronal: y, mm (P to A)"),
    "sagittal": ("x", "Sagittal: x, mm (L to R)"),
}
T1_WINDOW = (0.0, 1.25)


@st.fragment
def viewer(shown: Shown) -> None:
    """Draw the viewer; its controls rerun nothing else.

    Args:
        shown: The finished case.
    """
    for axis, value in START.items():
        st.session_state.setdefault(axis, value)
    with st.container(gap="xsmall"):
        colormap, window, radiological, crosshair = _controls()
        title, made = _chosen(shown.synthesis)
        columns = st.columns(COLUMNS, gap="small")
        for column, name in zip(columns, views.PLANES, strict=True):
            axis, label = AXES[name]
            column.slider(label, *views.LIMITS_MM[axis], key=axis, step=2)
        at: Position = (st.session_state["x"], st.session_state["y"], st.session_state["z"])
        st.caption(_readout(shown, made, at))
        synthesis = shown.synthesis
        rows = [("T1-weighted MRI", synthesis.t1, "", True), (title, made, "SYNTHETIC", False)]
        if shown.reference is not None:
            found = shown.synthesis.result.reference
            simulated = found is None or found.simulated
            rows.append((shown.reference_name, shown.reference, "SIMULATED" if simulated else "", False))
        for title, volume, stamp, is_t1 in rows:
            own = synthesis.result.reference
            tracer = own.tracer if own and volume is shown.reference else "florbetapir"
            st.markdown(f"**{title}**" + ("" if is_t1 else f" :gray[{tracer}, SUVR]"))
            for column, name in zip(st.columns(COLUMNS, gap="small"), views.PLANES, strict=True):
                picture = views.plane(
                    volume,
                    name,
                    at,
                    T1_WINDOW if is_t1 else window,
                    "grey" if is_t1 else colormap,
                    radiological=radiological,
                    stamp=stamp,
                    crosshair=crosshair,
                )
                column.image(views.png_bytes(picture), width="stretch", alt=f"{title}, {name}")
        st.image(views.png_bytes(views.colour_bar(window, colormap)), width="stretch", alt="Colour bar, SUVR")


def _chosen(synthesis: Synthesis) -> tuple[str, np.ndarray]:
    """Which of the images that the inputs leave open is shown: its title and its SUVR."""
    scenarios = synthesis.result.scenarios
    if scenarios is None:
        return "Synthetic PET", synthesis.suvr
    names = {
        "median": "Median of what the inputs say",
        "negative": f"If negative ({views.percent(scenarios.negative.weight)})",
        "positive": f"If positive ({views.percent(scenarios.positive.weight)})",
    }
    picked = st.segmented_control(
        "Synthetic PET",
        list(names),
        default="median",
        required=True,
        key="scenario",
        format_func=names.__getitem__,
        help="Amyloid is present or it is not: where the inputs leave that open, the patient is one of the two "
        "scenarios, each with its probability, and not the image in between.",
    )
    volumes = {"median": synthesis.suvr, "negative": synthesis.negative, "positive": synthesis.positive}
    title = "Synthetic PET" if picked == "median" else f"Synthetic PET, {names[picked][0].lower()}{names[picked][1:]}"
    return title, volumes[picked]


def _controls() -> tuple[views.Colormap, tuple[float, float], bool, bool]:
    scale, window, place, sides, cross = st.columns([6, 7, 8, 6, 5], vertical_alignment="bottom")
    colormap = scale.selectbox(
        "Colour scale",
        views.COLORMAPS,
        key="colormap",
        format_func=str.capitalize,
        help="Inverse grey is the black-and-white scale of florbetapir reads.",
    )
    limits = window.slider("PET window, SUVR", 0.0, 3.0, (0.0, 2.0), 0.1, key="window")
    place.selectbox(
        "Go to",
        list(PLACES),
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
    place = PLACES.get(st.session_state["place"] or "")
    if place:
        st.session_state.update(zip("xyz", place, strict=True))


def _readout(shown: Shown, made: np.ndarray, at: Position) -> str:
    synthesis = shown.synthesis
    where = ", ".join(f"{axis} {value:+.0f}" for axis, value in zip("xyz", at, strict=True)).replace("-", "−")
    region = views.region_at(synthesis.parcellation, synthesis.regions, at) or "no region"
    parts = [f"Crosshair: {where} mm (MNI)", region, f"synthetic SUVR {views.value_at(made, at):.2f}"]
    if shown.reference is not None:
        name = shown.reference_name[:1].lower() + shown.reference_name[1:].removesuffix(" PET")
        parts.append(f"{name} SUVR {views.value_at(shown.reference, at):.2f}")
    return " · ".join(parts)
