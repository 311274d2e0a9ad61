"""Fitting and calibrating the five models of amyloid status."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from petgen.case import Biomarkers, InputError
from petgen.diagnosis.evidence import LOAD_NAMES, Evidence, ModelName, blood, inputs_row, table
from petgen.diagnosis.scores import Scores, opinions

STRENGTHS = np.logspace(-4, 1, 11)
"""Inverse strengths of the ridge among which cross-validation by anatomy chooses."""
LOAD_WEIGHT = 30.0
"""How little the ridge holds the cortical load back. On 1,000 simulated people of anatomies that it was not fitted on,
log loss is 0.365 against 0.376 with all features alike; regions add what they can."""
LEAST_OF_A_KIND = 10


def _trees(rows: np.ndarray, positive: np.ndarray, seed: int) -> Any:
    """Boosted trees; a value that nobody had is filled, as trees refuse such a column, and never asked for."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=0.08, max_iter=200, max_leaf_nodes=15, min_samples_leaf=60, l2_regularization=1.0,
        early_stopping=True, validation_fraction=0.1, random_state=seed,
    )  # fmt: skip
    return model.fit(np.where(np.isnan(rows).all(0), 0.0, rows), positive)


def _linear(rows: np.ndarray, positive: np.ndarray, groups: np.ndarray, seed: int, *, free: int = 0) -> Any:
    """A ridge logistic regression; its strength is chosen on anatomies that it was not fitted on.

    The last `free` columns are hardly held back.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, GroupKFold
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    every = list(range(rows.shape[1]))
    held = every[: len(every) - free]
    scale = ColumnTransformer(
        [("held", StandardScaler(), held), ("free", StandardScaler(), every[len(held) :])],
        transformer_weights={"free": LOAD_WEIGHT},
    )
    steps = [
        ("impute", SimpleImputer(keep_empty_features=True)),
        ("scale", scale if free else StandardScaler()),
        ("fit", LogisticRegression(max_iter=2000, random_state=seed)),
    ]
    kinds = len(np.unique(groups))
    if kinds < 2:
        return Pipeline(steps).set_params(fit__C=0.01).fit(rows, positive)
    folds = list(GroupKFold(min(kinds, 5)).split(rows, positive, groups))
    folds = [pair for pair in folds if all(0 < positive[part].mean() < 1 for part in pair)]
    if not folds:
        return Pipeline(steps).set_params(fit__C=0.01).fit(rows, positive)
    search = GridSearchCV(Pipeline(steps), {"fit__C": STRENGTHS}, scoring="neg_log_loss", cv=folds)
    return search.fit(rows, positive).best_estimator_


def _calibrated(model: Any, rows: np.ndarray, positive: np.ndarray) -> Any:
    """Platt's sigmoid on people that the model was not fitted on."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.frozen import FrozenEstimator

    return CalibratedClassifierCV(FrozenEstimator(model), method="sigmoid").fit(rows, positive)


def fit_scores(
    tabular: tuple[Sequence[Biomarkers], np.ndarray, np.ndarray],
    fitting: Sequence[Evidence],
    fitting_positive: np.ndarray,
    anatomies: Sequence[str],
    calibrating: Sequence[Evidence],
    calibrating_positive: np.ndarray,
    *,
    seed: int = 0,
) -> Scores:
    """Fits the models on fresh people and calibrates them on others.

    The models of values (`bbm`, `inputs`) are boosted trees, which take missing values as they are, fitted on many
    people without images. Those of volumes and of the image (`t1`, `spet`) are linear in their features, fitted on
    people with images;
    `spet_bbm` joins the calibrated logits of `spet` and `bbm`, with three numbers from the people who calibrate.

    Args:
        tabular: People without images: values, whether each is positive (n,), and scaled volumes (n, 2).
        fitting: People with images, of anatomies that the generator has not seen.
        fitting_positive: Whether each is positive, bool.
        anatomies: Anatomy of each.
        calibrating: Other people with images.
        calibrating_positive: Whether each is positive, bool.
        seed: Seed of the trees.

    Raises:
        InputError: There are too few positive or negative people.
    """
    for words, positive in (("fit", fitting_positive), ("calibrate", calibrating_positive)):
        if min(int(positive.sum()), int((~positive).sum())) < LEAST_OF_A_KIND:
            what = f"too few people to {words} on: {int(positive.sum())} positive, {int((~positive).sum())} negative"
            raise InputError(what, mend=f"At least {LEAST_OF_A_KIND} of each are needed.")
    from sklearn.linear_model import LogisticRegression

    people, positive, volumes = tabular
    groups = np.array(anatomies)
    fitted: dict[ModelName, Any] = {
        "bbm": _trees(np.array([blood(person) for person in people]), positive, seed),
        "inputs": _trees(
            np.array([inputs_row(person, sizes) for person, sizes in zip(people, volumes, strict=True)]), positive, seed
        ),
        "t1": _linear(table("t1", fitting), fitting_positive, groups, seed),
        "spet": _linear(table("spet", fitting), fitting_positive, groups, seed, free=len(LOAD_NAMES)),
    }
    models = {
        name: _calibrated(model, table(name, calibrating), calibrating_positive) for name, model in fitted.items()
    }
    pair: tuple[ModelName, ModelName] = ("spet", "bbm")
    both = {name: Scores(models).probability(name, table(name, calibrating)) for name in pair}
    models["spet_bbm"] = LogisticRegression(C=1.0).fit(opinions(both), calibrating_positive)
    return Scores(models)
