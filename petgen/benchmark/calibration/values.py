"""Plasma, cognition and hippocampus: scales, effects of amyloid, correlations."""

import numpy as np
import pandas as pd

from petgen.benchmark.calibration.measure import Measured
from petgen.benchmark.calibration.row import Row, between
from petgen.cohort.evidence import SIMOA

_PAPER = "arXiv 2511.02206"
_SHANGHAI = "Pan 2021, 132 Shanghai people with florbetapir (rs-615251)"
_ADNI = "ADNI, Biomedicines 2022;10:169, Table 2"
_EFFECT = "hbm25234 (PMC7775994), Table 1"
_MEDIANS = "medians of PET+ and PET-: Alzheimers Res Ther 2023 (s13195-023-01296-5)"
_WINS = "Centiloid per diagnosis and hippocampal effect sizes win: diagnosis alone gives about 0.79"
LOGARITHMIC = ("abeta40", "abeta42", "abeta42_40", "t_tau", "p_tau181", "p_tau181_abeta42", "nfl", "p_tau217", "gfap")
SEVEN = ("abeta40", "abeta42", "abeta42_40", "t_tau", "p_tau181", "p_tau181_abeta42", "nfl")
ELEVEN = (*SEVEN, "age", "mmse", "education", "moca")


def with_ratios(cohort: Measured) -> pd.DataFrame:
    """The people with p-tau181/Abeta42, and the plasma ratio where only its parts were measured."""
    people = cohort.people.copy()
    people["p_tau181_abeta42"] = people["p_tau181"] / people["abeta42"]
    people["abeta42_40"] = people["abeta42_40"].fillna(people["abeta42"] / people["abeta40"])
    return people


def scales(cohort: Measured) -> list[Row]:
    """Geometric means and spreads of plasma in the unimpaired, and their change with age."""
    people = with_ratios(cohort)
    people = people[people["diagnosis"] == "CU"]
    rows = []
    for name, mean, spread in (
        ("abeta42", 5.49, 0.36), ("abeta40", 136.6, 0.41), ("t_tau", 0.79, 0.70), ("p_tau181", 1.27, 0.49),
        ("abeta42_40", 0.0375, 0.27),
    ):  # fmt: skip
        logarithm = np.log(people[name].dropna())
        n = len(logarithm)
        rows += [
            Row(
                f"{name}, geometric mean", "CU", mean, float(np.exp(logarithm.mean())), 0.12 * mean, "derived", SIMOA, n
            ),
            Row(f"{name}, SD of the logarithm", "CU", spread, float(logarithm.std()), 0.06, "derived", SIMOA, n),
        ]
    both = people[["abeta42", "abeta40"]].dropna()
    r = float(np.corrcoef(np.log(both.T))[0, 1])
    rows.append(Row("r of ln Abeta42 and ln Abeta40", "CU", 0.76, r, 0.08, "derived", SIMOA, len(both)))
    for name, sign in (("abeta40", 1), ("abeta42", 1), ("p_tau181", 1), ("abeta42_40", -1)):
        both = people[["age", name]].dropna()
        found = float(np.sign(both["age"].corr(np.log(both[name]))))
        rows.append(Row(f"sign of r of age and {name}", "CU", sign, found, 0, "read", SIMOA, len(both)))
    both = people[["age", "nfl"]].dropna()
    slope = float(np.polyfit(both["age"], np.log(both["nfl"]), 1)[0])
    rows.append(Row("NfL, change a year (ln)", "CU", 0.031, slope, 0.006, "read", "Bornhorst 2022", len(both)))
    for low, high, value in ((60, 70, 28.0), (70, 80, 37.9)):
        group = both["nfl"][both["age"].between(low, high, inclusive="left")]
        found = float(group.quantile(0.975))
        rows.append(
            Row("NfL, 97.5th percentile (pg/mL)", f"CU, {low} to {high - 1} years", value, found, 0.2 * value, "read",
                "Bornhorst 2022", len(group))
        )  # fmt: skip
    return rows


