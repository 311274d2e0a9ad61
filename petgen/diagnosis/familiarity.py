"""How far a scan and a patient's values lie from what the generator was trained on.

Scan: the encoder's features at each place of an eighth of the resolution, against their mean and standard deviation
there over training people (patch distributions, Defard 2021, ICPR; independent channels). Values: the smallest
Mahalanobis distance to a mixture of normal distributions of the simulated population, over what was measured.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from petgen.case import ANALYTES, Biomarkers, InputError
from petgen.case.plain import shown
from petgen.checksums import verified
from petgen.diagnosis.values import features

_JOINT = np.array([name != "apoe4" for name in ANALYTES])
"""Values that vary continuously; sex and APOE4 tell too few kinds of people apart to be improbable."""
_COMPONENTS = 6
_LEAST_SD = 0.05
_QUANTILES = {"amber": 0.99, "red": 0.9995}
"""Shares of ordinary people below the limits of the values' distance."""


@dataclass(frozen=True)
class ScanDistance:
    """Mean squared deviation of the encoder's features, in variances of training people; about 1 is ordinary.

    Attributes:
        overall: Over all places of the brain.
        worst: At the worst cube of two places a side, 32 mm.
    """

    overall: float
    worst: float


@dataclass(frozen=True)
class Familiarity:
    """What is ordinary.

    Attributes:
        mean: Of the encoder's features, (channels, x, y, z).
        sd: Standard deviation, the same shape.
        inside: Places that lie in the brain, (x, y, z), bool.
        weights: Of the mixture of values, (components,).
        centres: Its means, (components, values): logarithms of concentrations, the rest in their units.
        covariances: (components, values, values).
        limits: The largest ordinary value of each distance.
    """

    mean: np.ndarray
    sd: np.ndarray
    inside: np.ndarray
    weights: np.ndarray
    centres: np.ndarray
    covariances: np.ndarray
    limits: dict[str, float]

    def of_scan(self, found: np.ndarray) -> ScanDistance:
        """Distance of a scan.

        Args:
            found: Its encoder features, (channels, x, y, z), float32.
        """
        from scipy.ndimage import uniform_filter

        each = (((found - self.mean) / self.sd) ** 2).mean(0)
        cubes = uniform_filter(np.where(self.inside, each, 0), 2)
        return ScanDistance(float(each[self.inside].mean()), float(cubes[self.inside].max()))

    def of_values(self, values: Biomarkers) -> float:
        """How improbable the measured values are together: standard deviations of a normal distribution, two-sided.

        With fewer than two values there is nothing joint, and the distance is 0.
        """
        row = _rows([values])[0]
        known = np.isfinite(row)
        if known.sum() < 2:
            return 0.0
        return _joint(row, known, self.centres, self.covariances)

    def save(self, path: Path) -> None:
        """Writes everything as safetensors."""
        arrays = {
            name: np.ascontiguousarray(value, np.float32) for name, value in asdict(self).items() if name != "limits"
        }
        save_file(arrays, path, {name: repr(value) for name, value in self.limits.items()})

    @classmethod
    def load(cls, path: Path) -> "Familiarity":
        """What `save` wrote.

        Raises:
            InputError: The file is missing, damaged or holds something else.
        """
        verified(path)
        try:
            with safe_open(path, "np") as file:
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
                limits = {name: float(value) for name, value in (file.metadata() or {}).items()}
            arrays["inside"] = arrays["inside"] > 0.5
            return cls(**arrays, limits=limits)
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"norms cannot be read ({shown(str(error), 200)})", where=str(path), mend="Reinstall petgen."
            ) from None


def _rows(people: Sequence[Biomarkers]) -> np.ndarray:
    return np.asarray(features(people)[:, : len(_JOINT)][:, _JOINT], dtype=float)


def _joint(row: np.ndarray, known: np.ndarray, centres: np.ndarray, covariances: np.ndarray) -> float:
    from scipy.stats import chi2, norm

    squares = [
        float(gap @ np.linalg.solve(covariance[np.ix_(known, known)], gap))
        for centre, covariance in zip(centres, covariances, strict=True)
        for gap in [row[known] - centre[known]]
    ]
    return float(norm.isf(max(chi2.sf(min(squares), int(known.sum())) / 2, 1e-300)))


def fit_familiarity(
    training: Iterable[np.ndarray],
    others: Iterable[np.ndarray],
    inside: np.ndarray,
    complete: Sequence[Biomarkers],
    ordinary: Sequence[Biomarkers],
    *,
    seed: int = 0,
) -> Familiarity:
    """Learns what is ordinary.

    Args:
        training: Encoder features of training people, (channels, x, y, z) each.
        others: Those of other ordinary people, for the limits.
        inside: Places that lie in the brain, (x, y, z), bool.
        complete: People of whom every value is known.
        ordinary: Other people with values missing as they do, for the limits.
        seed: Seed of the mixture.
    """
    from sklearn.mixture import GaussianMixture

    count, total, squares = 0, np.zeros(()), np.zeros(())
    for found in training:
        wide = found.astype(np.float64)
        count, total, squares = count + 1, total + wide, squares + wide**2
    mean = np.asarray(total) / count
    sd = np.sqrt(np.maximum(np.asarray(squares) / count - mean**2, 0))
    sd = np.maximum(sd, _LEAST_SD * sd[:, inside].mean(1)[:, None, None, None] + 1e-6)
    mixture = GaussianMixture(_COMPONENTS, random_state=seed, reg_covar=1e-3).fit(_rows(complete))
    bare = Familiarity(mean, sd, inside, mixture.weights_, mixture.means_, mixture.covariances_, {})
    scans = [bare.of_scan(found) for found in others]
    joint = np.array([bare.of_values(person) for person in ordinary])
    limits = {
        "scan_overall": float(np.max([scan.overall for scan in scans])),
        "scan_worst": float(np.max([scan.worst for scan in scans])),
        **{f"values_{level}": float(np.quantile(joint, share)) for level, share in _QUANTILES.items()},
    }
    return Familiarity(mean, sd, inside, mixture.weights_, mixture.means_, mixture.covariances_, limits)
