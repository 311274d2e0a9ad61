"""Regions: simulated images at the group maps' loads against the group maps and published tables."""

import numpy as np
import pandas as pd

from petgen.benchmark.calibration.measure import Measured
from petgen.benchmark.calibration.row import Row, between
from petgen.cohort.uptake_fit import GROUP_CENTILOID, comparable
from petgen.quantify.groups import group_means

_MAPS = "public florbetapir group averages (florbetapir_regional_suvr.csv)"
_GAAIN = "GAAIN florbetapir data through AmyPET's reference-region transforms"
_BULLICH = "Bullich 2021 (PMC8005243), Table 3, florbetaben converted to florbetapir"
_NEAR_CL = (7.0, 16.0)
LOBAR = {
    "frontal": (3, 12, 14, 18, 19, 20, 27, 28, 32),
    "lateral temporal": (9, 15, 30, 1),
    "occipital": (5, 11, 13, 21),
    "parietal": (8, 29, 31),
    "anterior cingulate": (2, 26),
    "posterior cingulate": (10, 23),
    "precuneus": (25,),
}
"""Desikan-Killiany numbers of the regions of Bullich 2021."""


def at_load(cohort: Measured, load: float, reach: float) -> tuple[pd.Series, int]:
    """Mean SUVR by label of people near a load, moved to it along each region's slope among them; how many."""
    cl = cohort.people["centiloid"]
    near = (cl - load).abs() < reach
    group, distance = cohort.regions[near], cl[near] - load
    slope = group.apply(lambda column: np.polyfit(distance[column.notna()], column.dropna(), 1)[0])
    return group.mean() - slope * distance.mean(), int(near.sum())


def against_group_maps(cohort: Measured) -> list[Row]:
    """Every region of the simulated groups against the two public group maps."""
    maps = group_means()[lambda t: comparable(t)].set_index("label")
    rows: list[Row] = []
    seen: dict[str, pd.Series] = {}
    for group, load, reach in zip(("negative", "positive"), GROUP_CENTILOID, _NEAR_CL, strict=True):
        simulated, n = at_load(cohort, load, reach)
        labels = [label for label in maps.index if label in simulated.index]
        seen[group] = simulated[labels]
        real = maps.loc[labels, group]
        off = (simulated[labels] - real).abs()
        where = f"{group} at {load:g} CL"
        worst = maps.loc[off.idxmax(), "name"]
        r = float(np.corrcoef(simulated[labels], real)[0, 1])
        rows += [
            Row(f"r over {len(labels)} regions", where, 1.0, r, 0.05, "derived", _MAPS, n),
            Row(
                "largest difference of a region (SUVR)", where, 0.0, float(off.max()), 0.12, "derived", _MAPS, n,
                f"{worst}: {simulated[off.idxmax()]:.2f} for {real[off.idxmax()]:.2f}",
            ),
            Row("mean difference over regions (SUVR)", where, 0.0, float((simulated[labels] - real).mean()), 0.06,
                "derived", _MAPS, n),
        ]  # fmt: skip
        for name, chosen in (
            ("brainstem", (16,)),
            ("cerebral white matter", (2, 41)),
            ("cerebellar cortex", (8, 47)),
            ("lateral ventricles", (4, 43)),
            ("occipital cortex", tuple(first + k for first in (1000, 2000) for k in (5, 11, 13, 21))),
            ("striatum", (11, 12, 50, 51)),
            ("thalamus", (10, 49)),
            ("hippocampus", (17, 53)),
        ):
            found, value = float(simulated[list(chosen)].mean()), float(real[list(chosen)].mean())
            rows.append(Row(f"SUVR, {name}", where, value, found, 0.12, "derived", _MAPS, n))
    shared = seen["negative"].index
    difference = maps.loc[shared, "positive"] - maps.loc[shared, "negative"]
    r = float(np.corrcoef(seen["positive"] - seen["negative"], difference)[0, 1])
    rows.append(Row("r of positive less negative over regions", "groups", 1.0, r, 0.1, "derived", _MAPS, len(shared)))
    return rows


