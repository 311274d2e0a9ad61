"""The DICOM download of the Case page."""

import io
import zipfile

import nibabel as nib
import numpy as np
import pydicom
import pytest
from made_dicom import NAME, plane, written
from page_tools import keep, opened, page, words
from pydicom.uid import generate_uid

from pages.parts import current_case, dicom_download

pytestmark = pytest.mark.usefixtures("one_report")


@pytest.fixture
def made(monkeypatch):
    """What the buttons were given to download, the latest last, by label."""
    found = []
    drawn = dicom_download.st.download_button

    def button(label, data, *rest, **more):
        if callable(data):
            found.append((label, data))
        return drawn(label, data, *rest, **more)

    monkeypatch.setattr(dicom_download.st, "download_button", button)
    return found


def _given(at, **tags):
    dataset = plane(np.ones((4, 4), np.uint16), number=1, uid=generate_uid())
    dataset.update({"PatientID": "ZEBRA-1", "PatientSex": "F", **tags})
    uploader = at.file_uploader(key=f"patient_{at.session_state[current_case.CASE]}")
    return uploader.set_value([("image.dcm", written(dataset), "application/dicom")]).run()


def _on_grid_of(synthesis):
    place = nib.affines.apply_affine(synthesis.suvr_native.affine, [45, 50, 40]) * [-1, -1, 1]
    turn = [1, 0, 0, 0, 1, 0]
    return {"ImagePositionPatient": list(place), "ImageOrientationPatient": turn, "PixelSpacing": [2, 2]}


def _first(made):
    label, data = next(each for each in reversed(made) if each[0].startswith("Download"))
    archive = zipfile.ZipFile(io.BytesIO(data()))
    return label, pydicom.dcmread(io.BytesIO(archive.read("TEST01/pet/0001.dcm")))


def test_without_a_file_the_code_is_the_patient(seen, synthesis, made):
    at = opened("case.py", synthesis)
    assert not at.exception
    label, slice_ = _first(made)
    assert label == "Download as TEST01"
    assert slice_.PatientID == "TEST01"
    assert "download only" in words(at)


def test_the_patient_of_a_file_goes_into_the_download_only(seen, synthesis, made, tmp_path):
    at = _given(opened("case.py", synthesis), **_on_grid_of(synthesis))
    assert not at.exception
    assert not at.error
    assert "has the frame of reference of the T1w" in words(at)
    label, slice_ = _first(made)
    assert label == "Download with this patient"
    assert (str(slice_.PatientName), slice_.PatientID) == (NAME, "ZEBRA-1")
    assert slice_.FrameOfReferenceUID == "1.2.99.78"
    kept = [file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file()]
    assert kept
    assert not [content for content in kept if b"ZEBRA" in content]
    assert "ZEBRA" not in words(at)
    assert "frame of reference of its own" in words(_given(at))


def test_the_patient_of_one_case_is_not_given_to_the_next(seen, synthesis, made):
    at = _given(opened("case.py", synthesis))
    at.session_state[current_case.CASE] = keep(synthesis)
    at.run()
    assert _first(made)[1].PatientID == "TEST01"


def test_a_file_of_somebody_else_or_of_nobody_is_said(seen, synthesis, made):
    at = _given(opened("case.py", synthesis), PatientSex="M")
    made.clear()
    at.run()
    assert "sex" in at.error[0].value
    assert not [label for label, _ in made if label.startswith("Download")]
    at.file_uploader(key=f"patient_{at.session_state[current_case.CASE]}").set_value(
        [("x", b"text", "text/plain")]
    ).run()
    assert "no DICOM" in at.error[0].value


def test_without_a_case_there_is_no_download(seen, made):
    page().run()
    assert not made
