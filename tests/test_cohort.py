import functools
import operator

import numpy as np
import pytest

from petgen.case import Biomarkers, InputError
from petgen.cohort import biology
from petgen.cohort.anatomy import Anatomy, gather, plain_contrast, template_anatomy
from petgen.cohort.deform import deform
from petgen.cohort.labels import brain_of, cortical_parcels, from_freesurfer, from_muse
from petgen.cohort.pool import read_subject, write_pool
from petgen.cohort.scanner import acquire_pet
from petgen.cohort.subject import random_source, scan_person, simulate, split_anatomies
from petgen.imaging.grid import SHAPE
from petgen.quantify import centiloid, composite_suvr


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
    assert 0.35 < have < 0.65
    assert not any(name in person.measured() for person in checked for name in biology.LATENT)


def test_ratio_shown_fits_its_parts(people):
    seen = biology.hide_missing(people.head(300), np.random.default_rng(2))
    both = seen.dropna(subset=["abeta40", "abeta42", "abeta42_40"])
    np.testing.assert_allclose(
        both["abeta42_40"].astype(float), (both["abeta42"] / both["abeta40"]).astype(float), rtol=1e-6
    )


def test_splits_share_no_draw():
    draws = [random_source(0, split, 3).random() for split in ("train", "validation", "test")]
    assert len(set(draws)) == 3
    assert random_source(0, "test", 3).random() == draws[2]


def test_anatomies_stand_in_one_split(tmp_path):
    files = [tmp_path / f"{source}-{i:02d}.npz" for source in ("a", "b") for i in range(10)]
    found = split_anatomies(files)
    assert sorted(functools.reduce(operator.iadd, found.values(), [])) == files
    assert {file.stem[0] for file in found["test"]} == {"a", "b"}


def test_labels_of_muse_and_freesurfer_become_the_same():
    np.testing.assert_array_equal(from_muse(np.array([0, 47, 48, 81, 100, 207, 52])), [0, 53, 17, 41, 42, 3, 4])
    np.testing.assert_array_equal(from_freesurfer(np.array([[1025, 2025, 251, 507, 17]])), [[3, 42, 2, 0, 17]])


def test_brain_mask_bridges_sulci():
    labels = np.zeros((40, 40, 40), int)
    labels[8:32, 8:32, 8:32] = 3
    labels[19:21, 19:21, 20:32] = 0
    assert brain_of(labels)[20, 20, 25]
    assert not brain_of(labels)[2, 2, 2]


def test_cortex_takes_the_name_next_to_it_in_its_own_hemisphere(brain):
    plain = from_freesurfer(brain.parcels)
    named = cortical_parcels(plain, brain.parcels)
    np.testing.assert_array_equal(named, brain.parcels)


def test_pet_measures_the_load_it_was_given(brain):
    for load in (-5.0, 20.0, 80.0):
        pet = acquire_pet(brain, load, np.random.default_rng(4))
        assert centiloid(composite_suvr(pet, brain.cortex, brain.cerebellum)) == pytest.approx(load, abs=8)
        assert pet.min() >= 0
        assert not pet[~brain.mask].any()


def test_negative_is_white_and_positive_has_cortex(brain):
    low, high = (acquire_pet(brain, load, np.random.default_rng(5)) for load in (0.0, 90.0))
    white, cortex = np.isin(brain.parcels, (2, 41)), np.isin(brain.parcels, (1025, 2025, 1028, 2028))
    assert low[white].mean() > low[cortex].mean() + 0.3
    assert high[cortex].mean() > low[cortex].mean() + 0.3


def test_atrophy_widens_ventricles_and_shrinks_the_hippocampus(brain):
    well, ill = (deform(brain, z, np.random.default_rng(6), spread_mm=0.5) for z in (0.5, -4.0))
    for labels, grows in (((4, 43), True), ((17, 53), False)):
        before, after = (np.isin(b.parcels, labels).sum() for b in (well, ill))
        assert (after > before) == grows


def test_a_person_is_reproducible_and_kept(brain, tmp_path):
    first = simulate([brain], "train", 0)
    again = simulate([brain], "train", 0)
    np.testing.assert_array_equal(first.pet, again.pet)
    np.testing.assert_array_equal(first.t1, again.t1)
    assert first.values == again.values
    file = tmp_path / "brain.npz"
    brain.save(file)
    (path,) = write_pool(tmp_path / "pool", [file], "train", [0])
    kept = read_subject(path)
    assert kept.values == first.values
    np.testing.assert_array_equal(kept.mask, first.mask)
    np.testing.assert_allclose(kept.pet, first.pet, atol=2e-3)


def test_t1_follows_the_intensity_convention(brain):
    labels_only = Anatomy("labels", brain.parcels, brain.mask, brain.cortex, brain.cerebellum)
    for source in (brain, labels_only):
        person = scan_person(source, Biomarkers(), 0.0, -1.0, np.random.default_rng(7))
        white = np.isin(person.parcels, (2, 41)) & person.mask
        assert np.median(person.t1[white]) == pytest.approx(1, abs=0.08)
        assert not person.t1[~person.mask].any()


def test_plain_contrast_orders_tissue(brain):
    t1 = plain_contrast(brain.parcels)
    assert t1.shape == SHAPE
    means = [t1[np.isin(brain.parcels, labels)].mean() for labels in ((4, 43), (1028, 2028), (2, 41))]
    assert means == sorted(means)


def test_a_folder_without_anatomies_is_refused(tmp_path):
    with pytest.raises(InputError, match="no anatomies"):
        gather(tmp_path, tmp_path / "cache")
