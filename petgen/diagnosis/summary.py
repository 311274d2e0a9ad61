"""A case in plain words, from a template over its numbers."""

from petgen.case import ANALYTES, Light, Reading, Result
from petgen.case.words import number, percent

_CLEAR = 0.9
_STRONG = 0.05


def withheld(light: Light) -> str:
    """What is said of a case whose light is red."""
    return "No scores are given for this case. " + " ".join(light.reasons)


def case_summary(result: Result) -> str:
    """Three to seven sentences: what the model expects, how sure it is, why, and what to be careful about.

    Args:
        result: With every score; its light is not red.
    """
    centiloid, scenarios, reading = result.centiloid, result.scenarios, result.reading
    assert centiloid is not None
    assert scenarios is not None
    interval = (result.intervals or {}).get("centiloid")
    probabilities, effects, light = result.p_amyloid_positive, result.effects, result.light
    span = f" (90 % interval {number(interval[0])} to {number(interval[1])})" if interval else ""
    said = [f"The model expects {number(centiloid)} Centiloids{span}, in the {result.amyloid_status} zone."]
    positive = scenarios.positive.weight
    if positive >= _CLEAR or positive <= 1 - _CLEAR:
        side, share = ("positive", positive) if positive >= _CLEAR else ("negative", 1 - positive)
        said.append(f"MRI and values together make an amyloid-{side} scan likely ({percent(share)}).")
    else:
        said.append(
            f"MRI and values leave it open: {percent(1 - positive)} for a negative scan of about "
            f"{number(scenarios.negative.centiloid)} CL, {percent(positive)} for a positive one of about "
            f"{number(scenarios.positive.centiloid)} CL."
        )
    strong = [effect for effect in effects if abs(effect.probability) >= _STRONG][:2]
    if strong:
        words = " and ".join(
            f"{ANALYTES[effect.name].label if effect.name in ANALYTES else effect.name} "
            f"({'raises' if effect.probability > 0 else 'lowers'} it by {number(100 * abs(effect.probability))} points)"
            for effect in strong
        )
        said.append(f"What moves this probability most: {words}.")
    else:
        said.append("No single value moves this probability by more than 5 points.")
    if probabilities.t1 is not None and probabilities.inputs is not None:
        said.append(
            f"The MRI's volumes alone would say {percent(probabilities.t1)}, all inputs without an image "
            f"{percent(probabilities.inputs)}."
        )
    if reading is not None:
        said.append(_read(reading, result.amyloid_status == "positive"))
    if light.level == "amber":
        said.append("Caution: " + " ".join(light.reasons))
    return " ".join(said)


def _read(reading: Reading, in_positive_zone: bool) -> str:
    if reading.intense:
        return f"By the reader's rule the synthetic PET is positive: intense cortex in {_areas(reading.intense)}."
    if reading.positive:
        return f"By the reader's rule the synthetic PET is positive: contrast is reduced in {_areas(reading.reduced)}."
    odds = "; rule and zones turn at different loads" if in_positive_zone else ""
    return f"By the reader's rule the synthetic PET is negative{odds}."


def _areas(names: list[str]) -> str:
    lower = [name.lower() for name in names]
    return lower[0] if len(lower) == 1 else f"{', '.join(lower[:-1])} and {lower[-1]}"
