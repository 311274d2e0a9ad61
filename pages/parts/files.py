"""A result to take along, and how it came about."""

from functools import partial

import streamlit as st

from pages.parts.current_case import Opened
from pages.parts.dicom_download import dicom_download
from pages.parts.session import owner, store
from petgen.case import Synthesis
from petgen.imaging import volume_bytes
from petgen.imaging.grid import SPACE
from petgen.report import description_of, make_report


def downloads(case: Opened) -> None:
    """The report and the synthetic volume as files, and both as DICOM; taking one is written in the audit."""
    synthesis = case.synthesis
    volumes = (
        ("template space", SPACE, synthesis.suvr),
        ("on the scan's grid", "T1w", synthesis.suvr_native),
    )
    with st.container(horizontal=True):
        for kind, words in (("pdf", "Report (PDF)"), ("html", "Report (HTML)")):
            st.download_button(
                words,
                partial(_report, synthesis, kind),
                f"{synthesis.code}_report.{kind}",
                {"pdf": "application/pdf", "html": "text/html"}[kind],
                key=f"report_{kind}",
                on_click=partial(exported, synthesis.code),
                icon=":material/description:",
            )
        for words, space, volume in volumes:
            st.download_button(
                f"Synthetic PET, {words} (.nii.gz)",
                partial(volume_bytes, volume, description_of(synthesis.result)),
                f"sub-{synthesis.code}_space-{space}_desc-synthetic_pet.nii.gz",
                "application/gzip",
                key=f"pet_{space}",
                on_click=partial(exported, synthesis.code),
                icon=":material/download:",
            )
        dicom_download(case, partial(exported, synthesis.code))


def _report(synthesis: Synthesis, kind: str) -> bytes:
    made = make_report(synthesis)
    return made.pdf if kind == "pdf" else made.html


def exported(code: str) -> None:
    """Writes in the audit that something of a case was taken along."""
    store().audit.note(owner(), "exported", code)


def provenance(synthesis: Synthesis) -> None:
    """What the language model read, and how the result came about."""
    result = synthesis.result
    with st.expander("Prompt, as the language model read it", icon=":material/notes:"):
        st.code(synthesis.prompt, language=None, wrap_lines=True)
    if result.origin:
        st.caption(result.origin)
    times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in result.timings_s.items())
    st.caption(
        f"petgen {result.petgen_version} · model {result.model_version} (weights {result.weights_sha256[:12]}) · "
        f"{result.provenance} · seed {result.seed} · {result.device} · {times}"
    )
