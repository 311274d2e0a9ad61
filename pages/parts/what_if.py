"""What would change if a value were different: the model run again, with the scan as it is."""

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts.asked import Asked, asked_of, frame_at, run
from pages.parts.current_case import Opened
from pages.parts.drag_viewer import drag_viewer
from pages.parts.headline import NO_BAR
from pages.parts.messages import show_error
from pages.parts.session import models
from petgen import views
from petgen.case import ANALYTES, InputError

if TYPE_CHECKING:
    from petgen.models import Models


@st.fragment
def what_if(case: Opened) -> None:
    """Draw the what-if; its controls rerun nothing else."""
    from petgen.explain import RANGES

    st.markdown("##### What if a value were different?")
    st.caption("The model is run again with the scan as it is. It says what the model expects, not what would happen.")
    with st.spinner("Loading the models; the first time on a machine this takes about a minute"):
        found = models(case.synthesis.result.model)
    asked = asked_of(case, found)
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


def _curve(case: Opened, found: "Models", asked: Asked, name: str, own: float | None) -> None:
    if name not in asked.curves:
        from petgen.explain import Explainer

        explainer = Explainer(found.network, asked.encoded, found.conditioning, found.intervals)
        with st.spinner("Running the model over the range"):
            asked.curves[name] = run(found, lambda: explainer.curve(case.synthesis.biomarkers, name))
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
                frames.append(frame_at(case, found, asked, name, value, own))
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
