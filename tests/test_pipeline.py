import json
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import torch
from guarded.loopback import LOG, loopback_only
from scipy.ndimage import binary_dilation
from scipy.spatial.transform import Rotation

from petgen import pipeline
from petgen.assess import what_if
from petgen.assets import asset
from petgen.case import SYNTHETIC, Case, InputError, Result, Step, Synthesis, check_biomarkers, values_checksum
from petgen.checksums import listed
from petgen.demos import demo_cases, demo_pet
from petgen.generator.at_load import at_load
from petgen.generator.synthesise import encode
from petgen.imaging import scan_checksum
from petgen.imaging.grid import AFFINE, SHAPE
from petgen.imaging.pet import read_pet
from petgen.imaging.prepare import Prepared
from petgen.imaging.register import resample
from petgen.models import WEIGHTS, load_models
from petgen.quantify import centiloid, composite_suvr
from petgen.report import make_report, write_outputs
from petgen.verify import verify

GUARDED = Path(__file__).parent / "guarded"
POSITIVE = {
    "age": 74, "sex": "F", "education": 12, "mmse": 24, "abeta42_40": 0.025, "p_tau181": 3.1, "p_tau217": 0.71,
    "nfl": 24, "gfap": 190,
}  # fmt: skip
NEGATIVE = {
    "age": 66, "sex": "F", "education": 12, "mmse": 29, "abeta42_40": 0.048, "p_tau181": 1.0, "p_tau217": 0.20,
    "nfl": 12, "gfap": 90,
}  # fmt: skip


@pytest.fixture(scope="module")
def guard():
    """No way out but loopback, for as long as the models of this module are there; what was tried."""
    with loopback_only() as attempts:
        yield attempts


@pytest.fixture(scope="module")
def models(guard):
    return load_models()


@pytest.fixture(scope="module")
def demo():
    return demo_cases()[0]


def _run(models, demo, values, seed=0, **pets) -> tuple[list[Step], Synthesis]:
    from petgen.imaging import read_scan

    scan = read_scan(demo.t1)
    case = Case(scan.image, check_biomarkers(values), "TEST", seed, **pets)
    events = list(pipeline.synthesize(case, models))
    return events[:-1], events[-1]


@pytest.fixture(scope="module")
def own_pet(demo, tmp_path_factory):
    """The demo's reference PET as a scanner might give it: turned, shifted, 2.5 mm voxels, counts, as a file."""
    away = np.eye(4)
    away[:3, :3] = Rotation.from_euler("xyz", [9, -6, 5], degrees=True).as_matrix()
    away[:3, 3] = [8, -5, 6]
    affine = np.diag([2.5, 2.5, 2.5, 1.0])
    affine[:3, 3] = [-110, -140, -90]
    counts = 3000 * resample(nib.load(demo.reference_pet), np.linalg.inv(away), affine, (88, 100, 80), order=3)
    file = tmp_path_factory.mktemp("pet") / "pet.nii.gz"
    nib.save(nib.Nifti1Image(counts, affine), file)
    return read_pet(file).image


@pytest.fixture(scope="module")
def positive(models, demo, own_pet):
    return _run(models, demo, POSITIVE, pet=own_pet, pet_warnings=("The mean of 2 time points was taken.",))


def test_what_the_pet_was_warned_of_is_told_and_does_not_dim_the_light(positive):
    result = positive[1].result
    assert "PET: The mean of 2 time points was taken." in result.warnings
    assert not any("time points" in reason for reason in result.light.reasons)


def test_steps_are_told_in_order(positive):
    steps, _ = positive
    assert [step.name for step in steps] == list(pipeline.STEPS)
    assert [step.index for step in steps] == list(range(1, len(pipeline.STEPS) + 1))


