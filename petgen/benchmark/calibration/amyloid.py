"""Demography and the distribution of amyloid."""

import numpy as np
import pandas as pd

from petgen.benchmark.calibration.measure import Measured
from petgen.benchmark.calibration.row import Row, between
from petgen.cohort.evidence import HUASHAN
from petgen.quantify.centiloid import centiloid

_JANSEN = "Jansen 2015 JAMA 313:1924"
_WORLD = "41,678 scans of 37 cohorts, two-Gaussian mixtures (Indiana University ScholarWorks)"


def demography(cohort: Measured) -> list[Row]:
    """Age, sex and diagnoses of the Huashan series."""
    people, n = cohort.people, len(cohort.people)
    age = people["age"].dropna()
    rows = [
        Row("age, mean (years)", "all", 66.4, age.mean(), 0.8, "read", HUASHAN, len(age)),
        Row("age, SD (years)", "all", 8.1, age.std(), 0.8, "read", HUASHAN, len(age)),
        Row("share of women", "all", 0.621, (people["sex"].dropna() == "F").mean(), 0.04, "read", HUASHAN, n),
    ]
    for diagnosis, share in (("CU", 0.566), ("MCI", 0.227), ("AD", 0.207)):
        simulated = (people["diagnosis"] == diagnosis).mean()
        rows.append(Row("share of the cohort", diagnosis, share, simulated, 0.04, "read", HUASHAN, n))
    return rows


def distribution(cohort: Measured) -> list[Row]:
    """Centiloids and SUVR by diagnosis, as measured on the simulated PET."""
    rows = []
    cl = cohort.people["centiloid"]
    by = {name: cl[cohort.people["diagnosis"] == name] for name in ("CU", "MCI", "AD")}
    for name, share in (("CU", 0.1538), ("MCI", 0.285), ("AD", 0.718)):
        found = float((by[name] > 12).mean())
        rows.append(Row("share above 12 CL", name, share, found, 0.05, "read", HUASHAN, len(by[name])))
    rows.append(Row("share above 12 CL", "all", 0.30, float((cl > 12).mean()), 0.03, "derived", HUASHAN, len(cl)))
    quartiles = {"CU": (-5.29, 0.54, 7.69), "MCI": (-4.04, 1.16, 17.14)}
    for name, published in quartiles.items():
        for which, value, percent in zip(
            ("lower quartile", "median", "upper quartile"), published, (25, 50, 75), strict=True
        ):
            found = float(np.percentile(by[name], percent))
            rows.append(Row(f"Centiloid, {which} (CL)", name, value, found, 4.0, "read", HUASHAN, len(by[name])))
    ad = by["AD"]
    rows += [
        Row("Centiloid, mean (CL)", "AD", 43.97, float(ad.mean()), 6.0, "read", HUASHAN, len(ad)),
        Row("Centiloid, SD (CL)", "AD", 39.23, float(ad.std()), 5.0, "read", HUASHAN, len(ad)),
        Row("Centiloid, mean (CL)", "AD above 12 CL", 61, float(ad[ad > 12].mean()), 6.0, "derived", HUASHAN, len(ad)),
        Row("Centiloid, SD (CL)", "AD above 12 CL", 33, float(ad[ad > 12].std()), 6.0, "derived", HUASHAN, len(ad)),
    ]
    suvr = cohort.people["composite"]
    for name, value, tolerance in (("CU", 1.04, 0.02), ("MCI", 1.04, 0.03)):
        group = suvr[cohort.people["diagnosis"] == name]
        rows.append(
            Row("composite SUVR, median", name, value, float(group.median()), tolerance, "read", HUASHAN, len(group))
        )
    group = suvr[cohort.people["diagnosis"] == "AD"]
    rows += [
        Row("composite SUVR, mean", "AD", 1.29, float(group.mean()), 0.04, "read", HUASHAN, len(group)),
        Row("composite SUVR, SD", "AD", 0.22, float(group.std()), 0.03, "read", HUASHAN, len(group)),
    ]
    return rows + _bimodality(cl)


def _bimodality(cl: pd.Series) -> list[Row]:
    from sklearn.mixture import GaussianMixture

    values = cl.to_numpy()[:, None]
    one, two = (GaussianMixture(k, random_state=0, n_init=3).fit(values) for k in (1, 2))
    low, high = np.sort(two.means_.ravel())
    line = np.linspace(low, high, 2000)[:, None]
    upper = int(np.argmax(two.means_.ravel()))
    cut = float(line[np.argmax(two.predict_proba(line)[:, upper] > 0.5), 0])
    gain = float(one.bic(values) - two.bic(values))
    n = len(values)
    return [
        Row("mixture of two Gaussians, lower mean (CL)", "all", *_with(between(-9, 10), low), "read", _WORLD, n),
        Row("mixture of two Gaussians, upper mean (CL)", "all", *_with(between(38, 102), high), "read", _WORLD, n),
        Row("mixture of two Gaussians, cut-off (CL)", "all", 19, cut, 6, "read", _WORLD, n),
        Row(
            "two Gaussians fit better than one (1 = BIC lower)", "all", 1, float(gain > 0), 0, "read", _WORLD, n,
            f"BIC lower by {gain:.0f}",
        ),
    ]  # fmt: skip


def _with(published: tuple[float, float], simulated: float) -> tuple[float, float, float]:
    return published[0], simulated, published[1]


def risk(cohort: Measured) -> list[Row]:
    """Amyloid by age and APOE4 among the unimpaired."""
    people = cohort.people[cohort.people["diagnosis"] == "CU"]
    raised = people["centiloid"] > 19
    rows = []
    for low, high, published in ((60, 70, 0.20), (70, 80, 0.29)):
        inside = people["age"].between(low, high, inclusive="left")
        rows.append(
            Row(
                "share above 19 CL", f"CU, {low} to {high - 1} years", published, float(raised[inside].mean()), 0.08,
                "derived", f"{_JANSEN}: 10 % at 50 to 44 % at 90, by straight line", int(inside.sum()),
                "Huashan's own share of positive CU is lower than Jansen's and wins",
            )
        )  # fmt: skip
    known = people["apoe4"].notna()
    carrier, other = raised[known & (people["apoe4"] > 0)], raised[known & (people["apoe4"] == 0)]
    ratio = float(carrier.mean() / max(other.mean(), 1e-6))
    rows.append(
        Row("share above 19 CL, carriers over others (ratio)", "CU with APOE4 known", 2.5, ratio, 0.75, "read",
            f"{_JANSEN}: 2 to 3 times", int(known.sum()))
    )  # fmt: skip
    suvr = float(cohort.people["composite"][cohort.people["centiloid"].abs() < 12].mean())
    rows.append(
        Row("Centiloid of the mean SUVR (CL)", "below 12 CL", 1.0, centiloid(suvr), 4, "read", _WORLD,
            int((cohort.people["centiloid"].abs() < 12).sum()))
    )  # fmt: skip
    return rows
