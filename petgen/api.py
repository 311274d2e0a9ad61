"""One case from Python: the same arguments as `petgen synthesize`, one call from files to files."""

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from petgen.case import (
    NEGATIVE_BELOW,
    POSITIVE_ABOVE,
    Biomarkers,
    Case,
    InputError,
    Step,
    Synthesis,
    check_biomarkers,
    read_biomarkers,
)
from petgen.installed import BUNDLED

if TYPE_CHECKING:
    from petgen.models import Models

Values = Biomarkers | Mapping[str, Any] | str | PathLike[str]
"""Values as they are, by name, or as a JSON file."""


def synthesize(
    t1: str | PathLike[str],
    out: str | PathLike[str] | None = None,
    *,
    biomarkers: Values | None = None,
    age: float | None = None,
    sex: str | None = None,
    education: float | None = None,
    apoe4: int | None = None,
    mmse: float | None = None,
    moca: float | None = None,
    avlt: float | None = None,
    abeta40: float | None = None,
    abeta42: float | None = None,
    abeta42_40: float | None = None,
    t_tau: float | None = None,
    p_tau181: float | None = None,
    p_tau217: float | None = None,
    nfl: float | None = None,
    gfap: float | None = None,
    pet: str | PathLike[str] | None = None,
    tracer: str = "florbetapir",
    code: str = "CASE",
    seed: int = 0,
    negative_below: float = NEGATIVE_BELOW,
    positive_above: float = POSITIVE_ABOVE,
    model: str = BUNDLED,
    models: "Models | None" = None,
    progress: Callable[[Step], None] | None = None,
    loading: Callable[[str], None] | None = None,
) -> Synthesis:
    """Synthesises the amyloid PET of one case. SYNTHETIC, not for diagnosis; the model is of a simulated cohort.

    Args:
        t1: T1w MRI: .nii, .nii.gz, or DICOM as folder, zip or file.
        out: Folder for the volumes, tables and report; nothing is written when left out.
        biomarkers: Values by name, or a JSON file of them; the ones below win over it.
        age: Years.
        sex: "F" or "M".
        education: Years.
        apoe4: Number of epsilon-4 alleles, 0 to 2.
        mmse: 0 to 30.
        moca: MoCA-B, 0 to 30.
        avlt: Words after the long delay, 0 to 12.
        abeta40: pg/mL, Quanterix Simoa.
        abeta42: pg/mL, Quanterix Simoa.
        abeta42_40: Ratio, Quanterix Simoa.
        t_tau: pg/mL, Quanterix Simoa.
        p_tau181: pg/mL, Quanterix Simoa.
        p_tau217: pg/mL, ALZpath.
        nfl: pg/mL, Quanterix Simoa.
        gfap: pg/mL, Quanterix Simoa.
        pet: The patient's own PET, NIfTI or DICOM, to compare.
        tracer: Tracer of that PET.
        code: Case code in the file names, letters and digits; never a name.
        seed: Same seed, same result.
        negative_below: Upper end of the zone negative, Centiloids.
        positive_above: Lower end of the zone positive, Centiloids.
        model: Name of an installed model, see `petgen.installed`.
        models: As `petgen.models.load_models` gives them, to load them once for many cases; wins over `model`.
        progress: Told each step as it begins.
        loading: Told when loading the models takes long.

    Returns:
        Volumes in template space, the PET on the scan's own grid, the regions, and `result` with all numbers.

    Raises:
        InputError: A value, the scan or the PET cannot be used, or the folder cannot be written.
    """
    given = {
        "age": age, "sex": sex, "education": education, "apoe4": apoe4, "mmse": mmse, "moca": moca, "avlt": avlt,
        "abeta40": abeta40, "abeta42": abeta42, "abeta42_40": abeta42_40, "t_tau": t_tau, "p_tau181": p_tau181,
        "p_tau217": p_tau217, "nfl": nfl, "gfap": gfap,
    }  # fmt: skip
    values = _values(biomarkers, given)
    if not (code.isascii() and code.isalnum()):
        raise InputError("a case code has letters and digits only", where="code", mend="Give one such as CASE01.")
    if not negative_below < positive_above:
        raise InputError("the zones overlap", where="negative_below", mend="Give a lower one than positive_above.")
    from petgen.imaging import open_scan
    from petgen.imaging.pet import read_pet
    from petgen.quantify import equation_of

    known = equation_of(tracer).tracer
    scan, own = open_scan(Path(t1)), read_pet(Path(pet)) if pet else None
    case = Case(
        scan.image,
        values,
        code,
        seed,
        (negative_below, positive_above),
        scan.warnings,
        pet=own.image if own else None,
        tracer=known,
        origin=scan.origin,
        pet_warnings=own.warnings if own else (),
    )

    from petgen import pipeline
    from petgen.models import load_models
    from petgen.report import write_outputs, write_report

    synthesis: Synthesis | None = None
    for event in pipeline.synthesize(case, models or load_models(loading, model)):
        if isinstance(event, Synthesis):
            synthesis = event
        elif progress:
            progress(event)
    assert synthesis is not None
    if out is not None:
        write_outputs(synthesis, Path(out))
        write_report(synthesis, Path(out))
    return synthesis


def _values(biomarkers: Values | None, given: Mapping[str, Any]) -> Biomarkers:
    """The values of a file or a mapping, with those given one by one on top."""
    where, values = "values", {}
    if isinstance(biomarkers, Biomarkers):
        values = biomarkers.model_dump(exclude_none=True)
    elif isinstance(biomarkers, Mapping):
        values = dict(biomarkers)
    elif biomarkers is not None:
        where = str(biomarkers)
        values = read_biomarkers(Path(biomarkers)).model_dump(exclude_none=True)
    return check_biomarkers(
        {**values, **{name: value for name, value in given.items() if value is not None}}, where=where
    )
