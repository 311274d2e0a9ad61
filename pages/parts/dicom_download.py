"""A result as DICOM, with the case code or the patient of a file given for it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from pages.parts.current_case import Opened
from pages.parts.messages import show_error
from petgen.case import InputError
from petgen.export import Identity, dicom_zip, read_identity


def dicom_download(case: Opened, taken: Callable[[], None]) -> None:
    """Draws what opens the download; each case has an upload of its own, so that no patient passes to another.

    Args:
        case: The open case.
        taken: Called when the files are taken.
    """
    synthesis = case.synthesis
    with st.popover("DICOM (.zip)", icon=":material/download:", key=f"dicom_{case.case_id}"):
        st.markdown("Synthetic PET as a DICOM series, and the report. SYNTHETIC is burned into every slice.")
        file = st.file_uploader(
            "DICOM file of the patient (optional)",
            key=f"patient_{case.case_id}",
            help="One image of the patient's own examination, best of the T1w. Only name, ID, birth date, sex, study "
            "and where the image lies are read.",
        )
        identity: Identity | None = None
        try:
            if file:
                identity = read_identity(file.getvalue(), synthesis)
        except InputError as error:
            show_error(error)
            return
        st.caption(_told(identity))
        st.download_button(
            "Download with this patient" if identity else f"Download as {synthesis.code}",
            partial(dicom_zip, synthesis, identity),
            f"{synthesis.code}_dicom.zip",
            "application/zip",
            key=f"dicom_zip_{case.case_id}",
            on_click=taken,
            icon=":material/download:",
        )


def _told(identity: Identity | None) -> str:
    """What goes into the download, in words."""
    if identity is None:
        return (
            "Without a file the case code stands for the patient. With one, its patient and study go into the "
            "download only."
        )
    told = "The patient and study of this file go into the download only; the case keeps its code."
    if identity.frame:
        return f"{told} The PET has the frame of reference of the T1w."
    return f"{told} The file's image does not lie on the T1w's grid: the PET has a frame of reference of its own."
