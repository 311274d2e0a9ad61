"""One person's results as a row of the table of all, and what its columns are."""

from pathlib import Path

from petgen.case import Result
from petgen.report.reopen import read_result

INPUT = "input.json"
"""What a person's results were made from; a folder without it is made again."""
COLUMNS = {
    "participant_id": "Person, as in the dataset.",
    "light": "Out-of-distribution light: green, amber, or red, which withholds the scores.",
    "centiloid": "Centiloid of the synthetic PET.",
    "centiloid_low": "Lower end of its 90 % interval.",
    "centiloid_high": "Upper end of its 90 % interval.",
    "composite_suvr": "Centiloid cortex over whole cerebellum, synthetic PET.",
    "amyloid_status": "Zone: negative, intermediate or positive.",
    "p_t1": "Probability of 25 Centiloids and above from the MRI's volumes, age and sex.",
    "p_bbm": "The same from the blood.",
    "p_inputs": "The same from everything that went in.",
    "p_spet": "The same from the synthetic PET.",
    "p_spet_bbm": "The same from the synthetic PET and the blood.",
    "own_pet_centiloid": "Centiloid of the person's own PET.",
    "own_pet_ssim_brain": "Structural similarity of synthetic and own PET in the brain.",
    "own_pet_regional_r": "Correlation of both over the regions.",
    "seconds": "Time of the synthesis, seconds.",
    "warnings": "What the scan, the values and the PET were warned of.",
}
TEXTS = ("participant_id", "light", "amyloid_status", "warnings")
"""Columns of texts; the others are numbers."""


def row_of(out: Path, name: str) -> dict[str, object]:
    """A person's row, by `COLUMNS`; None where there is no such value.

    Args:
        out: Folder of the derivatives.
        name: Of the person, without "sub-".

    Raises:
        InputError: There is no result, or it is damaged.
    """
    result: Result = read_result(out / f"sub-{name}")
    low, high = (result.intervals or {}).get("centiloid", (None, None))
    own = result.reference
    return {
        "participant_id": f"sub-{name}",
        "light": result.light.level,
        "centiloid": result.centiloid,
        "centiloid_low": low,
        "centiloid_high": high,
        "composite_suvr": result.composite_suvr,
        "amyloid_status": result.amyloid_status,
        **{f"p_{model}": value for model, value in result.p_amyloid_positive},
        "own_pet_centiloid": own.centiloid if own else None,
        "own_pet_ssim_brain": own.ssim_brain if own else None,
        "own_pet_regional_r": own.regional_r if own else None,
        "seconds": result.timings_s["total"],
        "warnings": " ".join(result.warnings),
    }
