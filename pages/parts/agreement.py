"""How like the synthetic PET is to the reference, in numbers."""

import streamlit as st

from petgen import views
from petgen.case import Synthesis


def agreement(synthesis: Synthesis) -> None:
    """SSIM, correlation, error and limits of agreement; nothing where there is no reference or scores are withheld."""
    found = synthesis.result.reference
    if found is None or synthesis.reference is None or synthesis.result.centiloid is None:
        return
    name = "the simulated reference PET" if found.simulated else f"the patient's own PET ({found.tracer})"
    st.markdown(f"##### Agreement with {name}")
    numbers = st.columns(4)
    numbers[0].metric("SSIM in the brain", f"{found.ssim_brain:.2f}", help="Structural similarity, 1 where alike.")
    numbers[1].metric("Regional r", f"{found.regional_r:.2f}", help="Correlation over the regions of the atlas.")
    numbers[2].metric("Mean absolute difference", f"{found.mae_suvr:.2f} SUVR", help="Voxel by voxel in the brain.")
    limits = views.limits_of_agreement(synthesis.regions)
    if limits is not None:
        bias, low, high = (views.signed(value, 2) for value in limits)
        numbers[3].metric("Bland-Altman bias", f"{bias} SUVR", help="Synthetic minus reference, mean over regions.")
        numbers[3].caption(f"95 % limits of agreement {low} to {high} SUVR")
    if found.tracer != synthesis.result.tracer:
        st.caption(
            f"The synthetic PET is of {synthesis.result.tracer}, the reference of {found.tracer}: part of any "
            "difference in SUVR is one of tracers. Centiloids compare across tracers."
        )
