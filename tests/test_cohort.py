import functools
import operator
from dataclasses import replace

import numpy as np
import pytest

from petgen.case import Biomarkers, InputError
from petgen.cohort import biology, population
from petgen.cohort.anatomy import Anatomy, plain_contrast, template_anatomy
from petgen.cohort.evidence import CONSTANTS
from petgen.cohort.imaging_errors import ImagingErrors
from petgen.cohort.labels import PAIRS, brain_of, cortical_parcels, from_freesurfer, from_muse
from petgen.cohort.sources import gather
from petgen.cohort.splits import SPLITS, anatomies_of, split_anatomies
from petgen.cohort.subject import _mirrored, random_source, scan_person, simulate
from petgen.cohort.t1 import acquire_t1
from petgen.cohort.tracers import TRACERS
from petgen.imaging.grid import SHAPE
from petgen.quantify import composite_suvr

NO_ERRORS = ImagingErrors(*(np.zeros(3) for _ in range(4)), 0.0, 0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def brain():
    return template_anatomy()


@pytest.fixture(scope="module")
def people():
    return biology.draw(20_000, np.random.default_rng(0))


@pytest.mark.parametrize(("dx", "share"), [("CU", 0.154), ("MCI", 0.285), ("AD", 0.718)])
def test_share_above_12_centiloid_follows_huashan(people, dx, share):
    assert (people.loc[people["diagnosis"] == dx, "centiloid"] > 12).mean() == pytest.approx(share, abs=0.04)


@pytest.mark.parametrize(("name", "low", "high"), [("p_tau217", 0.88, 0.96), ("abeta42_40", 0.58, 0.70)])
def test_biomarkers_tell_amyloid_as_published(people, name, low, high):
    from sklearn.metrics import roc_auc_score

    auc = roc_auc_score(people["centiloid"] >= 25, people[name])
    assert low < max(auc, 1 - auc) < high


def test_everybody_drawn_has_plausible_values(people):
    seen = biology.hide_missing(people.head(500), np.random.default_rng(1))
    checked = [Biomarkers(**biology.values_of(row)) for _, row in seen.iterrows()]
    have = np.mean([person.p_tau217 is not None for person in checked])
    assert 0.2 < have < 0.45
    assert not any(name in person.measured() for person in checked for name in population.LATENT)


def test_ratio_shown_fits_its_parts(people):
    seen = biology.hide_missing(people.head(300), np.random.default_rng(2))
    both = seen.dropna(subset=["abeta40", "abeta42", "abeta42_40"])
    np.testing.assert_allclose(
        both["abeta42_40"].astype(float), (both["abeta42"] / both["abeta40"]).astype(float), rtol=1e-6
    )


def test_labels_of_muse_and_freesurfer_become_the_same():
    np.testing.assert_array_equal(from_muse(np.array([0, 47, 48, 81, 100, 207, 52])), [0, 53, 17, 41, 42, 3, 4])
    np.testing.assert_array_equal(from_freesurfer(np.array([[1025, 2025, 251, 507, 17]])), [[3, 42, 2, 0, 17]])


def test_brain_mask_bridges_sulci():
    labels = np.zeros((40, 40, 40), int)
    labels[8:32, 8:32, 8:32] = 3
    labels[19:21, 19:21, 20:32] = 0
    assert brain_of(labels)[20, 20, 25]
    assert not brain_of(labels)[2, 2, 2]


def test_a_folder_without_anatomies_is_refused(tmp_path):
    with pytest.raises(InputError, match="no anatomies"):
        gather(tmp_path, tmp_path / "cache")


def test_splits_share_no_draw():
    draws = [random_source(0, split, 3).random() for split in SPLITS]
    assert len(set(draws)) == len(SPLITS)
    assert random_source(0, "test", 3).random() == draws[SPLITS.index("test")]


@pytest.mark.parametrize("numbers", [(10, 10), (15, 20, 1), (3,), (1,)])
def test_anatomies_stand_in_one_split(tmp_path, numbers):
    files = [tmp_path / f"{source}-{i:02d}.npz" for source, n in zip("abc", numbers, strict=False) for i in range(n)]
    found = split_anatomies(files)
    assert sorted(functools.reduce(operator.iadd, found.values(), [])) == sorted(files)
    if min(numbers) >= 10:
        assert all({file.stem[0] for file in members} == {"a", "b"} for members in found.values())


def test_a_split_without_anatomies_says_why(tmp_path):
    splits = split_anatomies([tmp_path / "icbm152.npz"])
    with pytest.raises(InputError, match="no anatomy is left"):
        anatomies_of(splits, "test")
    with pytest.raises(InputError, match="Choose one of train"):
        anatomies_of(splits, "tets")


def test_every_constant_says_where_it_is_from():
    assert len(CONSTANTS) > 40
    assert all(constant.evidence in ("read", "derived", "assumed") and constant.source for constant in CONSTANTS)
    assert len({constant.name for constant in CONSTANTS}) == len(CONSTANTS)


@pytest.mark.parametrize(("dx", "low", "high"), [("MCI", 1.08, 1.56), ("AD", 1.98, 2.70)])
def test_hippocampal_effect_sizes_are_published_ones(people, dx, low, high):
    well, ill = (people["hippocampus"][people["diagnosis"] == name] for name in ("CU", dx))
    assert low < (well.mean() - ill.mean()) / np.sqrt((well.var() + ill.var()) / 2) < high


def test_neurodegeneration_goes_its_own_way(people):
    small = people["hippocampus"] < people["hippocampus"].quantile(0.3)
    positive = people["centiloid"] > 25
    assert 0.03 < (positive & ~small).mean() < 0.2
    assert 0.1 < (~positive & small).mean() < 0.3


def test_subtypes_and_sides(people):
    shares = people["subtype"].value_counts(normalize=True)
    assert shares["frontal"] == pytest.approx(0.53, abs=0.02)
    high, low = people["asymmetry"][people["centiloid"] > 80].std(), people["asymmetry"][people["centiloid"] < 5].std()
    assert high < low / 2


def test_shares_of_tissue_fill_the_brain(brain):
    whole = brain.grey + brain.white + brain.csf
    assert whole[brain.mask].min() > 0.99
    assert whole.max() < 1.01
    assert brain.grey[np.isin(brain.tissue, (17, 53))].mean() > 0.9
    assert not brain.grey[~brain.mask].any()


def test_an_anatomy_comes_back_from_disk(brain, tmp_path):
    brain.save(tmp_path / "icbm152.npz")
    back = Anatomy.load(tmp_path / "icbm152.npz")
    for name in ("tissue", "grey_label", "white_label", "parcels", "mask", "cortex", "cerebellum"):
        np.testing.assert_array_equal(getattr(back, name), getattr(brain, name))
    np.testing.assert_allclose(back.grey, brain.grey, atol=2e-3)
    np.testing.assert_allclose(back.t1, brain.t1, atol=2e-3)


def test_cortex_takes_the_name_next_to_it_in_its_own_hemisphere(brain):
    plain = from_freesurfer(brain.tissue)
    np.testing.assert_array_equal(cortical_parcels(plain, brain.tissue), brain.tissue)


def test_plain_contrast_orders_tissue(brain):
    t1 = plain_contrast(brain.tissue)
    assert t1.shape == SHAPE
    means = [t1[np.isin(brain.tissue, labels)].mean() for labels in ((4, 43), (1028, 2028), (2, 41))]
    assert means == sorted(means)


def test_mirroring_twice_changes_nothing_and_once_swaps_sides(brain):
    once = _mirrored(brain)
    again = _mirrored(once)
    for name in ("tissue", "parcels", "grey_label", "white_label", "mask"):
        np.testing.assert_array_equal(getattr(again, name), getattr(brain, name))
        assert getattr(once, name).dtype == getattr(brain, name).dtype
    for left, right in PAIRS[:4]:
        assert (once.tissue == left).sum() == (brain.tissue == right).sum()


@pytest.mark.parametrize("with_t1", [True, False])
def test_t1_follows_the_intensity_convention(brain, with_t1):
    source = brain if with_t1 else replace(brain, t1=None)
    errors = replace(NO_ERRORS, log_white=np.log(0.9))
    t1, mask = acquire_t1(source, errors, np.random.default_rng(7))
    white = np.isin(source.tissue, (2, 41))
    assert np.median(t1[white]) == pytest.approx(0.9, abs=0.02)
    assert np.median(t1[np.isin(source.tissue, (4, 43))]) < 0.6
    assert not t1[~mask].any()
    assert 0 <= t1.min() < t1.max() <= 2


@pytest.mark.parametrize("border_mm", [-2.0, 0.0, 3.0])
def test_mask_errors_move_the_border(brain, border_mm):
    from petgen.cohort.imaging_measure import border

    _, mask = acquire_t1(brain, replace(NO_ERRORS, border_mm=border_mm), np.random.default_rng(8))
    moved, _ = border(mask, brain.mask)
    assert moved == pytest.approx(border_mm, abs=0.9)


def test_bias_left_over_is_as_large_as_asked(brain):
    from scipy.ndimage import binary_erosion

    from petgen.cohort.imaging_measure import low_passed_spread

    white = binary_erosion(np.isin(brain.tissue, (2, 41)))
    flat, biased = (
        acquire_t1(replace(brain, t1=None), replace(NO_ERRORS, bias_sd=sd), np.random.default_rng(9))[0]
        for sd in (0.0, 0.08)
    )
    spread = low_passed_spread(np.log(np.maximum(biased, 0.1)) - np.log(np.maximum(flat, 0.1)), white)
    assert spread == pytest.approx(0.08, abs=0.03)


@pytest.fixture(scope="module")
def person(brain):
    return simulate([brain], "train", 0)


def test_a_person_is_reproducible(brain, person):
    again, other = simulate([brain], "train", 0), simulate([brain], "train", 1)
    np.testing.assert_array_equal(person.pet, again.pet)
    np.testing.assert_array_equal(person.t1, again.t1)
    assert person.values == again.values
    assert person.truth == again.truth
    assert person.truth != other.truth


def test_an_aligned_pet_differs_in_place_alone(brain, person):
    aligned = simulate([brain], "train", 0, aligned=True)
    np.testing.assert_array_equal(aligned.t1, person.t1)
    assert aligned.truth == person.truth
    assert np.abs(aligned.pet - person.pet).max() > 0
    assert np.corrcoef(aligned.pet[person.mask], person.pet[person.mask])[0, 1] > 0.97


def test_a_person_is_of_one_piece(person):
    assert person.centiloid == pytest.approx(person.truth["load"], abs=15)
    assert not person.pet[~person.mask].any()
    assert not person.t1[~person.mask].any()
    assert person.parcels.dtype == person.tissue.dtype == np.int32
    assert person.cortex.any()
    assert not (person.cortex & ~person.mask).any()


@pytest.mark.parametrize("name", ["florbetaben", "flutemetamol"])
def test_other_tracers_measure_the_load_by_their_own_line(brain, people, name):
    chosen = people[people["centiloid"] > 60].iloc[0]
    tracer = TRACERS[name]
    found = scan_person(brain, Biomarkers(), chosen, np.random.default_rng(3), tracer)
    assert found.centiloid == pytest.approx(chosen["centiloid"], abs=15)
    suvr = composite_suvr(found.pet, found.cortex, found.cerebellum)
    assert found.centiloid == pytest.approx(tracer.equation.slope * suvr + tracer.equation.intercept)
    assert tracer.suvr(tracer.centiloid(1.3)) == pytest.approx(1.3)