def test_a_pet_of_ones_own_keeps_its_centiloid_through_move_and_grid(positive, demo):
    _, synthesis = positive
    on = pipeline.atlas_on(_prepared(synthesis), 0)
    there = resample(nib.load(demo.reference_pet), synthesis.matrix, AFFINE, SHAPE) * synthesis.mask
    in_place = centiloid(composite_suvr(there, on.cortex, on.cerebellum))
    found = synthesis.result.reference
    assert found.centiloid == pytest.approx(in_place, abs=2)
    assert 6.5 < found.fwhm_mm < 10.5
    assert found.tracer == "florbetapir"
    assert found.regional_r > 0.8
    assert found.ssim_brain > 0.85
    assert found.reading is not None
    assert synthesis.reference[on.cerebellum].mean() == pytest.approx(1, abs=0.01)
    assert synthesis.regions["suvr_reference"].notna().all()


def _prepared(synthesis) -> Prepared:
    return Prepared(synthesis.t1, synthesis.mask, synthesis.matrix, 1.0, True, ())


def test_what_went_in_is_recorded(positive, demo, own_pet):
    from petgen.imaging import read_scan

    found = positive[1].result.made_from
    assert found.model == "petgen"
    assert found.weights == {name: listed(asset("weights"))[name] for name in WEIGHTS}
    assert found.scan_sha256 == read_scan(demo.t1).sha256
    assert found.pet_sha256 == scan_checksum(own_pet)
    assert found.values_sha256 == values_checksum(check_biomarkers(dict(reversed(POSITIVE.items()))))
    assert found.values_sha256 != values_checksum(check_biomarkers(NEGATIVE))


def test_scores_and_their_reasons_are_given(positive):
    result = positive[1].result
    assert result.light.level in ("green", "amber")
    known = dict(result.p_amyloid_positive)
    assert all(0 < value < 1 for value in known.values())
    assert known["inputs"] > 0.5
    assert {effect.name for effect in result.effects} == set(POSITIVE)
    assert result.effects[0].name == "p_tau217"
    assert result.drivers
    assert result.quality.similarity > 0.85
    assert result.quality.already_stripped
    assert f"{result.centiloid:.0f} Centiloids" in result.summary


def test_the_synthesis_is_whole(positive):
    _, synthesis = positive
    assert synthesis.suvr.shape == synthesis.t1.shape == synthesis.parcellation.shape == SHAPE
    assert (synthesis.suvr[~synthesis.mask] == 0).all()
    assert (synthesis.suvr >= 0).all()
    assert synthesis.regions["suvr"].notna().all()
    assert "0.71 pg/mL" in synthesis.prompt
    assert set(pipeline.STEPS) | {"total"} == set(synthesis.result.timings_s)
    assert synthesis.result.provenance == "simulated-cohort"


def test_values_decide_the_amyloid(models, demo, positive):
    steps, low = _run(models, demo, NEGATIVE)
    high = positive[1]
    assert pipeline.OWN_PET not in [step.name for step in steps]
    assert low.reference is None
    assert high.result.centiloid > 30
    assert high.result.amyloid_status == "positive"
    assert low.result.centiloid < 15
    cortex, white = (np.isin(low.parcellation, labels) for labels in ((1028, 2028, 1027, 2027), (2, 41)))
    assert low.suvr[white].mean() > low.suvr[cortex].mean() + 0.2
    assert high.suvr[cortex].mean() > low.suvr[cortex].mean() + 0.15


@pytest.fixture(scope="module")
def vague(models, demo):
    """A patient of whom only age and sex are known, run on a graphics card that has no room for the image."""
    full = iter([torch.OutOfMemoryError("CUDA out of memory")])

    def encode_once_full(network, t1, parcels):
        for error in full:
            raise error
        return encode(network, t1, parcels)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "encode", encode_once_full)
        return _run(models, demo, {"age": 70, "sex": "M"}, simulated_pet=demo_pet(demo))[1]


def test_a_full_graphics_card_is_told_and_the_processor_takes_over(vague, positive):
    assert pipeline.NO_ROOM in vague.result.warnings
    assert vague.result.device == "cpu"
    assert pipeline.NO_ROOM not in positive[1].result.warnings


