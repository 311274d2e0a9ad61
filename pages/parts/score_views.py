"""The parts of the page of scores."""

import streamlit as st

from pages.parts.headline import NO_BAR
from petgen import views
from petgen.case import Reading, Result


def probabilities(result: Result) -> None:
    """Five probabilities that tell MRI, blood, all inputs, image and both apart."""
    st.markdown("##### Probability of amyloid positivity")
    st.plotly_chart(views.probability_bars(result.p_amyloid_positive), key="probabilities", config=NO_BAR)
    st.caption(
        "25 Centiloids and above on the PET. The synthetic PET is made from MRI and values: it shows where amyloid "
        "would lie, and cannot know more than “all inputs”."
    )


def effects(result: Result) -> None:
    """What each value does to the probability."""
    st.markdown("##### What each value does")
    if not result.effects:
        st.caption("No value was given.")
        return
    st.plotly_chart(views.effect_bars(result.effects), key="effects", config=NO_BAR)
    st.caption("Change of the probability, percentage points, against the same patient with this value not measured.")


def readings(result: Result) -> None:
    """What the reader's rule says of the synthetic PET, and of the reference where there is one."""
    st.markdown("##### The reader's rule")
    rows = [("Synthetic PET", result.reading)]
    if result.reference:
        rows.append(("Simulated reference PET" if result.reference.simulated else "Own PET", result.reference.reading))
    for name, reading in rows:
        if reading:
            st.markdown(f"**{name}:** {'positive' if reading.positive else 'negative'}. {_areas(reading)}")
    if not any(reading for _, reading in rows):
        st.caption(f"The rule is florbetapir's. This PET is of {result.tracer}: it is not applied.")
        return
    st.caption(
        "The rule of florbetapir reads (contrast of grey and white matter lost in two areas, or intense cortex in "
        "one), applied by petgen and not by a physician. It turns later than the zones of the Centiloid do: see Scores "
        "on the page Model."
    )


def drivers(result: Result) -> None:
    """What moves the image's score."""
    st.markdown("##### Behind the image's score")
    if not result.drivers:
        st.caption("No score of the image was given.")
        return
    st.plotly_chart(views.driver_bars(result.drivers), key="drivers", config=NO_BAR)
    st.caption(
        "What the cortex as a whole and each region beside it add to the logit of the score of the synthetic PET. "
        "Mostly it is the amount that counts, not the pattern."
    )


def _areas(reading: Reading) -> str:
    parts = []
    if reading.reduced:
        parts.append(f"Contrast reduced: {', '.join(reading.reduced).lower()}.")
    if reading.intense:
        parts.append(f"Intense cortex: {', '.join(reading.intense).lower()}.")
    return " ".join(parts) or "Contrast of grey and white matter is kept everywhere."
