"""Five models of amyloid status (Centiloid 25 and above on the reference PET): fitted, calibrated, explained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED

import numpy as np
from scipy.special import logit

from petgen.case import InputError, Probabilities
from petgen.case.plain import shown
from petgen.checksums import verified
from petgen.diagnosis.evidence import LOAD_NAMES, MODELS, Evidence, ModelName, columns, table

_TRUSTED = (
    "numpy.dtype",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)
"""Types that a file may hold beside those that skops trusts; nothing else is ever loaded."""
CORTEX = "mean of the cortex"
"""Name of the driver that is no region."""
_SURE = 1e-4
"""Probabilities closer to 0 and 1 than this are not believed."""


@dataclass(frozen=True)
class Scores:
    """The five models.

    Attributes:
        models: Calibrated scikit-learn classifiers by name.
    """

    models: dict[ModelName, Any]

    def probabilities(self, people: Sequence[Evidence]) -> dict[ModelName, np.ndarray]:
        """Probability of amyloid positivity by model, each (n,), 0 to 1."""
        found: dict[ModelName, np.ndarray] = {
            name: self.probability(name, table(name, people)) for name in MODELS if name != "spet_bbm"
        }
        found["spet_bbm"] = self.probability("spet_bbm", opinions(found))
        return found

    def probability(self, name: ModelName, rows: np.ndarray) -> np.ndarray:
        """Probability by one model, (n,), from its features (n, `columns`)."""
        return np.asarray(np.clip(self.models[name].predict_proba(rows)[:, 1], _SURE, 1 - _SURE))

    def of(self, person: Evidence) -> Probabilities:
        """Probabilities of one patient."""
        single = {name: float(values[0]) for name, values in self.probabilities([person]).items()}
        if all(np.isnan(table("bbm", [person])[0])):
            single["bbm"] = single["spet_bbm"] = np.nan
        return Probabilities(**{name: value for name, value in single.items() if np.isfinite(value)})

    def drivers(self, person: Evidence) -> dict[str, float]:
        """What the mean cortical uptake and each region add to the image score's logit, against the average person.

        The image score is linear in its features, so the parts add up to the logit's difference from the average's.
        What mean and spread of the whole cortex add is one part, `CORTEX`.
        """
        fitted = self.models["spet"].calibrated_classifiers_[0].estimator.estimator
        imputed = fitted[0].transform(table("spet", [person]))
        parts = (fitted[1].transform(imputed) * fitted[-1].coef_)[0]
        regional = len(parts) - len(LOAD_NAMES)
        found = dict(zip(columns("spet")[:regional], map(float, parts[:regional]), strict=True))
        return {CORTEX: float(parts[regional:].sum()), **found}

    def save(self, path: Path) -> None:
        """Writes the models with skops, a format that holds no code."""
        import skops.io

        skops.io.dump(dict(self.models), path, compression=ZIP_DEFLATED)

    @classmethod
    def load(cls, path: Path) -> "Scores":
        """The models that `save` wrote.

        Raises:
            InputError: The file is missing, damaged or holds a type that is not expected.
        """
        import skops.io

        verified(path)
        try:
            models = skops.io.load(path, trusted=list(_TRUSTED))
        except Exception as error:  # noqa: BLE001 - skops raises whatever a damaged archive leads to
            raise InputError(
                f"models cannot be read ({shown(str(error), 200)})", where=str(path), mend="Reinstall petgen."
            ) from None
        if not isinstance(models, dict) or set(models) != set(MODELS):
            raise InputError("holds other models than expected", where=str(path), mend="Reinstall petgen.")
        return cls(models)


def opinions(found: Mapping[ModelName, np.ndarray]) -> np.ndarray:
    """What `spet_bbm` reads: the logits of image and blood, (n, 2)."""
    return np.column_stack([logit(found["spet"]), logit(found["bbm"])])