def discrimination(cohort: Measured) -> list[Row]:
    """How well values tell Centiloid 25 and more on the simulated PET, by AUC."""
    people, positive = with_ratios(cohort), cohort.positive
    rows = []
    for name, (low, high), evidence, source in (
        ("p_tau217", (0.88, 0.96), "read", "ALZpath .957 (Ashton 2023), C2N .91, community .84 to .90 (PMC12633192)"),
        ("gfap", (0.70, 0.82), "derived", _MEDIANS),
        ("nfl", (0.57, 0.72), "derived", _MEDIANS),
        ("abeta42", (0.57, 0.71), "derived", f"r(SUVR) -.272 as AUC: {_SHANGHAI}"),
        ("t_tau", (0.45, 0.57), "derived", f"no difference between diagnoses: {_SHANGHAI}"),
        ("abeta40", (0.45, 0.60), "assumed", "no source opened"),
        ("p_tau181_abeta42", (0.64, 0.80), "assumed", "no source opened"),
        ("abeta42_40", (0.60, 0.70), "assumed", "Simoa in ADNI, no source opened"),
        ("p_tau181", (0.64, 0.80), "assumed", "ADNI, no source opened"),
    ):  # fmt: skip
        known = people[name].notna().to_numpy()
        value, tolerance = between(low, high)
        found = _auc(positive[known], people.loc[known, name].to_numpy())
        rows.append(
            Row(f"AUC of {name}", "all", value, found, tolerance, evidence, source, int(known.sum()))  # type: ignore[arg-type]
        )
    for label, names, published, note in (
        ("AUC of the paper's seven blood values", SEVEN, 0.73, ""),
        ("AUC of the paper's eleven inputs", ELEVEN, 0.73, _WINS),
        ("AUC of hippocampus with age (T1w)", ("hippocampus", "age"), 0.68, _WINS),
    ):
        found, n = _joint_auc(people, names, positive)
        rows.append(Row(label, "complete cases", published, found, 0.05, "read", _PAPER, n, note))
    return rows


def correlations(cohort: Measured) -> list[Row]:
    """Correlations with composite SUVR, among values, and with the hippocampus."""
    people = with_ratios(cohort)
    impaired = people["diagnosis"] != "CU"
    rows = []
    for first, second, published, tolerance, source, note in (
        ("abeta42", "composite", -0.272, 0.13, _SHANGHAI, "known to come out weaker"),
        ("abeta42_40", "composite", -0.211, 0.10, _SHANGHAI, ""),
        ("nfl", "composite", 0.218, 0.10, _ADNI, ""),
        ("nfl", "hippocampus", -0.432, 0.12, _ADNI, ""),
        ("abeta42", "hippocampus", 0.086, 0.10, _ADNI, ""),
        ("hippocampus", "composite", -0.348, 0.10, _ADNI, _WINS),
        ("mmse", "moca", 0.787, 0.08, "Chen 2016, MoCA-B", ""),
    ):
        both = people[[first, second]].dropna()
        r = float(np.corrcoef(both.T)[0, 1])
        rows.append(Row(f"r of {first} and {second}", "all", published, r, tolerance, "read", source, len(both), note))
    for group, where, published in (
        ("all", impaired | True, 0.67),
        ("MCI and AD", impaired, 0.64),
        ("CU", ~impaired, 0.45),
    ):
        both = people.loc[where, ["p_tau217", "centiloid"]].dropna()
        rho = float(both["p_tau217"].corr(both["centiloid"], method="spearman"))
        rows.append(
            Row("rank correlation of p_tau217 and Centiloid", group, published, rho, 0.15, "read",
                "AIBL, Janssen p217+tau (medRxiv 2022.02.16.22271024)", len(both),
                "" if group == "MCI and AD" else "AIBL has more amyloid among the unimpaired; the AUC wins")
        )  # fmt: skip
    both = people[["age", "gfap"]].dropna()
    r = float(np.corrcoef(both["age"], np.log(both["gfap"]))[0, 1])
    rows.append(Row("r of age and ln gfap", "all", 0.45, r, 0.2, "assumed", "serum .56 (PMC10585700)", len(both)))
    return rows


