"""The values that the linked viewer gets."""

import gzip
import json
from base64 import b64decode
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest

from petgen.case import Reference
from petgen.imaging.grid import AFFINE, SHAPE
from petgen.views import LIMITS_MM, PLACES, region_at, value_at, viewer_data
from petgen.views.compact import BOX_MM, nifti_text
from petgen.views.linked import SUVR_STEP, spread_high


def _image(text):
    return nib.Nifti1Image.from_bytes(gzip.decompress(b64decode(text)))


def _at(image, mm):
    voxel = np.rint(np.linalg.solve(image.affine, [*mm, 1]))[:3].astype(int)
    return image.get_fdata()[tuple(voxel)]


def _own(tracer="flutemetamol", simulated=False):
    return Reference(
        tracer=tracer,
        simulated=simulated,
        composite_suvr=1.3,
        centiloid=36.0,
        centiloid_equation="",
        fwhm_mm=None,
        ssim_brain=0.9,
        mae_suvr=0.1,
        regional_r=0.9,
    )


def with_reference(synthesis, **changes):
    result = synthesis.result.model_copy(update={"reference": _own(**changes)})
    return replace(synthesis, reference=synthesis.suvr * np.float32(1.1), result=result)


@pytest.fixture(scope="module")
def data(synthesis):
    return viewer_data(with_reference(synthesis))


def test_a_volume_comes_back_in_place_and_to_half_a_step():
    volume = np.random.default_rng(0).normal(1, 0.5, SHAPE).astype(np.float32)
    image = _image(nifti_text(volume, 0.002))
    for mm in [(6, -54, 36), (-84, -120, -72), (84, 88, 96)]:
        assert _at(image, mm) == pytest.approx(value_at(volume, mm), abs=0.001001)
    assert np.allclose(np.diag(image.affine)[:3], np.diag(AFFINE)[:3])


def test_the_box_holds_every_place_of_the_crosshair():
    for axis, (low, high) in zip("xyz", BOX_MM, strict=True):
        assert low <= LIMITS_MM[axis][0]
        assert LIMITS_MM[axis][1] <= high


def test_values_that_are_not_finite_become_zero():
    volume = np.full(SHAPE, np.nan, np.float32)
    assert not _image(nifti_text(volume, 0.01)).get_fdata().any()


@pytest.mark.parametrize("volume", [np.zeros((4, 4, 4)), np.full(SHAPE, 1e6)])
def test_what_does_not_fit_is_refused(volume):
    with pytest.raises(ValueError, match=r"expected an array|do not fit"):
        nifti_text(volume, 0.002)


def test_the_data_are_json_and_small(data):
    assert len(json.dumps(data)) < 4_000_000


def test_the_region_under_the_crosshair_has_the_name_of_the_readout(synthesis, data):
    labels = _image(data["volumes"]["labels"])
    for mm in [*PLACES.values(), (0, 0, 90), (-30, 20, 20)]:
        name = data["regions"][int(_at(labels, mm))]
        assert name == region_at(synthesis.parcellation, synthesis.regions, mm)


def test_every_place_of_a_guided_read_lies_in_a_region_of_its_own(synthesis):
    names = [region_at(synthesis.parcellation, synthesis.regions, mm) for mm in PLACES.values()]
    assert all(name.startswith("right ") for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", ["median", "negative", "positive", "spread", "reference"])
def test_suvr_is_that_of_the_case(synthesis, data, name):
    case = with_reference(synthesis)
    volume = case.suvr if name == "median" else getattr(case, name)
    seen = _image(data["volumes"][name])
    for mm in PLACES.values():
        assert _at(seen, mm) == pytest.approx(value_at(volume, mm), abs=SUVR_STEP)


def test_scenarios_come_with_their_weights(data):
    assert data["scenarios"] == {
        "median": "Median",
        "negative": "If negative (30 %)",
        "positive": "If positive (70 %)",
    }


def test_without_scenarios_there_is_one_image(synthesis):
    alone = replace(synthesis, result=synthesis.result.model_copy(update={"scenarios": None}))
    data = viewer_data(alone)
    assert list(data["scenarios"]) == ["median"]
    assert not {"negative", "positive", "reference"} & set(data["volumes"])
    assert data["reference"] is None


def test_a_simulated_reference_is_stamped_and_a_patients_own_is_not(synthesis, data):
    assert data["reference"] == {"title": "Patient's own PET", "stamp": "", "tracer": "flutemetamol"}
    assert viewer_data(with_reference(synthesis, simulated=True))["reference"]["stamp"] == "SIMULATED"


def test_a_sites_model_names_its_tracer(synthesis):
    other = replace(synthesis, result=synthesis.result.model_copy(update={"tracer": "flutemetamol"}))
    assert viewer_data(other)["tracer"] == "flutemetamol"


def test_the_spread_has_a_scale_even_where_there_is_none(synthesis):
    assert spread_high(replace(synthesis, spread=np.zeros(SHAPE, np.float32))) == 0.1
    assert spread_high(replace(synthesis, spread=np.full(SHAPE, 0.31, np.float32))) == 0.35
