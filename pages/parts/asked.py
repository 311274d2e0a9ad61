"""The open case's scan inside the generator, asked again with other values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from pages.parts.current_case import Opened
from pages.parts.drag_viewer import Frame
from petgen import views
from petgen.case import Point, Synthesis

if TYPE_CHECKING:
    import numpy as np

    from petgen.generator.at_load import OnSubject
    from petgen.generator.synthesise import Encoded
    from petgen.models import Models

_KEPT = "what_if"
Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Asked:
    """A scan inside the generator, kept while its case is open.

    Attributes:
        case_id: Of the case.
        encoded: The scan.
        on: The atlas on it.
        slope: What one Centiloid more adds to its image, where the case's scenarios tell.
        curves: Curves computed so far, by value.
        frames: What was painted along them, by value.
        window: SUVR at the ends of the scale of the case's PET.
    """

    case_id: str
    encoded: "Encoded"
    on: "OnSubject"
    slope: "np.ndarray | None"
    curves: dict[str, list[Point]]
    frames: dict[str, list[Frame]]
    window: tuple[float, float]

    def values(self, name: str) -> list[float]:
        """Places of a curve."""
        return [point.value for point in self.curves[name]]


def asked_of(case: Opened, found: "Models") -> Asked:
    """The open case's scan in the generator, read the first time it is asked for."""
    kept: Asked | None = st.session_state.get(_KEPT)
    if kept is None or kept.case_id != case.case_id:
        from petgen.generator.at_load import OnSubject
        from petgen.generator.synthesise import encode

        made = case.synthesis
        with st.spinner("Reading the scan into the model"):
            encoded = run(found, lambda: encode(found.network, made.t1, made.parcellation))
        on = OnSubject(made.mask, made.parcellation, made.cortex, made.cerebellum)
        st.session_state[_KEPT] = kept = Asked(
            case.case_id, encoded, on, _slope(made), {}, {}, views.synthetic_window(made)
        )
    return kept


def _slope(made: Synthesis) -> "np.ndarray | None":
    from petgen.generator.at_load import Painted, slope_among

    sides = made.result.scenarios
    if sides is None:
        return None
    images = ((sides.negative, made.negative), (sides.positive, made.positive))
    return slope_among([Painted(side.load, image, side.centiloid) for side, image in images])


def run(found: "Models", work: Callable[[], Outcome]) -> Outcome:
    """Runs the model, which one session does at a time."""
    from petgen.generator.device import with_room
    from petgen.pipeline import NO_ROOM

    with found.lock:
        outcome, moved = with_room(found.network, work)
    if moved:
        st.warning(NO_ROOM, icon=":material/memory:")
    return outcome


def frame_at(case: Opened, found: "Models", asked: Asked, name: str, value: float, own: float | None) -> Frame:
    """What the model paints and says of the open case with another value; its own is left as it is written."""
    from petgen.assess import what_if as ask
    from petgen.explain import with_value

    patient = case.synthesis.biomarkers
    changed = patient if value == own else with_value(patient, name, value)
    seen = run(
        found,
        lambda: ask(found.network, asked.encoded, asked.on, found.conditioning, changed, found.intervals, asked.slope),
    )
    before = case.synthesis.result
    was = before.scenarios.positive.weight if before.scenarios else 0.0
    now = seen.outlook.positive[0]
    return Frame(
        views.value_words(name, value),
        value == own,
        f"{views.number(seen.centiloid)} CL",
        f"{views.signed(seen.centiloid - (before.centiloid or 0.0))} CL against the case",
        views.percent(now),
        f"{views.signed(100 * (now - was))} points",
        views.png_bytes(views.pet_montage(seen.suvr, asked.window)),
    )