def folds(cohort: Measured) -> list[Row]:
    """Ratios of medians between amyloid-positive and -negative."""
    people, positive = with_ratios(cohort), cohort.positive
    rows = []
    for name, value, tolerance, source in (
        ("gfap", 1.45, 0.25, "ADNI 113 and 164 pg/mL: Benedet 2022"),
        ("nfl", 1.35, 0.2, "25.4 and 18.8 pg/mL: Alzheimers Res Ther 2023 (s13195-023-01296-5)"),
    ):
        known = people[name].notna().to_numpy()
        ratio = float(people.loc[known & positive, name].median() / people.loc[known & ~positive, name].median())
        rows.append(
            Row(
                f"{name}, median of positive over negative",
                "all",
                value,
                ratio,
                tolerance,
                "read",
                source,
                int(known.sum()),
            )
        )
    unimpaired = (people["diagnosis"] == "CU").to_numpy()
    base = people.loc[unimpaired & ~positive, "p_tau217"].median()
    for group, where, value, tolerance in (
        ("CU positive", unimpaired & positive, 2.0, 0.4),
        ("MCI and AD positive", ~unimpaired & positive, 3.5, 1.2),
    ):
        chosen = people.loc[where, "p_tau217"].dropna()
        rows.append(
            Row("p_tau217, median over that of negative CU", group, value, float(chosen.median() / base), tolerance,
                "read", "AIBL, Janssen p217+tau (medRxiv 2022.02.16.22271024)", len(chosen),
                "another assay; the AUC wins")
        )  # fmt: skip
    return rows


def hippocampus(cohort: Measured) -> list[Row]:
    """Effect sizes of the hippocampus (share of the brain mask, counted on the deformed labels)."""
    people = cohort.people
    groups = {name: people["hippocampus"][people["diagnosis"] == name] for name in ("CU", "MCI", "AD")}
    rows = []
    for first, second, (low, high) in (
        ("CU", "MCI", (1.08, 1.56)),
        ("CU", "AD", (1.98, 2.70)),
        ("MCI", "AD", (0.45, 0.93)),
    ):
        a, b = groups[first], groups[second]
        d = float((a.mean() - b.mean()) / np.sqrt((a.var() + b.var()) / 2))
        value, tolerance = between(low, high)
        rows.append(
            Row(
                "hippocampal volume, Cohen's d",
                f"{first} and {second}",
                value,
                d,
                tolerance,
                "read",
                _EFFECT,
                len(a) + len(b),
            )
        )
    raised = cohort.positive
    unimpaired = (people["diagnosis"] == "CU").to_numpy()
    a, b = people["hippocampus"][unimpaired & ~raised], people["hippocampus"][unimpaired & raised]
    d = float((a.mean() - b.mean()) / np.sqrt((a.var() + b.var()) / 2))
    rows += [
        Row("hippocampal volume, Cohen's d", "CU, negative and positive", 0.4, d, 0.3, "derived", "PMC9644060, Table 3",
            len(a) + len(b), "few unimpaired are positive; effect sizes per diagnosis win"),
        Row("both hippocampi, share of the brain mask (%)", "CU", 0.53, 100 * float(groups["CU"].mean()), 0.05,
            "derived", "PMC9644060, Table 3", len(groups["CU"])),
    ]  # fmt: skip
    small = people["hippocampus"] < groups["CU"].quantile(0.16)
    n = int(unimpaired.sum())
    for label, published, where in (
        ("A-N-", 0.614, ~raised & ~small),
        ("A-N+", 0.174, ~raised & small),
        ("A+N-", 0.097, raised & ~small),
    ):
        rows.append(
            Row(f"share of {label}", "CU", published, float(where[unimpaired].mean()), 0.12, "read",
                "Mayo Clinic Study of Aging 2017, 70.8 years", n,
                "N+: hippocampus below the 16th percentile of CU; younger cohort, Huashan's share of A+ wins")
        )  # fmt: skip
    return rows


def _auc(positive: np.ndarray, score: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    found = float(roc_auc_score(positive, score))
    return max(found, 1 - found)


def _joint_auc(people: pd.DataFrame, names: tuple[str, ...], positive: np.ndarray) -> tuple[float, int]:
    """AUC of a logistic model of values, plasma as logarithms, over ten folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    known = people[list(names)].notna().all(axis=1).to_numpy()
    values = people.loc[known, list(names)].astype(float)
    for name in set(names) & set(LOGARITHMIC):
        values[name] = np.log(values[name])
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    chance = cross_val_predict(model, values, positive[known], cv=folds, method="predict_proba")[:, 1]
    return float(roc_auc_score(positive[known], chance)), int(known.sum())
