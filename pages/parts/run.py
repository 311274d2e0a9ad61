"""From the form to a result in the session, step by step on the screen."""

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from pages.parts.case_form import Entry
from petgen import pipeline
from petgen.case import ANALYTES, Case, InputError, Step, Synthesis, check_biomarkers
from petgen.demos import demo_pet
from petgen.imaging import open_scan
from petgen.imaging.pet import read_pet

SHOWN = "shown"
_FIELD = re.compile(rf"(?:^|; )(?:{'|'.join(ANALYTES)}): ")


@dataclass(frozen=True)
class Shown:
    """A finished case of this session.

    Attributes:
        key: The form's key of the scan it was made from.
        synthesis: What the pipeline gave.
        reference: The patient's own PET, or the simulated one of a demo case, (91, 109, 91), SUVR, or None.
        reference_centiloid: Centiloid measured on it.
        values: The form's values that it was made from.
        reference_name: What the reference is called.
    """

    key: str
    synthesis: Synthesis
    reference: np.ndarray | None = None
    reference_centiloid: float | None = None
    values: dict[str, Any] = field(default_factory=dict)
    reference_name: str = "Simulated reference PET"

    def is_of(self, entry: Entry) -> bool:
        """Whether the form still holds what this was made from."""
        return self.key == entry.key and self.values == entry.values


@st.cache_resource(show_spinner="Loading the models; the first time on a machine this takes about a minute")
def _models() -> pipeline.Models:
    return pipeline.load_models()


def run(entry: Entry) -> bool:
    """Synthesise what the form holds into the session; on unusable input say so and keep the earlier result.

    Returns:
        Whether there is a new result.
    """
    try:
        st.session_state[SHOWN] = _synthesise(entry)
    except InputError as error:
        show_error(error)
        return False
    return True


def show_error(error: InputError) -> None:
    """What is wrong, where, and how to mend it."""
    problems = [text[:1].upper() + text[1:] for text in _FIELD.split(error.what) if text]
    where = f"**{error.where}.** " if error.where else ""
    what = f"{where}{problems[0]}" if len(problems) == 1 else where + "".join(f"\n- {text}" for text in problems)
    st.error(f"{what}\n\n{error.mend}", icon=":material/error:")


def _synthesise(entry: Entry) -> Shown:
    if not (entry.code.isascii() and entry.code.isalnum()):
        raise InputError(
            "the case code holds something other than letters and digits",
            where="Case code",
            mend="Write a code such as CASE01, never a name.",
        )
    if entry.scan is None:
        raise InputError("there is no MRI yet", where="Scan", mend="Upload a T1-weighted scan or choose a demo case.")
    biomarkers = check_biomarkers(entry.values, where="Values")
    models = _models()
    with st.status("Reading the scan", expanded=True) as status:
        scan = open_scan(entry.scan)
        pet = read_pet(entry.pet) if entry.pet else None
        case = Case(
            scan=scan.image,
            biomarkers=biomarkers,
            code=entry.code,
            warnings=scan.warnings,
            pet=pet.image if pet else None,
            simulated_pet=demo_pet(entry.demo),
            tracer=entry.tracer,
            origin=scan.origin,
        )
        bar = st.progress(0.0)
        for event in pipeline.synthesize(case, models):
            if isinstance(event, Step):
                status.update(label=f"Step {event.index} of {event.total}: {event.name}", expanded=True)
                bar.progress((event.index - 1) / event.total)
                st.write(event.name)
            else:
                return _shown(entry, event)
    raise InputError("the pipeline ended without a result", mend="Try once more; if it stays, report it.")


def _shown(entry: Entry, synthesis: Synthesis) -> Shown:
    found = synthesis.result.reference
    if found is None:
        return Shown(entry.key, synthesis, values=entry.values)
    name = "Simulated reference PET" if found.simulated else "Patient's own PET"
    return Shown(entry.key, synthesis, synthesis.reference, found.centiloid, entry.values, name)
