import numpy as np
import pytest

from petgen.case import InputError
from petgen.imaging.grid import SHAPE, template_grey_matter, template_mask, template_white_matter
from petgen.quantify import (
    EQUATIONS,
    centiloid,
    centiloid_cortex,
    composite_suvr,
    equation_of,
    normalise_to_cerebellum,
    parcellation,
    regional_suvr,
    regions,
    whole_cerebellum,
    zone,
)
from petgen.quantify.tissue import PLACES, TISSUE_NAMES, tissue_shares


def test_atlas_and_masks_lie_on_the_working_grid():
    assert parcellation().shape == centiloid_cortex().shape == whole_cerebellum().shape == SHAPE


def test_centiloid_masks_overlie_cortex_and_cerebellum():
    labels = parcellation()
    cerebellar = np.isin(labels[whole_cerebellum()], (7, 8, 46, 47))
    assert cerebellar.mean() > 0.7
    assert (labels[centiloid_cortex()] >= 1000).mean() > 0.25
    assert not (centiloid_cortex() & whole_cerebellum()).any()


def test_regions_are_paired_and_named_once():
    names = {(region.name, region.hemisphere) for region in regions()}
    assert len(names) == len(regions())
    assert all((name, "R") in names for name, side in names if side == "L")
    assert sum(region.index >= 1000 for region in regions()) == 68


def test_left_is_left():
    labels = parcellation()
    left = np.argwhere((labels > 1000) & (labels < 2000))[:, 0].mean()
    right = np.argwhere(labels > 2000)[:, 0].mean()
    assert left < SHAPE[0] / 2 < right


def test_regional_means_are_means():
    labels = parcellation()
    suvr = np.where(labels == 1025, 1.7, 1.0)
    table = regional_suvr(suvr, labels).set_index("index")
    assert table.loc[1025, "suvr"] == pytest.approx(1.7)
    assert table.loc[1024, "suvr"] == pytest.approx(1.0)
    assert table.loc[1025, "volume_ml"] == pytest.approx((labels == 1025).sum() * 0.008)


def test_a_lost_region_has_no_suvr():
    labels = np.where(parcellation() == 2035, 0, parcellation())
    row = regional_suvr(np.ones(SHAPE), labels).set_index("index").loc[2035]
    assert row["volume_ml"] == 0
    assert np.isnan(row["suvr"])


def test_cerebellum_becomes_one_whatever_the_unit():
    pet = np.random.default_rng(0).uniform(900, 1100, SHAPE)
    assert normalise_to_cerebellum(pet, whole_cerebellum())[whole_cerebellum()].mean() == pytest.approx(1, abs=1e-4)
    with pytest.raises(InputError, match="cerebellum"):
        normalise_to_cerebellum(np.zeros(SHAPE), whole_cerebellum())


def test_composite_does_not_depend_on_scale():
    pet = np.where(centiloid_cortex(), 1.4, 1.0)
    for scale in (1, 250):
        assert composite_suvr(pet * scale, centiloid_cortex(), whole_cerebellum()) == pytest.approx(1.4)


def test_huashan_line_meets_gaain_anchors_and_the_published_cut_off():
    assert centiloid(1.043) == pytest.approx(0, abs=1.0)
    assert centiloid(1.601) == pytest.approx(100, abs=1.5)


@pytest.mark.parametrize(
    ("value", "name"), [(9.9, "negative"), (10, "intermediate"), (30, "intermediate"), (30.1, "positive")]
)
def test_zones(value, name):
    assert zone(value) == name


def test_tissue_follows_the_scan():
    t1, mask = (template_white_matter() + 0.7 * template_grey_matter()).astype(np.float32), template_mask()
    rng = np.random.default_rng(0)
    t1 = np.where(mask, np.clip(np.maximum(t1, 0.25) + rng.normal(0, 0.03, t1.shape), 0, 2), 0).astype(np.float32)
    found = dict(zip(TISSUE_NAMES, tissue_shares(t1, mask), strict=True))
    assert len(found) == 2 * len(PLACES)
    assert all(0 <= share < 0.3 for share in found.values())
    assert found["grey matter frontal"] > found["grey matter occipital"] > found["grey matter mesial temporal"]
    hippocampal = np.isin(parcellation(), (17, 53))
    shrunk = dict(zip(TISSUE_NAMES, tissue_shares(np.where(hippocampal, np.float32(0.25), t1), mask), strict=True))
    assert shrunk["grey matter mesial temporal"] < 0.9 * found["grey matter mesial temporal"]
    assert shrunk["CSF mesial temporal"] > found["CSF mesial temporal"]


def test_zones_can_be_cut_elsewhere():
    assert [zone(value, (15, 40)) for value in (12, 15, 40, 41)] == [
        "negative",
        "intermediate",
        "intermediate",
        "positive",
    ]


@pytest.mark.parametrize(
    ("tracer", "zero", "hundred"),
    [
        ("florbetapir", 1.043, 1.601),
        ("florbetaben", 1.01, 1.66),
        ("flutemetamol", 0.998, 1.82),
        ("PiB", 1.009, 2.076),
        ("NAV4694", 1.028, 2.202),
    ],
)
def test_equations_meet_their_anchors(tracer, zero, hundred):
    equation = EQUATIONS[tracer]
    assert equation.suvr(0) == pytest.approx(zero, abs=0.01)
    assert equation.suvr(100) == pytest.approx(hundred, abs=0.01)
    assert equation.centiloid(equation.suvr(37)) == pytest.approx(37)
    assert tracer in equation.words
    assert "not validated" in equation.words


def test_a_tracer_is_found_however_it_is_written_and_others_are_refused():
    assert equation_of(" Florbetapir ") is EQUATIONS["florbetapir"]
    with pytest.raises(InputError, match="no Centiloid equation for the tracer 'FDG'"):
        equation_of("FDG")
