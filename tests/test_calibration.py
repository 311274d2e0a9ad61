import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from petgen.assets import asset
from petgen.benchmark.calibration import Row, amyloid, regions, scans, summary, values, write_report
from petgen.benchmark.calibration.histograms import EDGES, draw_histograms, histograms
from petgen.benchmark.calibration.measure import Measured, measure
from petgen.benchmark.calibration.report import _markdown
from petgen.case import InputError
from petgen.cohort import biology, population
from petgen.cohort.anatomy import template_anatomy
from petgen.cohort.dataset import read_subject
from petgen.cohort.run import simulate_into
from petgen.cohort.uptake_fit import comparable
from petgen.quantify import composite_suvr, regional_suvr
from petgen.quantify.groups import group_means


@pytest.fixture(scope="module")
def brain_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("anatomies") / "icbm152.npz"
    template_anatomy().save(path)
    return path


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, brain_file):
    root = tmp_path_factory.mktemp("cohort")
    list(simulate_into(root, [brain_file], "train", 3))
    return root


@pytest.fixture(scope="module")
def cohort():
    """People of the biology whose regions lie on the line between the two group maps."""
    rng = np.random.default_rng(0)
    drawn = biology.draw(6000, rng)
    seen = biology.hide_missing(drawn, rng)
    people = pd.DataFrame({name: pd.to_numeric(seen[name]) for name in seen if name not in (*population.LATENT, "sex")})
    people = people.assign(sex=seen["sex"], diagnosis=drawn["diagnosis"], hippocampus=drawn["hippocampus"])
    people["centiloid"] = drawn["centiloid"] + rng.normal(0, 3, len(people))
    people["composite"] = (people["centiloid"] + 186.95) / 179.64
    rows = group_means()[lambda t: comparable(t)]
    share = ((people["centiloid"] + 0.3) / 83.1).to_numpy()[:, None]
    suvr = rows["negative"].to_numpy() * (1 - share) + rows["positive"].to_numpy() * share
    noisy = suvr + rng.normal(0, 0.03, suvr.shape)
    return Measured(people, pd.DataFrame(noisy, index=people.index, columns=rows["label"]))


def _named(rows, quantity, group=None):
    return next(row for row in rows if row.quantity == quantity and group in (None, row.group))


def test_a_row_knows_whether_it_agrees():
    row = Row("q", "g", 1.0, 1.05, 0.05, "read", "s", 10)
    assert row.within_tolerance
    assert not replace(row, simulated=1.06).within_tolerance
    assert json.loads(json.dumps(row.record()))["within_tolerance"] is True
    text = summary([row, replace(row, simulated=2), replace(row, evidence="assumed")])
    assert text.startswith("1 of 2 rows")


def test_images_are_measured_through_masks_and_atlas(dataset):
    told: list[int] = []
    names = ["train00000", "train00001", "train00002"]
    measured = measure(dataset, names, told.append)
    assert told == [1, 2, 3]
    for name in names:
        subject = read_subject(dataset, name)
        person = measured.people.loc[name]
        assert person["composite"] == pytest.approx(composite_suvr(subject.pet, subject.cortex, subject.cerebellum))
        table = regional_suvr(subject.pet, subject.parcels).set_index("index")["suvr"]
        assert measured.regions.loc[name, 1025] == pytest.approx(table[1025])
        assert person["pons"] > person["cerebellar_grey"]
        assert person["deep_white"] > 1.2
        assert 0.9 < person["cerebellum_and_brainstem"] < 1.2
    assert (measured.positive == (measured.people["centiloid"] >= 25)).all()


def test_biology_agrees_with_what_is_published(cohort):
    rows = [*amyloid.demography(cohort), *amyloid.distribution(cohort), *values.discrimination(cohort)]
    winners = [
        *(_named(rows, "share above 12 CL", group) for group in ("CU", "MCI", "AD")),
        _named(rows, "Centiloid, mean (CL)", "AD"),
        _named(rows, "AUC of p_tau217"),
        _named(rows, "AUC of the paper's seven blood values"),
        _named(rows, "two Gaussians fit better than one (1 = BIC lower)"),
        *values.hippocampus(cohort)[:2],
    ]
    assert [row.quantity for row in winners if not row.within_tolerance] == []
    assert all(np.isfinite(row.simulated) and row.n > 100 for row in rows)