def test_what_the_inputs_leave_open_is_told(positive, vague):
    for synthesis in (positive[1], vague):
        result = synthesis.result
        sides = result.scenarios
        assert sides.negative.weight + sides.positive.weight == pytest.approx(1)
        assert sum(result.posterior.probabilities) == pytest.approx(1, abs=1e-4)
        assert sides.negative.centiloid < 27 < sides.positive.centiloid + 5
        low, high = result.intervals["centiloid"]
        assert low < result.posterior.median < high
        assert result.centiloid == pytest.approx(result.posterior.median, abs=8)
        cortex = np.isin(synthesis.parcellation, (1028, 2028, 1027, 2027))
        assert synthesis.negative[cortex].mean() < synthesis.positive[cortex].mean()
        assert not synthesis.spread[~synthesis.mask].any()
        assert (synthesis.regions["suvr_low"] < synthesis.regions["suvr_high"]).all()
    narrow, wide = (s.result.intervals["centiloid"] for s in (positive[1], vague))
    assert vague.result.scenarios.negative.weight > positive[1].result.scenarios.negative.weight
    assert wide[0] < narrow[0]
    assert vague.spread.max() > 0.05


def test_dragging_a_value_moves_the_centiloid_one_way(models, positive):
    synthesis = positive[1]
    on = pipeline.atlas_on(synthesis, 0)
    encoded = encode(models.network, synthesis.t1, on.parcels)
    seen = []
    for value in (0.1, 0.3, 0.5, 0.8, 1.4):
        values = check_biomarkers({"age": 72, "sex": "F", "mmse": 27, "p_tau217": value})
        found = what_if(models.network, encoded, on, models.conditioning, values, models.intervals)
        assert found.regions_interval is None
        seen.append(found.centiloid)
    assert all(after > before - 1 for before, after in pairwise(seen))
    assert seen[-1] > seen[0] + 30
    features = models.conditioning.features(values)
    loads = [0.0, 30.0, 60.0, 90.0]
    made = [
        centiloid(composite_suvr(at_load(models.network, encoded, on, features, load), on.cortex, on.cerebellum))
        for load in loads
    ]
    np.testing.assert_allclose(made, loads, atol=3)


def test_same_input_and_seed_give_the_same_result(models, demo, positive, tmp_path):
    """The second time without the PET of the patient's own, on which the synthetic one does not depend."""
    write_outputs(positive[1], tmp_path)
    told = []
    verdict = verify(tmp_path, demo.t1, lambda name: models, told.append)
    assert verdict.confirmed, verdict.differing
    assert all(check.fine for check in verdict.checks)
    assert any("Generator" in text for text in told)


def test_a_case_with_only_age_and_sex_says_how_little_it_knows(vague):
    assert any("says little" in warning for warning in vague.result.warnings)
    assert vague.result.p_amyloid_positive.bbm is None


def test_everything_is_written_and_marked(positive, tmp_path):
    files = write_outputs(positive[1], tmp_path)
    assert {file.name for file in files} == {
        "sub-TEST_space-MNI152NLin2009aSym_desc-synthetic_pet.nii.gz",
        "sub-TEST_space-T1w_desc-synthetic_pet.nii.gz",
        "sub-TEST_space-MNI152NLin2009aSym_desc-brain_T1w.nii.gz",
        "sub-TEST_space-MNI152NLin2009aSym_desc-reference_pet.nii.gz",
        *(
            f"sub-TEST_space-MNI152NLin2009aSym_{kind}.nii.gz"
            for kind in ("label-brain_mask", "label-cortex_mask", "label-cerebellum_mask", "desc-atlas_dseg")
        ),
        *(
            f"sub-TEST_space-MNI152NLin2009aSym_desc-synthetic{kind}_pet.nii.gz"
            for kind in ("Negative", "Positive", "Spread")
        ),
        "sub-TEST_desc-registration_T1w.png",
        "sub-TEST_desc-mask_T1w.png",
        "regions.tsv",
        "prompt.txt",
        "values.json",
        "result.json",
    }
    pet = nib.load(files[0])
    described = pet.header["descrip"].tobytes().rstrip(b"\0").decode()
    assert described.startswith("SYNTHETIC, not for diagnosis; petgen")
    assert positive[1].result.made_from.scan_sha256[:8] in described
    assert pet.get_data_dtype() == np.float32
    np.testing.assert_allclose(pet.affine, AFFINE)
    sidecar = json.loads((tmp_path / files[1].name.replace(".nii.gz", ".json")).read_text())
    assert SYNTHETIC in sidecar["Description"]
    assert Result.model_validate_json((tmp_path / "result.json").read_text()) == positive[1].result


