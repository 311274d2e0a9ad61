"""What is measured of each person, method by method, and the figures of a group."""

from dataclasses import dataclass, field

import numpy as np

from petgen.quantify import POSITIVE_CENTILOID
from petgen.quantify.agreement import Agreement, correlation


@dataclass(frozen=True)
class Judged:
    """One method on one person.

    Attributes:
        agreement: With the reference PET.
        centiloid_interval: 90 % interval, Centiloids; NaN where the method gives none.
        regions_interval: (regions, 2), SUVR; NaN where the method gives none.
        expected: Mean SUVR of the regions over the posterior, (regions,); None where the method has none.
    """

    agreement: Agreement
    centiloid_interval: tuple[float, float] = (np.nan, np.nan)
    regions_interval: np.ndarray | None = None
    expected: np.ndarray | None = None


@dataclass
class Rows:
    """One method on many people; arrays have one row a person."""

    items: list[Judged] = field(default_factory=list)

    def arrays(self) -> dict[str, np.ndarray]:
        """One column a measure.

        Returns:
            Scalars (n,), `composite` and `centiloid` (n, 2: synthetic, reference), `regions` (n, 2, regions),
            `centiloid_interval` (n, 2), `regions_interval` (n, regions, 2), `expected` (n, regions).
        """
        names = ("ssim_paper", "ssim_brain", "psnr_brain", "mae_suvr", "regional_r", "composite", "centiloid")
        found = {name: np.array([getattr(item.agreement, name) for item in self.items]) for name in (*names, "regions")}
        missing = np.full((*found["regions"].shape[2:], 2), np.nan)
        found["centiloid_interval"] = np.array([item.centiloid_interval for item in self.items])
        found["regions_interval"] = np.array(
            [missing if item.regions_interval is None else item.regions_interval for item in self.items]
        )
        found["expected"] = np.array([missing[:, 0] if item.expected is None else item.expected for item in self.items])
        return found


def figures(columns: dict[str, np.ndarray], floor: np.ndarray, limit: np.ndarray | None) -> dict[str, float]:
    """The figures of one method over a group.

    Args:
        columns: As from `Rows.arrays`, of the group.
        floor: SSIM in the brain of the mean map, (n,).
        limit: SSIM in the brain of the noise-free scan, (n,); None where nobody knows.
    """
    made, real = columns["centiloid"].T
    composite = columns["composite"]
    found = {name: float(columns[name].mean()) for name in ("ssim_paper", "ssim_brain", "psnr_brain", "mae_suvr")}
    if limit is not None:
        gap = float(limit.mean() - floor.mean())
        found["ssim_skill"] = float(columns["ssim_brain"].mean() - floor.mean()) / gap
    found["regional_r_within"] = float(np.nanmean(columns["regional_r"]))
    found["regional_r_across"] = across(columns["regions"][:, 0], columns["regions"][:, 1])
    if np.isfinite(columns["expected"]).any(1).all():
        found["regional_r_within_expected"] = within(columns["expected"], columns["regions"][:, 1])
        found["regional_r_across_expected"] = across(columns["expected"], columns["regions"][:, 1])
    found["regional_r_given_load"] = across(*(_without(columns["regions"][:, k], real) for k in (0, 1)))
    found["composite_mae"] = float(np.abs(composite[:, 0] - composite[:, 1]).mean())
    found["centiloid_mae"] = float(np.abs(made - real).mean())
    found["centiloid_r"] = _pearson(made[:, None], real[:, None])[0]
    positive = real >= POSITIVE_CENTILOID
    found["auc_spet"] = auc(made, positive)
    found["accuracy_spet"] = float(((made >= POSITIVE_CENTILOID) == positive).mean())
    if np.isfinite(columns["centiloid_interval"]).all():
        low, high = columns["centiloid_interval"].T
        inside = (low <= real) & (real <= high)
        found["coverage_90_centiloid"] = found["coverage_90_composite"] = float(inside.mean())
        found["interval_width_cl"] = float((high - low).mean())
        found["coverage_90_regions"] = float(np.nanmean(regions_inside(columns)))
    return {name: value for name, value in found.items() if np.isfinite(value)}


def regions_inside(columns: dict[str, np.ndarray]) -> np.ndarray:
    """Whether each region's reference lies in its interval, (n, regions), 0 or 1; NaN where one is lost."""
    low, high = np.moveaxis(columns["regions_interval"], -1, 0)
    real = columns["regions"][:, 1]
    known = np.isfinite(low) & np.isfinite(real)
    return np.where(known, (low <= real) & (real <= high), np.nan)


def across(made: np.ndarray, real: np.ndarray) -> float:
    """Correlation across people, region by region, averaged over regions; a map without variation counts as 0.

    Args:
        made: (n, regions), SUVR.
        real: (n, regions), SUVR.
    """
    known = np.isfinite(made).all(0) & np.isfinite(real).all(0)
    return float(np.mean(_pearson(made[:, known], real[:, known])))


def within(made: np.ndarray, real: np.ndarray) -> float:
    """Correlation over regions, person by person, averaged over people.

    Args:
        made: (n, regions), SUVR.
        real: (n, regions), SUVR.
    """
    return float(np.nanmean([correlation(*pair) for pair in zip(made, real, strict=True)]))


def auc(score: np.ndarray, positive: np.ndarray) -> float:
    """Area under the ROC curve; NaN when all people are of one kind."""
    from scipy.stats import rankdata

    n, other = int(positive.sum()), int((~positive).sum())
    if not n or not other:
        return float("nan")
    return float((rankdata(score)[positive].sum() - n * (n + 1) / 2) / (n * other))


def _pearson(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Correlation column by column; 0 where a column does not vary."""
    x, y = a - a.mean(0), b - b.mean(0)
    size = np.sqrt((x**2).sum(0) * (y**2).sum(0))
    return np.asarray(np.where(size > 1e-9, (x * y).sum(0) / np.maximum(size, 1e-9), 0.0))


def _without(regions: np.ndarray, load: np.ndarray) -> np.ndarray:
    """Regions with what the reference's own Centiloid explains, straight, taken out."""
    x = load - load.mean()
    y = regions - regions.mean(0)
    return np.asarray(y - np.outer(x, (x @ y) / max(float(x @ x), 1e-9)))