def test_correlations_have_the_published_signs(cohort):
    for row in values.correlations(cohort):
        assert np.sign(row.simulated) == np.sign(row.published), row.quantity


def test_regions_on_the_group_maps_agree_and_others_do_not(cohort):
    good = regions.against_group_maps(cohort)
    assert all(row.within_tolerance for row in good)
    hot = cohort.regions.copy()
    hot[1025] += 0.3
    worse = regions.against_group_maps(Measured(cohort.people, hot))
    row = _named(worse, "largest difference of a region (SUVR)", "negative at -0.3 CL")
    assert not row.within_tolerance
    assert "precuneus" in row.note


def test_one_lobe_ahead_counts_as_a_subtype(cohort):
    lifted = cohort.regions.copy()
    chosen = cohort.people.index[cohort.people["centiloid"] > 19][::2]
    occipital = [first + k for first in (1000, 2000) for k in regions.LOBAR["occipital"]]
    lifted.loc[chosen, occipital] += 0.3
    share, *kinds = regions.subtypes(Measured(cohort.people, lifted))
    assert share.simulated > 0.4
    assert {row.quantity: row.simulated for row in kinds}["share of the occipital subtype"] > 0.75


def test_the_scanner_is_what_it_says(brain_file):
    rows = scans.scans([brain_file], pairs=8)
    assert _named(rows, "resolution of the harmonised image (mm FWHM)").within_tolerance
    assert 2.5 < _named(rows, "voxel noise after smoothing to 8 mm (%)").simulated < 5.5
    assert 0 < _named(rows, "test-retest of the composite, mean change (%)", "controls").simulated < 6


def test_another_process_simulates_the_same_person(dataset, brain_file):
    from petgen.cohort.anatomy import Anatomy
    from petgen.cohort.subject import simulate

    kept, made = read_subject(dataset, "train00001"), simulate([Anatomy.load(brain_file)], "train", 1)
    np.testing.assert_allclose(kept.pet, made.pet, atol=6e-4)
    np.testing.assert_array_equal(kept.mask, made.mask)
    assert kept.values == made.values


def test_too_few_people_are_refused(dataset, tmp_path):
    with pytest.raises(InputError, match="too few"):
        write_report(dataset, tmp_path, print)


def test_histograms_beside_each_other(dataset, tmp_path):
    content = histograms([asset("cases") / "demo01" / "T1w.nii.gz"], dataset, ["train00000", "train00001"])
    assert len(content["edges"]) == len(EDGES)
    assert sum(content["real"]["T1w"]) == pytest.approx(1, abs=0.01)
    draw_histograms(content, tmp_path / "h.png")
    assert (tmp_path / "h.png").read_bytes()[:4] == b"\x89PNG"


def test_the_bundled_table_is_honest():
    kept = json.loads(asset("benchmark", "calibration.json").read_text(encoding="utf-8"))
    assert kept["provenance"] == "simulated-cohort"
    rows = [Row(**{name: row[name] for name in Row.__dataclass_fields__}) for row in kept["rows"]]
    backed = [row for row in rows if row.evidence != "assumed"]
    assert len(backed) >= 40
    assert [row.within_tolerance for row in rows] == [row["within_tolerance"] for row in kept["rows"]]
    assert sum(row.within_tolerance for row in backed) >= 0.85 * len(backed)
    for group in ("negative at -0.3 CL", "positive at 82.8 CL"):
        assert _named(rows, "largest difference of a region (SUVR)", group).within_tolerance
        r = next(row for row in rows if row.quantity.startswith("r over") and row.group == group)
        assert r.simulated >= 0.95
    text = asset("benchmark", "calibration.md").read_text(encoding="utf-8")
    assert text.count("\n| ") > len(rows)
    assert "SIMULATED" in text
    assert f"{rows[0].simulated:.4g}" in _markdown(kept, rows)
