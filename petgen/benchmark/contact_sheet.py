"""Real T1w with a negative and a positive patient's values, side by side, to be looked at."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from petgen.assess import what_if
from petgen.case import SYNTHETIC, Biomarkers, InputError
from petgen.generator.at_load import slope_of
from petgen.generator.network import Generator
from petgen.generator.synthesise import encode
from petgen.imaging import prepare, read_scan
from petgen.imaging.prepare import Prepared
from petgen.models import Models
from petgen.pipeline import atlas_on

NEGATIVE = Biomarkers(age=68, sex="F", education=12, mmse=29, abeta42_40=0.048, p_tau181=1.0, nfl=12, p_tau217=0.18)
POSITIVE = Biomarkers(age=74, sex="F", education=9, mmse=22, abeta42_40=0.030, p_tau181=2.6, nfl=24, p_tau217=1.1)
SERIES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.3, 1.7)
"""p-tau217 (pg/mL) over which the Centiloid must not fall."""
_PLANES = ((2, 52), (1, 46), (0, 42))


def contact_sheet(
    scans: Sequence[Path], models: Models, out: Path, progress: Callable[[str], None]
) -> dict[str, list[float]]:
    """Draws the sheet: a row a scan; T1w, negative, positive in three planes; Centiloid against p-tau217 at the right.

    Args:
        scans: Real T1w files.
        models: As from `petgen.models.load_models`.
        out: PNG to write.
        progress: Told which scan is being drawn.

    Returns:
        Centiloid at each p-tau217 of `SERIES`, by scan.

    Raises:
        InputError: There is no scan, or one cannot be used.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    if not scans:
        raise InputError("there is no T1w to draw", mend="Give files that end in T1w.nii.gz, or heads.")
    figure, axes = pyplot.subplots(
        len(scans), 10, figsize=(20, 2.3 * len(scans)), squeeze=False, layout="constrained",
        gridspec_kw={"width_ratios": [1] * 9 + [1.3]},
    )  # fmt: skip
    curves = {}
    for row, file in zip(axes, scans, strict=True):
        progress(f"drawing {file.name}")
        prepared = next(item for item in prepare(read_scan(file).image) if isinstance(item, Prepared))
        on = atlas_on(prepared, 0)
        assert isinstance(models.network, Generator)
        encoded = encode(models.network, prepared.t1, on.parcels)

        slope = slope_of(models.network, encoded, on, models.conditioning.features(POSITIVE))

        def made(values: Biomarkers) -> tuple[np.ndarray, float]:
            found = what_if(models.network, encoded, on, models.conditioning, values, slope=slope)  # noqa: B023
            return found.suvr, found.centiloid

        low, high = made(NEGATIVE), made(POSITIVE)
        for column, (axis, at) in enumerate(_PLANES):
            for offset, (volume, top) in enumerate(((prepared.t1, 1.25), (low[0], 2.0), (high[0], 2.0))):
                panel = row[3 * column + offset]
                picture = np.take(volume, at, axis).T
                panel.imshow(picture, origin="lower", cmap="gray_r" if offset else "gray", vmin=0, vmax=top)
                panel.axis("off")
        row[0].set_title(file.name[:18], fontsize=8)
        row[1].set_title(f"negative values: {low[1]:.0f} CL", fontsize=8)
        row[2].set_title(f"positive values: {high[1]:.0f} CL", fontsize=8)
        curves[file.name] = [made(POSITIVE.model_copy(update={"p_tau217": value}))[1] for value in SERIES]
        row[9].plot(SERIES, curves[file.name], marker="o", markersize=3)
        row[9].set_xlabel("p-tau217, pg/mL", fontsize=7)
        row[9].set_ylabel("CL", fontsize=7)
        row[9].tick_params(labelsize=6)
    figure.suptitle(f"{SYNTHETIC}. T1w of real people; values invented; SUVR 0 to 2, inverse grey.", fontsize=10)
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=90)
    pyplot.close(figure)
    return curves
