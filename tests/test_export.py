"""The export read back: by petgen's own reader, by pydicom, and by dciodvfy where it is installed."""

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace

import nibabel as nib
import numpy as np
import pydicom
import pytest
from made_dicom import NAME, plane, series, written, zipped
from nibabel.eulerangles import euler2mat
from pydicom.uid import generate_uid
from typer.testing import CliRunner

from petgen.case import SYNTHETIC, InputError
from petgen.cli import app
from petgen.export import dicom_zip, read_identity, write_dicom
from petgen.export.identity import TAGS
from petgen.export.slices import FULL, planes
from petgen.imaging import on_grid, open_scan
from petgen.report import write_outputs

pytestmark = pytest.mark.usefixtures("one_report")
NEWER = "(0x0008,0x001c)"
"""Synthetic Data, which the standard has had for a shorter time than Debian's dciodvfy."""
KNOWN = {
    NAME: "PatientName", "ZEBRA-1": "PatientID", "19410203": "PatientBirthDate", "F": "PatientSex",
    "1.2.99.77": "StudyInstanceUID", "20210405": "StudyDate", "101112": "StudyTime", "ACC-9": "AccessionNumber",
    "STUDY-4": "StudyID",
}  # fmt: skip
OBLIQUE = nib.affines.from_matvec(euler2mat(0.2, -0.15, 0.3) @ np.diag([1.2, 1.3, 1.5]), [-31.7, -90.2, -55.1])


@pytest.fixture(scope="module")
def folder(synthesis, tmp_path_factory):
    out = tmp_path_factory.mktemp("result")
    write_outputs(synthesis, out)
    return out


@pytest.fixture(scope="module")
def exported(synthesis, tmp_path_factory):
    return write_dicom(synthesis, tmp_path_factory.mktemp("plain") / "out")


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    file = tmp_path_factory.mktemp("source") / "source.dcm"
    file.write_bytes(_of_patient())
    return file


@pytest.fixture(scope="module")
def named(synthesis, source, tmp_path_factory):
    return write_dicom(synthesis, tmp_path_factory.mktemp("named") / "out", read_identity(source, synthesis))


def _of_patient(**tags):
    dataset = plane(np.ones((4, 4), np.uint16), number=1, uid=generate_uid())
    for value, keyword in KNOWN.items():
        setattr(dataset, keyword, value)
    dataset.update(tags)
    return written(dataset)


def _ramp(shape=(60, 70, 50), affine=None):
    """An image that is different in every voxel, with an empty rim."""
    rng = np.random.default_rng(0)
    data = np.zeros(shape, np.float32)
    inner = tuple(slice(12, n - 12) for n in shape)
    data[inner] = rng.uniform(0.1, 2.7, data[inner].shape)
    return nib.Nifti1Image(data, np.diag([2.0, 2.0, 2.0, 1]) if affine is None else affine)


def test_the_series_lies_where_the_pet_lies_and_says_what_it_says(exported, synthesis):
    scan = open_scan(exported[0].parent, wanted="PET")
    slope = float(pydicom.dcmread(exported[0]).RescaleSlope)
    np.testing.assert_allclose(scan.image.affine, synthesis.suvr_native.affine, atol=1e-6)
    before, after = np.asarray(synthesis.suvr_native.dataobj), np.asarray(scan.image.dataobj)
    same = np.abs(before - after) <= slope / 2 + 1e-6
    letters = ~same
    assert 50 < letters.any(axis=2).sum() < 0.03 * same[:, :, 0].size
    np.testing.assert_allclose(after[letters], synthesis.suvr.max(), atol=slope)
    assert (before[letters] > 0).mean() < 0.05
    assert not scan.warnings


@pytest.mark.parametrize("affine", [OBLIQUE, OBLIQUE[:, [2, 0, 1, 3]], np.diag([-1.4, 1.3, 1.2, 1])])
def test_any_scan_grid_keeps_left_and_right(synthesis, affine):
    image = _ramp((80, 78, 76), affine)
    archive = zipfile.ZipFile(io.BytesIO(dicom_zip(replace(synthesis, suvr_native=image))))
    assert len([name for name in archive.namelist() if "/pet/" in name]) > 70
    scan = open_scan([(name, archive.read(name)) for name in archive.namelist() if "/pet/" in name], wanted="PET")
    expected = nib.as_closest_canonical(image)
    np.testing.assert_allclose(scan.image.affine, expected.affine, atol=1e-4)
    inside = np.asarray(expected.dataobj) > 0
    np.testing.assert_allclose(np.asarray(scan.image.dataobj)[inside], np.asarray(expected.dataobj)[inside], atol=3e-5)


