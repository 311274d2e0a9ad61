"""What is concluded from a synthesis: light, scores, agreement with a reference, warnings."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from petgen.assess import Assessment, evidence_of
from petgen.case import (
    Biomarkers,
    Case,
    LoadPosterior,
    Quality,
    Reading,
    Reference,
    Result,
    Scenario,
    Scenarios,
)
from petgen.diagnosis.out_of_distribution import Signs, light
from petgen.diagnosis.reading import contrast, read
from petgen.diagnosis.summary import case_summary, withheld
from petgen.explain import Explainer
from petgen.generator.at_load import OnSubject
from petgen.generator.load import EDGES
from petgen.generator.synthesise import Encoded, encoder_features
from petgen.imaging import Prepared
from petgen.imaging.pet import OnTemplate
from petgen.models import Models
from petgen.quantify import composite_suvr, equation_of, zone
from petgen.quantify.agreement import agreement
from petgen.quantify.centiloid import FLORBETAPIR, Equation


def judge(
    case: Case,
    models: Models,
    prepared: Prepared,
    on: OnSubject,
    encoded: Encoded,
    found: Assessment,
    warnings: Sequence[str],
) -> dict[str, Any]:
    """The light, and the scores that it does not withhold: fields of `Result`.

    Args:
        case: Values and the limits of the zones.
        models: As `petgen.models.load_models` gives them.
        prepared: The brain in template space.
        on: The atlas on it.
        encoded: The brain inside the generator.
        found: What the generator says.
        warnings: What reading and preparing the scan warned of.
    """
    signs = signs_of(models, prepared, encoded, case.biomarkers, warnings)
    shown, quality = light(signs), _quality(prepared, signs)
    equation = models.network.config.equation
    scenarios, intervals = _scenarios(found, on, equation), _intervals(found, equation)
    if shown.level == "red":
        return {
            "light": shown,
            "quality": quality,
            "summary": withheld(shown),
            "composite_suvr": None,
            "centiloid": None,
            "amyloid_status": None,
        }
    evidence = evidence_of(models.network, encoded, on, prepared.t1, case.biomarkers, found)
    explainer = Explainer(models.network, encoded, models.conditioning, models.intervals)
    scores: dict[str, Any] = {
        "light": shown,
        "quality": quality,
        "composite_suvr": found.composite,
        "centiloid": found.centiloid,
        "amyloid_status": zone(found.centiloid, case.cutoffs),
        "p_amyloid_positive": models.scores.of(evidence),
        "intervals": intervals,
        "posterior": LoadPosterior(
            edges=EDGES.tolist(), probabilities=found.outlook.chances.tolist(), median=found.outlook.median
        ),
        "scenarios": scenarios,
        "effects": explainer.effects(case.biomarkers, found.outlook),
        "drivers": models.scores.drivers(evidence),
        "reading": reading_of(models.network.config.tracer, found.suvr, on, prepared.t1, models),
    }
    return {**scores, "summary": case_summary(Result.model_construct(**scores))}


def compared(
    case: Case,
    models: Models,
    prepared: Prepared,
    on: OnSubject,
    suvr: np.ndarray,
    reference: np.ndarray,
    fwhm: float | None,
) -> Reference:
    """The synthetic PET against a reference of the same brain.

    Args:
        case: Names the reference's tracer.
        models: As `petgen.models.load_models` gives them.
        prepared: The brain in template space.
        on: The atlas on it.
        suvr: The synthetic PET, (91, 109, 91).
        reference: The reference PET, (91, 109, 91), whole cerebellum = 1.
        fwhm: Resolution measured on the reference, mm; None where it was not measured.
    """
    equation = equation_of(case.tracer)
    composite = composite_suvr(reference, on.cortex, on.cerebellum)
    seen = agreement(suvr, reference, on.parcels, on.mask, on.cortex, on.cerebellum)
    return Reference(
        tracer=equation.tracer,
        simulated=case.simulated_pet is not None,
        composite_suvr=composite,
        centiloid=equation.centiloid(composite),
        centiloid_equation=equation.words,
        fwhm_mm=fwhm,
        reading=reading_of(equation.tracer, reference, on, prepared.t1, models),
        ssim_brain=seen.ssim_brain,
        mae_suvr=seen.mae_suvr,
        regional_r=seen.regional_r,
    )


def reading_of(tracer: str, suvr: np.ndarray, on: OnSubject, t1: np.ndarray, models: Models) -> Reading | None:
    """The reader's rule on a PET; None for all tracers but florbetapir, whose rule it is.

    Args:
        tracer: Of the PET.
        suvr: The PET, (91, 109, 91).
        on: The atlas on the brain.
        t1: The T1w, (91, 109, 91), white matter = 1.
        models: As `petgen.models.load_models` gives them.
    """
    return read(contrast(suvr, on.parcels, t1), models.norms) if tracer == FLORBETAPIR.tracer else None


def signs_of(
    models: Models, prepared: Prepared, encoded: Encoded, values: Biomarkers, warnings: Sequence[str]
) -> Signs:
    """What the out-of-distribution light looks at.

    Args:
        models: As `petgen.models.load_models` gives them.
        prepared: The brain in template space.
        encoded: The same inside the generator.
        values: The patient's values.
        warnings: What reading and preparing the scan warned of.
    """
    return Signs(
        similarity=prepared.similarity,
        litres=prepared.litres,
        scan=models.familiarity.of_scan(encoder_features(encoded)),
        values=models.familiarity.of_values(values),
        limits=models.familiarity.limits,
        warnings=warnings,
    )


def _quality(prepared: Prepared, signs: Signs) -> Quality:
    return Quality(
        similarity=signs.similarity,
        brain_litres=signs.litres,
        already_stripped=prepared.already_stripped,
        scan_overall=signs.scan_times.overall,
        scan_worst=signs.scan_times.worst,
        values=signs.values,
    )


def _intervals(found: Assessment, equation: Equation) -> dict[str, tuple[float, float]] | None:
    if found.centiloid_interval is None:
        return None
    low, high = found.centiloid_interval
    return {"centiloid": (low, high), "composite_suvr": (equation.suvr(low), equation.suvr(high))}


def _scenarios(found: Assessment, on: OnSubject, equation: Equation) -> Scenarios:
    sides = {}
    for name in ("negative", "positive"):
        weight, load = getattr(found.outlook, name)
        measured = equation.centiloid(composite_suvr(found.images[load], on.cortex, on.cerebellum))
        sides[name] = Scenario(weight=weight, load=load, centiloid=measured)
    return Scenarios(**sides)


def pet_warnings(case: Case, own: OnTemplate | None) -> list[str]:
    """What reading and placing the patient's own PET warned of, told apart from the T1w's."""
    return [f"PET: {warning}" for warning in (*case.pet_warnings, *(own.warnings if own else ()))]


def values_warnings(biomarkers: Biomarkers) -> list[str]:
    """What the values are warned of, and that none of them speaks of amyloid where that is so."""
    found = biomarkers.warnings()
    if any(value is not None for value in (biomarkers.p_tau217, biomarkers.p_tau181, biomarkers.abeta42_40)):
        return found
    if biomarkers.abeta40 and biomarkers.abeta42:
        return found
    return [*found, "No amyloid or tau marker in blood was given: the image says little about this patient's amyloid."]
