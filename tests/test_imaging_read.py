import gzip

import nibabel as nib
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petgen.case import InputError
from petgen.imaging import Scan, read_scan

SHAPE = (40, 48, 36)
AFFINE = np.diag([4.0, 4.0, 4.0, 1])


def _data(shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    return np.random.default_rng(0).uniform(0, 100, shape).astype(np.float32)


def _bytes(data: np.ndarray, affine: np.ndarray | None = AFFINE, **header: object) -> bytes:
    img = nib.Nifti1Image(data, affine)
    for name, value in header.items():
        img.header[name] = value
    return img.to_bytes()


def test_a_good_scan_comes_back_in_ras_as_float32(tmp_path):
    flipped = np.diag([-4.0, -4.0, 4.0, 1])
    path = tmp_path / "scan.nii.gz"
    nib.save(nib.Nifti1Image(_data().astype(np.int16), flipped), path)
    scan = read_scan(path)
    assert nib.aff2axcodes(scan.image.affine) == ("R", "A", "S")
    assert scan.image.get_data_dtype() == np.float32
    np.testing.assert_array_equal(np.asarray(scan.image.dataobj), _data().astype(np.int16)[::-1, ::-1])
    assert scan.warnings == ()


def test_upload_and_file_are_one_scan_and_names_are_not_kept(tmp_path):
    img = nib.Nifti1Image(_data(), AFFINE)
    img.header["descrip"] = b"DOE^JANE"
    img.header["db_name"] = b"DOE"
    img.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"DOE^JANE"))
    path = tmp_path / "jane_doe.nii"
    nib.save(img, path)
    scan = read_scan(path.read_bytes(), name="jane_doe.nii")
    assert scan.sha256 == read_scan(path).sha256
    assert b"DOE" not in scan.image.to_bytes()


def test_gzip_is_known_by_its_bytes_not_by_the_name():
    assert read_scan(gzip.compress(_bytes(_data())), name="scan.nii").image.shape == SHAPE
    assert read_scan(_bytes(_data()), name="scan.nii.gz").image.shape == SHAPE


def test_scaling_and_byte_order_are_honoured():
    stored = (_data() * 10).astype(">i2")
    img = nib.Nifti1Image(stored, AFFINE, header=nib.Nifti1Header(endianness=">"))
    img.header.set_slope_inter(0.5, 3)
    np.testing.assert_allclose(
        np.asarray(read_scan(img.to_bytes()).image.dataobj),
        np.asarray(nib.Nifti1Image.from_bytes(img.to_bytes()).dataobj),
    )


def test_a_single_volume_in_four_dimensions_is_taken():
    assert read_scan(_bytes(_data((*SHAPE, 1)))).image.shape == SHAPE


def test_few_bad_voxels_are_zeroed_and_said():
    data = _data()
    data[0, 0, :20] = np.nan
    scan = read_scan(_bytes(data))
    assert np.isfinite(np.asarray(scan.image.dataobj)).all()
    assert "not numbers" in scan.warnings[0]


def test_disagreeing_forms_are_warned_of():
    img = nib.Nifti1Image(_data(), AFFINE)
    img.set_sform(AFFINE, 1)
    img.set_qform(np.diag([-4.0, -4.0, 4.0, 1]), 1)
    assert "disagree" in read_scan(img.to_bytes()).warnings[0]


def _no_orientation() -> bytes:
    img = nib.Nifti1Image(_data(), AFFINE)
    img.set_sform(None, 0)
    img.set_qform(None, 0)
    return img.to_bytes()


def _mostly_nan() -> bytes:
    data = _data()
    data[:20] = np.nan
    return _bytes(data)


def _declaring_huge() -> bytes:
    whole = bytearray(_bytes(_data()))
    whole[40:56] = np.array([3, 30000, 30000, 30000, 1, 1, 1, 1], "<i2").tobytes()
    return bytes(whole)


BAD = {
    "is empty": b"",
    "not a NIfTI": b"just some text, long enough to hold a header" * 20,
    "a zip archive": b"PK\x03\x04" + bytes(400),
    "a DICOM file": bytes(128) + b"DICM" + bytes(400),
    "cut short": gzip.compress(_bytes(_data()))[:-5000],
    "ends before": _bytes(_data())[:-5000],
    "not three dimensions": _bytes(_data()[0]),
    "12 volumes": _bytes(np.zeros((8, 8, 8, 12), np.float32)),
    "not real numbers": _bytes(_data().astype(np.complex64)),
    "same value": _bytes(np.ones(SHAPE, np.float32)),
    "orientation is unknown": _no_orientation(),
    "not numbers": _mostly_nan(),
    "voxels of": _bytes(_data(), np.diag([9.0, 9, 9, 1])),
    "field of view": _bytes(_data(), np.diag([1.0, 1, 1, 1])),
    "512 x 512 x 512": _declaring_huge(),
}


@pytest.mark.parametrize("words", BAD)
def test_what_is_no_scan_is_refused_in_words(words):
    with pytest.raises(InputError, match=words) as caught:
        read_scan(BAD[words], name="scan.nii.gz")
    assert caught.value.where.startswith("uploaded scan")
    assert caught.value.mend


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    for path, words in ((tmp_path / "none.nii", "no such file"), (tmp_path, "cannot be opened")):
        with pytest.raises(InputError, match=words):
            read_scan(path)


def test_a_gzip_bomb_does_not_fill_the_memory():
    bomb = gzip.compress(_bytes(_data()) + bytes(64 << 20))
    with pytest.raises(InputError, match="more data than its header"):
        read_scan(bomb)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=600), st.booleans(), st.integers(0, 347))
def test_any_bytes_give_a_scan_or_an_input_error(noise, packed, place):
    whole = _bytes(_data())
    damaged = whole[:place] + noise + whole[place + len(noise) :]
    try:
        found: object = read_scan(gzip.compress(damaged) if packed else damaged)
    except InputError as error:
        found = error
    assert isinstance(found, Scan | InputError)