def test_a_sheared_grid_is_cut_along_an_axis_that_dicom_can_say():
    sheared = np.diag([1.5, 1.5, 2.0, 1.0])
    sheared[1, 0] = 0.3
    cut = planes(_ramp(affine=sheared))
    axes = cut.affine[:3, :2]
    assert abs(axes[:, 0] @ axes[:, 1]) < 1e-6
    assert cut.stored.shape[0] != 50


def test_without_any_right_angle_the_template_grid_is_written(synthesis):
    askew = np.array([[2, 0.3, 0.3, 0], [0, 2, 0.3, 0], [0, 0, 2, 0], [0, 0, 0, 1.0]])
    assert planes(_ramp(affine=askew)) is None
    archive = zipfile.ZipFile(io.BytesIO(dicom_zip(replace(synthesis, suvr_native=_ramp(affine=askew)))))
    assert len([name for name in archive.namelist() if "/pet/" in name]) == synthesis.suvr.shape[2]


def test_the_word_is_in_every_slice_and_hides_as_little_as_it_can():
    cut = planes(_ramp())
    assert (cut.stored[:, cut.letters] == FULL).all()
    assert not (cut.letters & (cut.stored[25] > 0) & (cut.stored[25] < FULL)).any()
    assert cut.letters.any(axis=0).sum() > 40


def test_an_empty_or_broken_volume(synthesis):
    assert planes(on_grid(np.zeros(synthesis.suvr.shape, np.float32))).stored.max() == FULL
    with pytest.raises(InputError, match="no number"):
        planes(on_grid(np.full(synthesis.suvr.shape, np.nan, np.float32)))


def test_the_objects_say_what_they_are(exported):
    first, second, report = (pydicom.dcmread(file) for file in (exported[0], exported[1], exported[-1]))
    assert first.ImageType[0] == "DERIVED"
    assert first.SeriesDescription == report.SeriesDescription == SYNTHETIC
    assert first.BurnedInAnnotation == first.SyntheticData == "YES"
    assert first.Units == "NONE"
    assert str(first.PatientName) == first.PatientID == report.PatientID == "TEST01"
    assert first.StudyInstanceUID == report.StudyInstanceUID
    assert first.SeriesInstanceUID == second.SeriesInstanceUID != report.SeriesInstanceUID
    assert len({pydicom.dcmread(file, stop_before_pixels=True).SOPInstanceUID for file in exported}) == len(exported)
    pdf = report.EncapsulatedDocument[: report.EncapsulatedDocumentLength]
    assert pdf.startswith(b"%PDF")
    assert pdf.rstrip().endswith(b"%%EOF")


def test_every_object_says_what_made_it(exported, synthesis):
    known = synthesis.result
    for file in (exported[0], exported[-1]):
        (said,) = pydicom.dcmread(file, stop_before_pixels=True).ContributingEquipmentSequence
        assert said.SoftwareVersions == known.petgen_version
        for part in (known.weights_sha256, known.made_from.scan_sha256, known.made_from.values_sha256):
            assert part in said.ContributionDescription
        assert f"seed {known.seed}" in said.ContributionDescription


def test_two_exports_share_no_uid(synthesis, exported, tmp_path):
    first, second = pydicom.dcmread(exported[0]), pydicom.dcmread(write_dicom(synthesis, tmp_path / "o")[0])
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"):
        assert first[keyword].value != second[keyword].value


@pytest.mark.parametrize("kind", ["file", "folder", "zip"])
def test_the_patient_of_the_source_is_put_in(synthesis, source, tmp_path, kind):
    given = {"file": source, "folder": tmp_path / "many", "zip": tmp_path / "one.zip"}[kind]
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "a").write_bytes(source.read_bytes())
    (tmp_path / "many" / "notes.txt").write_text("no DICOM")
    (tmp_path / "one.zip").write_bytes(zipped([("a", source.read_bytes())]))
    files = write_dicom(synthesis, tmp_path / "out", read_identity(given, synthesis))
    for file in (files[0], files[-1]):
        dataset = pydicom.dcmread(file)
        assert {str(dataset[keyword].value) for keyword in TAGS} == set(KNOWN)
        assert all(str(dataset[keyword].value) == value for value, keyword in KNOWN.items())


