"""What the models of amyloid status look at; no label is among it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import numpy as np

from petgen.case import ANALYTES, Biomarkers
from petgen.quantify.atlas import regions
from petgen.quantify.lobes import lobe_of
from petgen.quantify.tissue import TISSUE_NAMES

ModelName = Literal["t1", "bbm", "inputs", "spet", "spet_bbm"]
MODELS: tuple[ModelName, ...] = get_args(ModelName)
BLOOD = (*(name for name, analyte in ANALYTES.items() if analyte.assay), "p_tau181_abeta42")
"""Blood values and their second ratio, the first being among them."""
_OTHER = tuple(name for name, analyte in ANALYTES.items() if not analyte.assay)
VOLUME_NAMES = ("hippocampi", "lateral ventricles")
LOAD_NAMES = ("mean", "spread", "mean squared", "mean x spread", "spread squared", "log spread")
"""Of the cortical SUVR: whether a mean is surely above the threshold depends on its spread."""
_LEAST_SPREAD = 1e-3


@dataclass(frozen=True)
class Evidence:
    """One patient as the models see it.

    Attributes:
        values: Measured values.
        tissue: As from `petgen.quantify.tissue.tissue_shares`.
        volumes: Hippocampi and lateral ventricles as the generator reads them off the T1w, (2,), scaled.
        suvr: Regional SUVR of the synthetic PET, (regions,); NaN where a region is lost.
        spread: Standard deviation of the regional SUVR over the posterior of the load, (regions,).
    """

    values: Biomarkers
    tissue: np.ndarray
    volumes: np.ndarray
    suvr: np.ndarray
    spread: np.ndarray


@cache
def _cortex() -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Cortical regions, both sides together: name and places in `regions`."""
    names = dict.fromkeys(region.name for region in regions() if lobe_of(region.name))
    return tuple((name, tuple(k for k, region in enumerate(regions()) if region.name == name)) for name in names)


def columns(model: ModelName) -> tuple[str, ...]:
    """Names of a model's features, in order."""
    image = (*(name for name, _ in _cortex()), *LOAD_NAMES)
    known = {
        "t1": (*TISSUE_NAMES, *VOLUME_NAMES, "age", "sex"),
        "bbm": BLOOD,
        "inputs": (*BLOOD, *_OTHER, "sex", *VOLUME_NAMES),
        "spet": image,
        "spet_bbm": ("spet", "bbm"),
    }
    return known[model]


def blood(values: Biomarkers) -> list[float]:
    """Blood values in the order of `BLOOD`; NaN where not measured. Both ratios are computed from their parts."""
    measured = values.measured()
    found = [float(measured.get(name, np.nan)) for name in BLOOD[:-1]]
    return [*found, values.p_tau181 / values.abeta42 if values.p_tau181 and values.abeta42 else np.nan]


def _sex(values: Biomarkers) -> float:
    return {"F": 1.0, "M": 0.0, None: np.nan}[values.sex]


def inputs_row(values: Biomarkers, volumes: np.ndarray) -> list[float]:
    """Everything that goes in: blood, demographics, tests, and the two volumes of the T1w."""
    measured = values.measured()
    return [*blood(values), *(float(measured.get(name, np.nan)) for name in _OTHER), _sex(values), *volumes]


def table(model: ModelName, people: Sequence[Evidence]) -> np.ndarray:
    """Features of people, (n, `columns`), float64; NaN where something is missing.

    Raises:
        ValueError: `spet_bbm`, which reads the opinions of two other models.
    """
    if model == "spet_bbm":
        raise ValueError(model)
    rows = {
        "t1": lambda p: [*p.tissue, *p.volumes, np.nan if p.values.age is None else p.values.age, _sex(p.values)],
        "bbm": lambda p: blood(p.values),
        "inputs": lambda p: inputs_row(p.values, p.volumes),
        "spet": lambda p: _image(p.suvr, p.spread),
    }
    return np.array([rows[model](person) for person in people], dtype=np.float64).reshape(len(people), -1)


def _image(suvr: np.ndarray, spread: np.ndarray) -> list[float]:
    means = [_mean(suvr, places) for _, places in _cortex()]
    everywhere = tuple(k for _, places in _cortex() for k in places)
    mean, wide = _mean(suvr, everywhere), max(_mean(spread, everywhere), _LEAST_SPREAD)
    return [*means, mean, wide, mean**2, mean * wide, wide**2, float(np.log(wide))]


def _mean(values: np.ndarray, places: tuple[int, ...]) -> float:
    known = [values[k] for k in places if np.isfinite(values[k])]
    return float(np.mean(known)) if known else np.nan
