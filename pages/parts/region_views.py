"""The parts of the page of regions."""

from functools import partial

import streamlit as st

from pages.parts.current_case import Opened
from pages.parts.files import exported
from pages.parts.headline import NO_BAR
from petgen import views
from petgen.case import SYNTHETIC, Synthesis

_NEGATIVE = "Mean of an amyloid-negative group: public florbetapir averages, whole cerebellum = 1."


def lobes(synthesis: Synthesis) -> None:
    """Cortical SUVR, left and right, by lobe."""
    st.markdown("##### Cortex by lobe")
    st.plotly_chart(views.regional_bars(synthesis.regions), key="regions", config=NO_BAR)
    st.caption(
        "SUVR of the synthetic PET with its 90 % interval. The light mark is the mean of an amyloid-negative group "
        "(public florbetapir averages, both sides). Side differences and regional findings beyond the overall load are "
        "hardly knowable from MRI and values; no z-scores are given."
    )


def table(case: Opened) -> None:
    """All regions with their intervals, sortable, and as a file."""
    synthesis = case.synthesis
    st.markdown("##### All regions")
    st.dataframe(
        views.region_table(synthesis.regions),
        hide_index=True,
        height=views.chart_height(synthesis.regions),
        column_config={
            "region": st.column_config.TextColumn("Region", width=160),
            "side": st.column_config.TextColumn("Side", width=52),
            "suvr": st.column_config.NumberColumn("SUVR", format="%.2f", width=46),
            "interval": st.column_config.TextColumn("90 % interval", width=86),
            "negative": st.column_config.NumberColumn("Neg.", format="%.2f", width=44, help=_NEGATIVE),
            "reference": st.column_config.NumberColumn("Ref.", format="%.2f", width=44, help="The reference PET."),
        },
    )
    st.download_button(
        "Regions (.csv)",
        lambda: views.regions_csv(synthesis),
        f"sub-{synthesis.code}_desc-synthetic_suvr.csv",
        "text/csv",
        on_click=partial(exported, synthesis.code),
        icon=":material/download:",
    )


def surface(case: Opened) -> None:
    """The synthetic PET on the cortex."""
    made = case.synthesis
    with st.spinner("Drawing the cortical surface"):
        picture = case.picture("surface", lambda: views.surface_picture(made.suvr, made.parcellation, SYNTHETIC))
    st.markdown("##### Cortical surface")
    st.image(picture, width="stretch", alt="Synthetic PET on the cortex, four views")


def against_reference(synthesis: Synthesis) -> None:
    """Every region of the synthetic PET against the reference; nothing where there is none."""
    found = synthesis.result.reference
    if found is None or "suvr_reference" not in synthesis.regions:
        return
    whose = "the simulated reference PET" if found.simulated else f"the patient's own PET ({found.tracer})"
    st.markdown(f"##### Synthetic PET against {whose}")
    left, right = st.columns(2, gap="medium")
    left.plotly_chart(views.region_scatter(synthesis.regions), key="scatter", config=NO_BAR)
    right.plotly_chart(views.bland_altman(synthesis.regions), key="bland_altman", config=NO_BAR)
    st.caption(
        f"One point a region. r {found.regional_r:.2f}; mean absolute difference in the brain "
        f"{found.mae_suvr:.2f} SUVR."
    )
