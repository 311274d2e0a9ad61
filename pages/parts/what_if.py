"""What would change if a value were different: the model run again, with the scan as it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from pages.parts.current_case import Opened
from pages.parts.drag_viewer import Frame, drag_viewer
from pages.parts.headline import NO_BAR
from pages.parts.messages import show_error
from pages.parts.session import models
from petgen import views
from petgen.case import ANALYTES, InputError, Point

if TYPE_CHECKING:
    from petgen.assess import OnSubject
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
        curves: Curves computed so far, by value.
        frames: What was painted along them, by value.
        window: SUVR at the ends of the scale of the case's PET.
    """

    case_id: str
    encoded: "Encoded"
    on: "OnSubject"
    curves: dict[str, list[Point]]
    frames: dict[str, list[Frame]]
    window: tuple[float, float]

    def values(self, name: str) -> list[float]:
        """Places of a curve."""
        return [point.value for point in self.curves[name]]


@st.fragment
def what_if(case: Opened) -> None:
    """Draw the what-if; its controls rerun nothing else."""
    from petgen.explain import RANGES

    st.markdown("##### What if a value were different?")
    st.caption("The model is run again with the scan as it is. It says what the model expects, not what would happen.")
    with st.spinner("Loading the models; the first time on a machine this takes about a minute"):
        found = models(case.synthesis.result.model)
    asked = _asked(case, found)
    given = case.synthesis.biomarkers.measured()
    names = sorted(RANGES, key=lambda name: (name != "p_tau217", name not in given, list(ANALYTES).index(name)))
    name = st.selectbox("Value", names, key="what_if_name", format_func=views.value_label)
    own = given.get(name)
    own = float(own) if isinstance(own, int | float) else None
    left, right = st.columns([5, 7], gap="medium")
    with left:
        _curve(case, found, asked, name, own)
    with right:
        _drag(case, found, asked, name, own)


def _asked(case: Opened, found: "Models") -> Asked:
    kept: Asked | None = st.session_state.get(_KEPT)
    if kept is None or kept.case_id != case.case_id:
        from petgen.assess import OnSubject
        from petgen.generator.synthesise import encode

        made = case.synthesis
        with st.spinner("Reading the scan into the model"):
            encoded = _run(found, lambda: encode(found.network, made.t1, made.parcellation))
        on = OnSubject(made.mask, made.parcellation, made.cortex, made.cerebellum)
        st.session_state[_KEPT] = kept = Asked(case.case_id, encoded, on, {}, {}, views.synthetic_window(made))
    return kept


def _run(found: "Models", work: Callable[[], Outcome]) -> Outcome:
    """Runs the model, which one session does at a time."""
    from petgen.generator.device import with_room
    from petgen.pipeline import NO_ROOM

    with found.lock:
        outcome, moved = with_room(found.network, work)
    if moved:
        st.warning(NO_ROOM, icon=":material/memory:")
    return outcome


def _curve(case: Opened, found: "Models", asked: Asked, name: str, own: float | None) -> None:
    if name not in asked.curves:
        from petgen.explain import Explainer

        explainer = Explainer(found.network, asked.encoded, found.conditioning, found.intervals)
        with st.spinner("Running the model over the range"):
            asked.curves[name] = _run(found, lambda: explainer.curve(case.synthesis.biomarkers, name))
    cutoffs = case.synthesis.result.cutoffs
    st.plotly_chart(views.what_if_chart(name, asked.curves[name], own, cutoffs), key="curve", config=NO_BAR)
    st.caption("Median with its 90 % interval; the line is the patient's own value." if own is not None else "")


def _drag(case: Opened, found: "Models", asked: Asked, name: str, own: float | None) -> None:
    if name not in asked.frames:
        values = sorted({*asked.values(name), *([own] if own is not None else [])})
        bar = st.progress(0.0, "Painting the PET over the range")
        frames = []
        try:
            for done, value in enumerate(values):
                frames.append(_frame(case, found, asked, name, value, own))
                bar.progress((done + 1) / len(values), "Painting the PET over the range")
        except InputError as error:
            show_error(error)
            return
        finally:
            bar.empty()
        asked.frames[name] = frames
    painted = asked.frames[name]
    start = next((k for k, frame in enumerate(painted) if frame.own), len(painted) // 2)
    drag_viewer(ANALYTES[name].label, painted, start, f"{case.case_id}_{name}", views.scale_words(asked.window))


def _frame(case: Opened, found: "Models", asked: Asked, name: str, value: float, own: float | None) -> Frame:
    from petgen.assess import what_if as ask
    from petgen.explain import with_value

    patient = case.synthesis.biomarkers
    changed = patient if value == own else with_value(patient, name, value)
    seen = _run(
        found, lambda: ask(found.network, asked.encoded, asked.on, found.conditioning, changed, found.intervals)
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
