"""The frame of reference of an export: the T1w's where the source lies on its grid, else one of its own."""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime

import nibabel as nib
import numpy as np
import pytest
from made_dicom import TURNS, enhanced, files, series, written, zipped
from nibabel.affines import apply_affine, from_matvec

from petgen.export import read_identity
from petgen.export.pet import pet_series
from petgen.export.study import Study
from petgen.imaging import open_scan

FRAME = "1.2.99.78"


def _on(synthesis, made, cropped=False):
    """The synthesis of a scan that was read from a series, its native PET a ramp."""
    grid = open_scan(list(made.files)).image
    if cropped:
        grid = grid.slicer[3:-4, 5:, 2:-2]
    ramp = np.linspace(0, 2, np.prod(grid.shape), dtype=np.float32).reshape(grid.shape)
    return replace(synthesis, suvr_native=nib.Nifti1Image(ramp, grid.affine))


def _one(made, place=7, **tags):
    dataset = deepcopy(made.datasets[place])
    dataset.update(tags)
    return written(dataset)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("cropped", [False, True])
def test_a_slice_of_the_t1_brings_its_frame_of_reference(synthesis, turn, cropped):
    made = series(turn)
    assert read_identity(_one(made), _on(synthesis, made, cropped)).frame == FRAME


def test_the_series_is_written_in_it_and_in_the_study(synthesis):
    made = series("oblique", tilt=0.4)
    case = _on(synthesis, made)
    study = Study(read_identity(list(made.files), case), datetime.now())
    slices = list(pet_series(case, study))
    assert {(each.FrameOfReferenceUID, each.StudyInstanceUID) for each in slices} == {(FRAME, "1.2.99.77")}
    exported = open_scan(files(slices), wanted="PET").image
    corners = np.array([[0, 0, 0], np.array(exported.shape) - 1])
    voxels = apply_affine(np.linalg.inv(case.suvr_native.affine) @ exported.affine, corners)
    np.testing.assert_allclose(np.sort(voxels, axis=0), corners, atol=0.01)


def test_an_enhanced_file_brings_it_too(synthesis):
    made = series("sagittal")
    assert read_identity(written(enhanced(made, range(36))), _on(synthesis, made)).frame == FRAME


@pytest.mark.parametrize(
    "tags",
    [
        {"ImagePositionPatient": [-50.0, -70.0, -40.5]},
        {"ImagePositionPatient": [-48.2, -70.0, -40.0]},
        {"ImagePositionPatient": [-50.0, -70.0, 500.0]},
        {"ImagePositionPatient": [], "ImageOrientationPatient": []},
        {"ImagePositionPatient": None},
        {"ImageOrientationPatient": [0.9961947, 0.0871557, 0, -0.0871557, 0.9961947, 0]},
        {"PixelSpacing": [4.0, 4.0]},
        {"PixelSpacing": [8.0, 7.0]},
        {"FrameOfReferenceUID": ""},
    ],
    ids=[
        "between slices",
        "between columns",
        "elsewhere",
        "nowhere",
        "no place",
        "turned",
        "wide",
        "coarse",
        "unnamed",
    ],
)
def test_a_plane_that_is_not_of_the_grid_brings_none(synthesis, tags):
    made = series("axial")
    found = read_identity(_one(made, **tags), _on(synthesis, made))
    assert found.frame == ""
    assert found.values["StudyInstanceUID"] == "1.2.99.77"


@pytest.mark.filterwarnings("ignore:Invalid value for VR UI")
def test_what_is_no_uid_is_left_out(synthesis):
    made = series()
    assert read_identity(_one(made, FrameOfReferenceUID="1.02.x"), _on(synthesis, made)).frame == ""


def test_of_two_frames_of_reference_on_one_grid_none_is_taken(synthesis):
    made = series()
    case = _on(synthesis, made)
    other = zipped([("a", _one(made)), ("b", _one(made, 8, FrameOfReferenceUID="1.2.99.79"))])
    assert read_identity(other, case).frame == ""
    apart = {"FrameOfReferenceUID": "1.2.99.79", "ImagePositionPatient": [0, 0, 0.7]}
    assert read_identity(zipped([("a", _one(made)), ("b", _one(made, 8, **apart))]), case).frame == FRAME


def test_a_grid_that_dicom_cannot_say_has_none(synthesis):
    made = series()
    case = _on(synthesis, made)
    askew = case.suvr_native.affine @ from_matvec([[1, 0.2, 0.2], [0, 1, 0.2], [0, 0, 1]])
    assert (
        read_identity(_one(made), replace(case, suvr_native=nib.Nifti1Image(np.ones((20, 20, 20)), askew))).frame == ""
    )
