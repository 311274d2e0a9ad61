"""The head of a result: the light, Centiloid and zone, warnings."""

import streamlit as st

from petgen import views
from petgen.case import Result

ZONES = {"negative": "below {} CL", "intermediate": "{} to {} CL", "positive": "above {} CL"}
LIGHTS = {"green": (st.success, "check_circle"), "amber": (st.warning, "warning"), "red": (st.error, "block")}
NO_BAR = {"displayModeBar": False}


def light(result: Result) -> None:
    """Whether the case is like what the model has seen, and why not; red says that scores are withheld."""
    show, icon = LIGHTS[result.light.level]
    words = {
        "green": "Scan and values are like those that the model has seen.",
        "amber": "Scan or values differ from what the model has seen; read the result with care.",
        "red": "Scan or values are unlike anything that the model has seen. **No scores are given.**",
    }[result.light.level]
    show("  \n".join([words, *result.light.reasons]), icon=f":material/{icon}:")


def headline(result: Result) -> None:
    """Centiloid, composite SUVR and zone beside the Centiloid scale; what the inputs leave open."""
    if result.centiloid is None or result.composite_suvr is None or result.amyloid_status is None:
        return
    interval = (result.intervals or {}).get("centiloid")
    numbers = st.columns([2.8, 2.6, 3, 4.9])
    with numbers[0].container(gap="xxsmall"):
        st.metric("Centiloid", _number(result.centiloid))
        if interval:
            st.caption(f"90 % interval {views.number(interval[0])} to {views.number(interval[1])} CL")
        if result.reference:
            name = "simulated reference" if result.reference.simulated else "patient's own PET"
            st.caption(f"{name} {_number(result.reference.centiloid)}")
    with numbers[1].container(gap="xxsmall"):
        st.metric("Composite SUVR", f"{result.composite_suvr:.2f}")
        st.caption("whole cerebellum = 1")
    with numbers[2].container(gap="xxsmall"):
        st.metric("Amyloid zone", result.amyloid_status.capitalize(), help="Zones after Collij 2024.")
        st.caption(_limits(result.amyloid_status, result.cutoffs))
    numbers[3].plotly_chart(
        views.centiloid_scale(result.centiloid, interval, result.cutoffs), key="centiloid", config=NO_BAR
    )
    st.caption(result.centiloid_equation.replace(" x ", " × ").replace(" - ", " − "))
    if result.scenarios:
        sides = (("negative", result.scenarios.negative), ("positive", result.scenarios.positive))
        words = " · ".join(
            f"{name} {views.percent(side.weight)}, if so about {views.number(side.centiloid)} CL"
            for name, side in sides
        )
        st.markdown(f"**What the inputs leave open:** {words}")


def agreement(result: Result) -> None:
    """How like the synthetic PET is to the reference, in one line; nothing where there is none."""
    if not result.reference:
        return
    found = result.reference
    whose = "the simulated reference PET" if found.simulated else f"the patient's own PET ({found.tracer})"
    st.markdown(
        f"**Against {whose}:** SSIM in the brain {found.ssim_brain:.2f}, r over regions {found.regional_r:.2f}, "
        f"mean absolute difference {found.mae_suvr:.2f} SUVR"
    )


def warnings(result: Result) -> None:
    """Warnings on the input and the result, in one box."""
    others = [warning for warning in result.warnings if warning not in result.light.reasons]
    if others:
        st.info("  \n".join(others), icon=":material/info:")


def _number(centiloid: float) -> str:
    return f"{views.number(centiloid)} CL"


def _limits(status: str, cutoffs: tuple[float, float]) -> str:
    low, high = (f"{value:g}" for value in cutoffs)
    return ZONES[status].format(*{"negative": (low,), "intermediate": (low, high), "positive": (high,)}[status])