def test_nothing_beyond_the_brain_is_written(positive, tmp_path):
    """Volumes end at the brain mask; only a picture shows the 10 mm around it, in twelve slices."""
    inside = positive[1].mask
    write_outputs(positive[1], tmp_path)
    volumes = list(tmp_path.glob("*.nii.gz"))
    on_template = [nib.load(file) for file in volumes if "space-MNI152NLin2009aSym" in file.name]
    assert len(on_template) == len(volumes) - 1
    assert all(not np.asarray(image.dataobj)[~inside].any() for image in on_template)
    native = np.asarray(positive[1].suvr_native.dataobj)
    reached = resample(positive[1].suvr_native, positive[1].matrix, AFFINE, SHAPE)
    assert native.any()
    assert not (reached > 0.05)[~binary_dilation(inside, iterations=2)].any()
    assert not positive[1].rim[~binary_dilation(inside, iterations=5)].any()


def test_the_scans_own_grid_holds_the_same_image(positive, demo):
    native = positive[1].suvr_native
    original = nib.as_closest_canonical(nib.load(demo.t1))
    assert native.shape == original.shape
    np.testing.assert_allclose(native.affine, original.affine)
    brain = np.asarray(native.dataobj)
    volume = np.prod(native.header.get_zooms()) * (brain > 0.05).sum()
    assert volume == pytest.approx(positive[1].mask.sum() * 8, rel=0.35)


def test_a_simulated_reference_is_brought_along_with_the_scan(vague, demo):
    found, inside = vague.result.reference, vague.mask
    assert found.simulated
    assert found.fwhm_mm is None
    assert np.corrcoef(vague.reference[inside], vague.suvr[inside])[0, 1] > 0.8
    assert found.centiloid == pytest.approx(demo.reference_centiloid, abs=12)
    assert found.regional_r > 0.8


def test_demo_cases_differ_in_kind():
    cases = demo_cases()
    assert len(cases) >= 4
    assert len({case.code for case in cases}) == len(cases)
    for case in cases:
        assert case.t1.exists()
        assert case.reference_pet is None or case.reference_pet.exists()


def _alone() -> list[str]:
    """What runs a command in a network of its own that leads nowhere, where this machine can."""
    command = [shutil.which("unshare") or "unshare", "--map-root-user", "--net"]
    try:
        done = subprocess.run([*command, "true"], capture_output=True, check=False).returncode
    except OSError:
        return []
    return [] if done else command


def test_the_terminal_does_the_same_without_a_network(demo, tmp_path):
    values, log = tmp_path / "values.json", tmp_path / "attempts"
    values.write_text(json.dumps(POSITIVE))
    arguments = ["synthesize", "--t1", str(demo.t1), "--biomarkers", str(values), "--out", str(tmp_path / "out")]
    path = os.pathsep.join(map(str, (GUARDED, GUARDED.parents[1])))
    run = subprocess.run(
        [*_alone(), sys.executable, "-m", "petgen.cli", *arguments],
        env={**os.environ, "PYTHONPATH": path, LOG: str(log)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert str(tmp_path / "out") in run.stderr.splitlines()[-1]
    assert (tmp_path / "out" / "result.json").exists()
    assert not log.exists(), log.read_text()


def test_nothing_was_asked_of_the_network(models, positive, vague, guard):
    make_report(positive[1])
    assert guard == []


def test_the_contact_sheet_shows_both_patients(models, demo, tmp_path):
    from PIL import Image

    from petgen.benchmark.contact_sheet import SERIES, contact_sheet

    curves = contact_sheet([demo.t1], models, tmp_path / "sheet.png", print)
    assert len(curves[demo.t1.name]) == len(SERIES)
    assert curves[demo.t1.name][-1] > curves[demo.t1.name][0] + 20
    assert Image.open(tmp_path / "sheet.png").width > 1500
    with pytest.raises(InputError, match="no T1w"):
        contact_sheet([], models, tmp_path / "none.png", print)
