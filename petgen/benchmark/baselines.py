"""What a model has to beat: maps that never saw the patient's brain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from petgen.case import Biomarkers, InputError
from petgen.cohort.people import People
from petgen.diagnosis.values import features as numbers_of
from petgen.imaging.grid import SHAPE
from petgen.quantify import POSITIVE_CENTILOID

BASELINES = ("mean_map", "blend", "ridge")


@dataclass(frozen=True)
class Baselines:
    """Fitted on training people; maps are (91, 109, 91), float32, SUVR.

    Attributes:
        mean: Mean map.
        negative: Mean map of the amyloid negative.
        positive: Mean map of the amyloid positive.
        loads: Mean Centiloid of both groups.
        scale: Fills and standardises values.
        to_centiloid: Ridge regression from scaled values to the Centiloid.
        to_voxels: Ridge regression from scaled values and 1 to every voxel, (values + 1, voxels), float32.
    """

    mean: np.ndarray
    negative: np.ndarray
    positive: np.ndarray
    loads: tuple[float, float]
    scale: Any
    to_centiloid: Any
    to_voxels: np.ndarray

    def paint(self, name: str, values: Biomarkers) -> np.ndarray:
        """The map that a baseline gives a patient; not masked.

        - mean_map: the mean of all training scans;
        - blend: a mixture of the group maps by the Centiloid that a ridge regression of the values predicts;
        - ridge: every voxel by a ridge regression of the values.
        """
        if name == "mean_map":
            return self.mean
        x = self.scale.transform(numbers_of([values]))
        if name == "blend":
            low, high = self.loads
            share = (float(self.to_centiloid.predict(x)[0]) - low) / (high - low)
            return np.asarray(self.negative + share * (self.positive - self.negative), dtype=np.float32)
        return np.asarray((np.append(x[0], 1).astype(np.float32) @ self.to_voxels).reshape(SHAPE))


def fit_baselines(people: People, names: Sequence[str]) -> Baselines:
    """Fits all baselines.

    Args:
        people: The cohort.
        names: Training people.

    Raises:
        InputError: Not both amyloid negative and positive people are among them.
    """
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    scale = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler())
    x = scale.fit_transform(numbers_of([people.values(name) for name in names])).astype(np.float32)
    x = np.column_stack([x, np.ones(len(x), np.float32)])
    sums = {positive: np.zeros((2, *SHAPE), np.float32) for positive in (False, True)}
    products = np.zeros((x.shape[1], int(np.prod(SHAPE))), np.float32)
    centiloids = np.zeros(len(names))
    for row, name in enumerate(names):
        person = people.read(name)
        centiloids[row] = person.centiloid
        seen = person.pet * person.mask
        sums[person.centiloid >= POSITIVE_CENTILOID] += np.stack([seen, person.mask])
        for column, value in enumerate(x[row]):
            products[column] += value * seen.ravel()
    to_centiloid = RidgeCV(alphas=np.logspace(-1, 4, 11)).fit(x[:, :-1], centiloids)
    penalty = np.diag([float(to_centiloid.alpha_)] * (x.shape[1] - 1) + [1e-3])
    positive = centiloids >= POSITIVE_CENTILOID
    if positive.all() or not positive.any():
        mend = "Add people to the split train."
        raise InputError("the baselines need amyloid negative and positive people to learn from", mend=mend)
    total = sums[False] + sums[True]
    mean, low, high = (pet / np.maximum(count, 1) for pet, count in (total, sums[False], sums[True]))
    return Baselines(
        mean,
        low,
        high,
        (float(centiloids[~positive].mean()), float(centiloids[positive].mean())),
        scale,
        to_centiloid,
        np.asarray(np.linalg.solve(x.T @ x + penalty, products), dtype=np.float32),
    )