def against_tables(cohort: Measured) -> list[Row]:
    """Reference regions, contrast and lobes against published tables."""
    cl = cohort.people["centiloid"]
    groups = {"below 12 CL": cohort.people[cl < 12], "above 50 CL": cohort.people[cl > 50]}
    rows = []
    for column, name, values, tolerance in (
        ("cerebellar_grey", "SUVR, cerebellar grey", (0.855, 0.850), 0.06),
        ("pons", "SUVR, pons", (1.388, 1.392), 0.12),
        ("cerebellum_and_brainstem", "SUVR, cerebellum with brainstem", (1.06, 1.06), 0.04),
        ("cerebellar_white", "SUVR, cerebellar white", (1.45, 1.45), 0.15),
    ):
        for (group, people), value in zip(groups.items(), values, strict=True):
            rows.append(
                Row(name, group, value, float(people[column].mean()), tolerance, "derived", _GAAIN, len(people))
            )
    low = groups["below 12 CL"]
    rows += [
        Row("SUVR, deep white matter", "below 12 CL", *_ranged(1.5, 1.8, float(low["deep_white"].mean())), "assumed",
            "no source opened", len(low)),
        Row("asymmetry of the cortex, SD", "below 12 CL", *_ranged(0.010, 0.025, float(low["asymmetry"].std())),
            "assumed", "no source opened", len(low)),
        Row("asymmetry of the cortex, SD", "30 to 80 CL",
            *_ranged(0.025, 0.045, float(cohort.people["asymmetry"][cl.between(30, 80)].std())), "assumed",
            "no source opened", int(cl.between(30, 80).sum())),
    ]  # fmt: skip
    lower, n_low = at_load(cohort, 7, 7)
    upper, n_high = at_load(cohort, 81, 16)
    published = {
        "frontal": (1.00, 1.31), "lateral temporal": (1.00, 1.27), "occipital": (1.04, 1.21), "parietal": (0.99, 1.27),
        "anterior cingulate": (1.10, 1.41), "posterior cingulate": (1.13, 1.46), "precuneus": (1.00, 1.33),
    }  # fmt: skip
    for name, (at_low, at_high) in published.items():
        for where, value, means, n in (("at 7 CL", at_low, lower, n_low), ("at 81 CL", at_high, upper, n_high)):
            found = float(means[_both(LOBAR[name])].mean())
            rows.append(Row(f"SUVR, {name}", where, value, found, 0.15, "derived", _BULLICH, n,
                            "the group maps win where they differ"))  # fmt: skip
    gains = {
        "frontal": (1.05, 1.09), "lateral temporal": (0.90, 0.93), "occipital": (0.58, 0.61), "parietal": (0.95, 0.99),
        "anterior cingulate": (1.05, 1.09), "posterior cingulate": (1.10, 1.14), "precuneus": (1.13, 1.16),
    }  # fmt: skip
    gain = {name: float((upper - lower)[_both(numbers)].mean()) for name, numbers in LOBAR.items()}
    mean = float(np.mean([gain[name] for name in gain]))
    for name, (least, most) in gains.items():
        value, tolerance = between(least, most)
        rows.append(
            Row(f"gain from 7 to 81 CL over the mean gain, {name}", "groups", value, gain[name] / mean,
                tolerance + 0.15,
                "derived", "Bullich 2021 (PMC8005243), Table 3", n_high, "the group maps win where they differ")
        )  # fmt: skip
    return rows


def subtypes(cohort: Measured) -> list[Row]:
    """Subtypes among people whose amyloid clearly lies in one lobe."""
    cl = cohort.people["centiloid"]
    low, _ = at_load(cohort, 0, 8)
    high, _ = at_load(cohort, GROUP_CENTILOID[1], 16)
    people = cohort.regions[cl > 19]
    lobes = {"frontal": LOBAR["frontal"], "parietal": (*LOBAR["parietal"], 25, 10, 23), "occipital": LOBAR["occipital"]}
    load = pd.DataFrame(
        {
            name: (people[_both(k)].mean(axis=1) - low[_both(k)].mean()) / (high[_both(k)] - low[_both(k)]).mean()
            for name, k in lobes.items()
        }
    )
    lead = load.max(axis=1) - (load.sum(axis=1) - load.max(axis=1)) / 2
    clear = lead > CLEAR_LEAD
    source = "Collij 2022 (PMC9071373), SuStaIn on 3,010 scans"
    n = len(people)
    rows = [
        Row("share with a clear subtype", "above 19 CL", 0.262, float(clear.mean()), 0.10, "read", source, n,
            f"here: one lobe's load ahead of the others' by {CLEAR_LEAD:g} of the positive map's")
    ]  # fmt: skip
    first = load[clear].idxmax(axis=1)
    for name, share in (("frontal", 0.527), ("parietal", 0.253), ("occipital", 0.22)):
        rows.append(
            Row(f"share of the {name} subtype", "clear subtype", share, float((first == name).mean()), 0.15,
                "derived" if name == "occipital" else "read", source, int(clear.sum()))
        )  # fmt: skip
    return rows


CLEAR_LEAD = 0.22


def _both(numbers: tuple[int, ...]) -> list[int]:
    return [first + k for first in (1000, 2000) for k in numbers]


def _ranged(low: float, high: float, simulated: float) -> tuple[float, float, float]:
    value, tolerance = between(low, high)
    return value, simulated, tolerance