def test_nothing_else_of_the_source_goes_anywhere(folder, source, tmp_path, capfd, caplog):
    before = {file: file.read_bytes() for file in folder.iterdir()}
    main = CliRunner().invoke(
        app, ["export-dicom", str(folder), "--out", str(tmp_path / "out"), "--source", str(source)]
    )
    assert main.exit_code == 0, main.output
    files = sorted(tmp_path.rglob("*.dcm"))
    told = capfd.readouterr()
    for text in (main.output, told.out, told.err, caplog.text, repr(read_identity(source)), *map(str, files)):
        assert "ZEBRA" not in text
    assert {file: file.read_bytes() for file in folder.iterdir()} == before
    assert b"ZEBRA study" not in b"".join(file.read_bytes() for file in files)
    report = pydicom.dcmread(files[-1])
    assert b"ZEBRA" not in report.EncapsulatedDocument


def test_names_of_any_script_survive(synthesis, tmp_path):
    file = tmp_path / "name.dcm"
    file.write_bytes(_of_patient(SpecificCharacterSet="ISO_IR 100", PatientName="MÜLLER^JÖRG"))
    files = write_dicom(synthesis, tmp_path / "out", read_identity(file))
    assert str(pydicom.dcmread(files[0]).PatientName) == "MÜLLER^JÖRG"


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"PatientID": "OTHER"}, "several patients"),
        ({"PatientName": "OTHER^ONE"}, "several patients"),
        ({"PatientBirthDate": "19500101"}, "several patients"),
        ({"StudyInstanceUID": "1.2.99.78"}, "several examinations"),
    ],
)
def test_a_mixed_source_is_refused(tags, said):
    both = zipped([("a", _of_patient()), ("b", _of_patient(**tags))])
    with pytest.raises(InputError, match=said) as refused:
        read_identity(both)
    assert "ZEBRA" not in str(refused.value)


def test_files_that_write_one_name_differently_are_of_one_patient():
    both = zipped([("a", _of_patient(PatientName="Zebra^Anna^^")), ("b", _of_patient(PatientBirthDate=""))])
    assert read_identity(both).values["PatientBirthDate"] == "19410203"


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"PatientName": "", "PatientID": ""}, "name no patient"),
        ({"StudyInstanceUID": ""}, "no DICOM file of a study"),
        ({"PatientBirthDate": "3.2.1941"}, "rules of DICOM"),
    ],
)
@pytest.mark.filterwarnings("ignore:Invalid value for VR DA")
def test_a_source_without_a_patient_is_refused(tags, said):
    given = _of_patient(**tags)
    with pytest.raises(InputError, match=said) as refused:
        read_identity(given)
    assert "1941" not in str(refused.value)


def test_what_is_no_dicom_is_refused():
    with pytest.raises(InputError, match="no DICOM"):
        read_identity(b"no DICOM at all")


def test_a_patient_of_the_other_sex_is_refused(synthesis):
    with pytest.raises(InputError, match="sex"):
        read_identity(_of_patient(PatientSex="M"), synthesis)
    for sex in ("O", ""):
        assert read_identity(_of_patient(PatientSex=sex), synthesis).values.get("PatientSex", "") == sex


def test_a_folder_that_has_dicom_already_is_left_alone(synthesis, tmp_path):
    (tmp_path / "old.dcm").write_bytes(b"x")
    with pytest.raises(InputError, match="holds DICOM already"):
        write_dicom(synthesis, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["old.dcm"]


def test_a_whole_series_serves_as_source():
    assert read_identity(list(series().files)).values["PatientName"] == NAME


def test_every_value_is_one_that_dicom_allows(named, monkeypatch):
    monkeypatch.setattr(pydicom.config.settings, "writing_validation_mode", pydicom.config.RAISE)
    monkeypatch.setattr(pydicom.config.settings, "reading_validation_mode", pydicom.config.RAISE)
    for file in named:
        dataset = pydicom.dcmread(file)
        dataset.walk(lambda dataset, element: element.value)
        written(dataset)


@pytest.mark.skipif(not shutil.which("dciodvfy"), reason="dciodvfy is missing (Debian's dicom3tools)")
@pytest.mark.parametrize("place", [0, 45, -1])
@pytest.mark.parametrize("whose", ["exported", "named"])
def test_dciodvfy_finds_no_error(request, whose, place):
    file = request.getfixturevalue(whose)[place]
    run = subprocess.run(["dciodvfy", str(file)], capture_output=True, text=True, check=False)
    said = (run.stdout + run.stderr).splitlines()
    assert {"PETImage", "EncapsulatedPDF"} & set(said)
    assert not [line for line in said if "Error" in line and NEWER not in line]
