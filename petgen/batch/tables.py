"""The one table of all results, and what its columns are."""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from petgen.batch.person import INPUT
from petgen.case import InputError, Result
from petgen.report.reopen import read_result

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


def write_tables(out: Path, names: Sequence[str], failed: Sequence[tuple[str, str]]) -> None:
    """Writes results.tsv of people with results and failures.tsv of the others; both are whole at any moment.

    Args:
        out: Folder of the derivatives.
        names: People with results, without "sub-".
        failed: Person and problem.
    """
    _write(out / "results.tsv", pd.DataFrame([_row(out, name) for name in names]))
    _write(out / "failures.tsv", pd.DataFrame(failed, columns=["participant_id", "problem"]))


def write_group(out: Path) -> list[Path]:
    """Writes results.tsv of everybody whose results are in a folder, and results.json, which describes its columns.

    Args:
        out: Folder of the derivatives.

    Raises:
        InputError: There are no results, or somebody's are damaged.
    """
    names = sorted(file.parent.name.removeprefix("sub-") for file in out.glob(f"sub-*/{INPUT}"))
    if not names:
        raise InputError("no results are here", where=str(out), mend="Run the level participant first.")
    files = [out / "results.tsv", out / "results.json"]
    try:
        _write(files[0], pd.DataFrame([_row(out, name) for name in names]))
        about = {name: {"Description": words} for name, words in COLUMNS.items()}
        files[1].write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", where=str(out), mend="Choose another folder.") from None
    return files


def _write(file: Path, table: pd.DataFrame) -> None:
    part = file.with_name(f".{file.name}.part")
    table.to_csv(part, sep="\t", index=False, float_format="%.4f", na_rep="n/a")
    part.replace(file)


def _row(out: Path, name: str) -> dict[str, object]:
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
