"""The numbers of a finished case: headline, regions, files, provenance."""

from functools import partial

import streamlit as st

from pages.parts.run import Shown
from petgen import views
from petgen.case import SYNTHETIC, Result, Synthesis
from petgen.imaging import volume_bytes
from petgen.imaging.grid import SPACE

ZONES = {"negative": "below {} CL", "intermediate": "{} to {} CL", "positive": "above {} CL"}
LIGHTS = {"green": (st.success, "check_circle"), "amber": (st.warning, "warning"), "red": (st.error, "block")}


def headline(shown: Shown) -> None:
    """Centiloid, composite SUVR and zone, beside the Centiloid scale."""
    result = shown.synthesis.result
    if result.centiloid is None or result.composite_suvr is None or result.amyloid_status is None:
        return
    interval = (result.intervals or {}).get("centiloid")
    numbers = st.columns([3, 2.4, 2.8, 4.8])
    with numbers[0].container(gap="xxsmall"):
        st.metric("Centiloid", f"{result.centiloid:.0f} CL".replace("-", "−"))
        if interval:
            st.caption(f"90 % interval {interval[0]:.0f} to {interval[1]:.0f} CL".replace("-", "−"))
        if shown.reference_centiloid is not None:
            name = shown.reference_name[:1].lower() + shown.reference_name[1:].removesuffix(" PET")
            st.caption(f"{name} {shown.reference_centiloid:.0f} CL".replace("-", "−"))
    with numbers[1].container(gap="xxsmall"):
        st.metric("Composite SUVR", f"{result.composite_suvr:.2f}")
        st.caption("whole cerebellum = 1")
    with numbers[2].container(gap="xxsmall"):
        st.metric("Amyloid zone", result.amyloid_status.capitalize(), help="Zones after Collij 2024.")
        st.caption(_limits(result.amyloid_status, result.cutoffs))
    numbers[3].plotly_chart(
        views.centiloid_scale(result.centiloid, interval, result.cutoffs),
        key="centiloid",
        config={"displayModeBar": False},
    )
    st.caption(result.centiloid_equation.replace(" x ", " × ").replace(" - ", " − "))
    if result.reference and not result.reference.simulated:
        own = result.reference
        agree = f"SSIM in the brain {own.ssim_brain:.2f}, r over regions {own.regional_r:.2f}"
        st.markdown(f"**Against the patient's own PET ({own.tracer}):** {agree}, difference {own.mae_suvr:.2f} SUVR")
    if result.scenarios:
        sides = (("negative", result.scenarios.negative), ("positive", result.scenarios.positive))
        words = " · ".join(
            f"{name} {views.percent(side.weight)}, if so about {side.centiloid:.0f} CL" for name, side in sides
        )
        st.markdown(f"**What the inputs leave open:** {words}".replace("about -", "about −"))


def _limits(status: str, cutoffs: tuple[float, float]) -> str:
    low, high = (f"{value:g}" for value in cutoffs)
    return ZONES[status].format(*{"negative": (low,), "intermediate": (low, high), "positive": (high,)}[status])


def light(result: Result) -> None:
    """Whether the case is like what the model has seen, and why not; red says that scores are withheld."""
    show, icon = LIGHTS[result.light.level]
    words = {
        "green": "Scan and values are like those that the model has seen.",
        "amber": "Scan or values differ from what the model has seen; read the result with care.",
        "red": "Scan or values are unlike anything that the model has seen. **No scores are given.**",
    }[result.light.level]
    show("  \n".join([words, *result.light.reasons]), icon=f":material/{icon}:")


def scores(result: Result) -> None:
    """Five probabilities beside what each value does to the result, and the summary."""
    if result.centiloid is None:
        return
    st.markdown("##### In words")
    st.markdown(result.summary)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("##### Probability of amyloid positivity")
        st.plotly_chart(
            views.probability_bars(result.p_amyloid_positive), key="probabilities", config={"displayModeBar": False}
        )
        st.caption(
            "25 Centiloids and above on the PET. The synthetic PET is made from MRI and values: it shows where amyloid "
            "would lie, and cannot know more than “all inputs”."
        )
    with right:
        st.markdown("##### What each value does")
        if result.effects:
            st.plotly_chart(views.effect_bars(result.effects), key="effects", config={"displayModeBar": False})
            st.caption("Change of the probability against the same patient with this value not measured.")
        else:
            st.caption("No value was given.")


def warnings(result: Result) -> None:
    """Warnings on the input and the result, in one box."""
    others = [warning for warning in result.warnings if warning not in result.light.reasons]
    if others:
        st.info("  \n".join(others), icon=":material/info:")


def regions(synthesis: Synthesis) -> None:
    """Cortical bars beside the table of all regions; nothing where scores are withheld."""
    if synthesis.result.centiloid is None:
        return
    chart, table = st.columns(2, gap="medium")
    with chart:
        st.markdown("##### Cortex by lobe")
        st.plotly_chart(views.regional_bars(synthesis.regions), key="regions", config={"displayModeBar": False})
    with table:
        st.markdown("##### All regions")
        st.dataframe(
            views.region_table(synthesis.regions),
            hide_index=True,
            height=views.chart_height(synthesis.regions),
            column_config={
                "region": st.column_config.TextColumn("Region", width=150),
                "side": st.column_config.TextColumn("Side", width=55),
                "suvr": st.column_config.NumberColumn("SUVR", format="%.2f", width=55),
                "interval": st.column_config.TextColumn("90 % interval", width=95),
                "volume_ml": st.column_config.NumberColumn("Volume, mL", format="%.1f", width=80),
            },
        )
        st.download_button(
            "Regions (.csv)",
            lambda: views.regions_csv(synthesis),
            f"sub-{synthesis.code}_desc-synthetic_suvr.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )


def files(synthesis: Synthesis) -> None:
    """The synthetic volume as files."""
    volumes = (
        ("template space", SPACE, synthesis.suvr),
        ("on the scan's grid", "T1w", synthesis.suvr_native),
    )
    with st.container(horizontal=True):
        for words, space, volume in volumes:
            st.download_button(
                f"Synthetic PET, {words} (.nii.gz)",
                partial(volume_bytes, volume, SYNTHETIC),
                f"sub-{synthesis.code}_space-{space}_desc-synthetic_pet.nii.gz",
                "application/gzip",
                key=f"pet_{space}",
                on_click="ignore",
                icon=":material/download:",
            )


def provenance(shown: Shown) -> None:
    """What the language model read, and how the result came about."""
    result = shown.synthesis.result
    with st.expander("Prompt, as the language model read it"):
        st.code(shown.synthesis.prompt, language=None, wrap_lines=True)
    times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in result.timings_s.items())
    st.caption(
        f"petgen {result.petgen_version} · model {result.model_version} (weights {result.weights_sha256[:12]}) · "
        f"{result.provenance} · seed {result.seed} · {result.device} · {times}"
    )
