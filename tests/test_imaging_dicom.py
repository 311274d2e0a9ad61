"""DICOM in: any acquisition to the same voxels in RAS+, the right series among several, and no identifiers out."""

import copy
import struct
import traceback
import zipfile
from contextlib import suppress

import highdicom
import numpy as np
import pytest
from made_dicom import STEP, TURNS, enhanced, files, series, transcoded, written, zipped
from pydicom.uid import JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless, RLELossless, generate_uid

from petgen.case import InputError
from petgen.imaging import dicom_files, dicom_unpacker, dicom_zip, read_dicom
from petgen.imaging.dicom_words import technical_words

SMALL = (24, 24, 30)


@pytest.fixture(scope="module")
def made():
    """An axial T1 that no test may change."""
    return series()


def refused(source, wanted="T1w") -> str:
    """The message of the refusal, after a look that nothing of the files is in it or in its traceback."""
    with pytest.raises(InputError) as caught:
        read_dicom(source, wanted)
    assert caught.value.what
    assert caught.value.mend
    assert "ZEBRA" not in "".join(traceback.format_exception(caught.value)).upper()
    return str(caught.value)


def same(read, made) -> None:
    """Voxels alike and affine alike to a thousandth of a millimetre."""
    np.testing.assert_allclose(read.scan.image.get_fdata(), made.image.get_fdata(), rtol=1e-6)
    np.testing.assert_allclose(read.scan.image.affine, made.image.affine, atol=1e-3)


@pytest.mark.parametrize("turn", TURNS)
def test_every_acquisition_comes_out_in_ras(turn):
    made = series(turn)
    found = read_dicom(made.files)
    same(found, made)
    oracle = highdicom.get_volume_from_series(made.datasets).to_patient_orientation("RAS")
    np.testing.assert_array_equal(found.scan.image.dataobj, oracle.array.astype(np.float32))
    np.testing.assert_allclose(found.scan.image.affine, np.diag([-1, -1, 1, 1]) @ oracle.affine, atol=1e-3)


@pytest.mark.parametrize("turn", ["sagittal", "oblique"])
def test_single_pixels_lie_where_the_standard_says(turn):
    made = series(turn, seed=3)
    image = read_dicom(made.files).scan.image
    for dataset in made.datasets[::7]:
        for row, column in ((0, 0), (3, 29), (38, 11)):
            across, down = np.array(dataset.ImageOrientationPatient, float).reshape(2, 3)
            between_rows, between_columns = dataset.PixelSpacing
            lps = np.array(dataset.ImagePositionPatient) + across * between_columns * column + down * between_rows * row
            voxel = np.linalg.inv(image.affine) @ [-lps[0], -lps[1], lps[2], 1]
            assert np.abs(voxel - voxel.round()).max() < 1e-3
            assert image.dataobj[tuple(voxel[:3].round().astype(int))] == dataset.pixel_array[row, column]


def test_a_tilted_gantry_gives_a_sheared_affine():
    made = series(tilt=0.8)
    same(read_dicom(made.files), made)


def test_order_of_files_does_not_matter(made):
    mixed = [made.files[n] for n in np.random.default_rng(1).permutation(len(made.files))]
    assert read_dicom(mixed).scan.sha256 == read_dicom(made.files).scan.sha256


def test_rescale_is_applied_plane_by_plane():
    made = series(slope=0.5, intercept=-3)
    made.datasets[4].RescaleSlope = 2.0
    made.voxels[:, :, 4] = (made.voxels[:, :, 4] + 3) / 0.5 * 2 - 3
    same(read_dicom(made.files), made)


def test_folder_zip_and_loose_files_give_the_same(made, tmp_path):
    inner = tmp_path / "ZEBRA" / "IM"
    inner.mkdir(parents=True)
    for name, data in made.files:
        (inner / name).write_bytes(data)
    (tmp_path / "DICOMDIR").write_bytes(bytes(128) + b"DICM" + bytes(8))
    (tmp_path / "notes.txt").write_text("ZEBRA")
    (inner / "empty").touch()
    packed = zipped([*made.files, ("picture.jpg", b"\xff\xd8\xff" + bytes(50)), ("folder/", b"")])
    archive = tmp_path / "ZEBRA.zip"
    archive.write_bytes(packed)
    uploads = (made.files, [("ZEBRA.zip", packed)])
    digests = {read_dicom(source).scan.sha256 for source in (tmp_path / "ZEBRA", tmp_path, packed, archive, *uploads)}
    assert len(digests) == 1


def test_files_without_a_preamble_are_read(made):
    assert (
        read_dicom([(name, data[132:]) for name, data in made.files]).scan.sha256 == read_dicom(made.files).scan.sha256
    )


@pytest.mark.parametrize("turn", ["axial", "sagittal"])
def test_enhanced_multi_frame(turn, tmp_path):
    made = series(turn, slope=2.0)
    order = [7, 3, 0, 1, 2, 4, 5, 6, *range(8, 36)]
    one = written(enhanced(made, order, slope=2.0, AcquisitionContrast="T1"))
    same(read_dicom(one), made)
    path = tmp_path / "one.dcm"
    path.write_bytes(one)
    same(read_dicom(path), made)


@pytest.mark.parametrize(
    "syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless, JPEGLosslessSV1], ids=lambda u: u.name
)
def test_compressed(syntax, made, tmp_path):
    packed = []
    for dataset in made.datasets:
        if syntax in (RLELossless, JPEGLSLossless):
            one = copy.deepcopy(dataset)
            one.compress(syntax, generate_instance_uid=False)
            packed.append(("", written(one)))
        else:
            packed.append(("", transcoded(written(dataset), syntax, tmp_path)))
    assert len(packed[0][1]) != len(made.files[0][1])
    same(read_dicom(packed), made)


def t2(**tags):
    return series(**{"number": 2, "name": "t2_tse_tra", "EchoTime": 90.0, "seed": 2} | tags)


def test_the_t1_is_chosen_among_several():
    t1 = series(number=9, name="Sag T1 MPRAGE iso ZEBRA", EchoTime=2.9, RepetitionTime=2300, InversionTime=900)
    localiser = series(number=1, name="AAHead_Scout", shape=(24, 24, 3))
    flair = series(number=3, name="ax flair", EchoTime=120.0)
    diffusion = series(number=4, name="ep2d_diff_b1000")
    phase = series(number=5, name="t1_mprage", ImageType=["ORIGINAL", "PRIMARY", "P"])
    ct = series(number=6, name="head", modality="CT")
    found = read_dicom([f for made in (localiser, t2(), flair, diffusion, phase, ct, t1) for f in made.files])
    same(found, t1)
    assert found.series.number == 9
    assert found.series.words == ("sag", "t1", "mprage", "iso")
    assert {one.number: one.note for one in found.others} == {
        1: "a localiser", 2: "T2-weighted", 3: "T2-weighted", 4: "diffusion", 5: "phase or raw component",
        6: "modality CT",
    }  # fmt: skip
    assert found.why.startswith("Series 9, chosen among 7 series: its name says T1, 3D acquisition, no contrast agent")
    assert not found.scan.warnings


@pytest.mark.parametrize(
    "worse",
    [
        {"ContrastBolusAgent": "Gadovist ZEBRA"},
        {"name": "t1_mprage_post_gd"},
        {"ImageType": ["DERIVED", "SECONDARY", "MPR"]},
        {"name": "t1 reformat"},
        {"MRAcquisitionType": "2D"},
        {"name": "head", "MRAcquisitionType": "3D"},
        {"shape": (32, 40, 24)},
    ],
    ids=str,
)
def test_the_better_of_two_t1_is_chosen(worse):
    better = series(number=8, seed=1)
    other = series(**{"number": 3} | worse)
    found = read_dicom([*other.files, *better.files])
    same(found, better)
    assert found.others[0].note == "less suitable"


def test_equally_good_ones_give_the_first_and_a_warning():
    first, second = series(number=3, seed=1), series(number=8, seed=2)
    found = read_dicom([*second.files, *first.files])
    same(found, first)
    assert "series 8; series 3, the first of them" in found.scan.warnings[0]


def test_a_t1_is_known_by_its_timing():
    made = series(name="ZEBRA", ScanningSequence=["GR", "IR"], EchoTime=3.0, RepetitionTime=2300, InversionTime=900)
    found = read_dicom(made.files)
    assert "its timing is that of a T1" in found.why
    assert not found.scan.warnings


def test_an_image_that_says_nothing_is_taken_with_a_warning():
    assert "does not say" in read_dicom(series(name="ZEBRA").files).scan.warnings[0]


def test_contrast_alone_is_taken_with_a_warning():
    found = read_dicom(series(ContrastBolusAgent="ZEBRA").files)
    assert "contrast agent" in found.scan.warnings[0]
    assert "after contrast agent" in found.why


def test_what_cannot_be_one_volume_is_split():
    axial, coronal = series(), series("coronal", seed=4, shape=SMALL)
    for dataset in coronal.datasets:
        dataset.SeriesInstanceUID = axial.datasets[0].SeriesInstanceUID
    found = read_dicom([*coronal.files, *axial.files])
    same(found, axial)
    assert found.others[0].number == found.series.number


def test_echoes_are_split():
    first, second = series(EchoTime=2.0), series(EchoTime=4.0, seed=5)
    for dataset in second.datasets:
        dataset.SeriesInstanceUID = first.datasets[0].SeriesInstanceUID
    same(read_dicom([*second.files, *first.files]), first)


def test_no_t1_names_what_there_is():
    said = refused([*t2().files, *series(number=4, modality="CT", name="head").files])
    assert "none of the 2 series is a T1-weighted MR" in said
    assert "series 2 (MR 't2 tse tra', 36 slices of 32 x 40): T2-weighted" in said
    assert "series 4 (CT 'head', 36 slices of 32 x 40): modality CT" in said


def test_only_known_words_are_shown():
    assert technical_words("ZEBRA^Anna SagT1w3D mp2rage_1mm 0123456 Dr Coronation") == ("sag", "t1", "3d", "mp2rage")
    assert technical_words("3DT1 tfl3d1_16ns nt10") == ("3d", "t1", "tfl")
    assert technical_words("ep2d_diff t1map T2star") == ("ep2d", "diff", "t1map", "t2", "star")


def test_pet_frames_are_averaged_by_their_durations():
    parts = [
        series(
            modality="PT", name="PET dynamic", seed=seed, slope=0.25, FrameReferenceTime=1e5 * seed,
            ActualFrameDuration=1000 * seed, CorrectedImage=["DECY", "ATTN"],
        )
        for seed in (1, 3)
    ]  # fmt: skip
    uid = generate_uid()
    for dataset in (d for part in parts for d in part.datasets):
        dataset.SeriesInstanceUID = uid
    parts[0].voxels = (parts[0].voxels + 3 * parts[1].voxels) / 4
    found = read_dicom([*t2().files, *parts[0].files, *parts[1].files], "PET")
    same(found, parts[0])
    assert found.scan.warnings == ("The mean of 2 time points was taken.",)
    assert "attenuation correction done" in found.why
    assert "5 slices of 36 lack a time point" in refused([*parts[0].files, *parts[1].files[5:]], "PET")


def test_the_corrected_pet_is_chosen():
    plain = series(modality="PT", name="PET NAC", number=1, CorrectedImage=["DECY"])
    good = series(modality="PT", name="PET AC", number=2, CorrectedImage=["DECY", "ATTN"], seed=1)
    same(read_dicom([*plain.files, *good.files], "PET"), good)
    assert "not corrected for attenuation" in read_dicom(plain.files, "PET").scan.warnings[0]
    assert "none of the 1 series is a PET" in refused(series().files, "PET")


def test_missing_slices_are_counted(made):
    kept = [data for place, data in enumerate(made.files) if place not in (10, 11, 20)]
    assert "series 5: 3 slices are missing, after slice 10, slice 18 of 33" in refused(kept)


def test_uneven_slices_are_refused():
    made = series()
    made.datasets[12].ImagePositionPatient[2] += 0.4 * STEP
    assert "unevenly spaced: 1.80 to 4.20 mm, usually 3.00 mm, first after slice 12" in refused(made.files)


def test_slices_out_of_line_are_refused():
    made = series()
    made.datasets[12].ImagePositionPatient[0] += 9
    assert "do not lie in one line" in refused(made.files)


def test_slices_given_twice(made):
    found = read_dicom([*made.files, *made.files[3:6]])
    same(found, made)
    assert found.scan.warnings == ("3 slices were there twice, alike; one of each was used.",)
    changed = copy.deepcopy(made.datasets[3])
    changed.PixelData = changed.PixelData[::-1]
    assert "slice 4 of 36 is there in two versions that differ" in refused([*made.files, *files([changed])])


def test_colour_is_refused():
    made = series(shape=SMALL)
    for dataset in made.datasets:
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "RGB", 0
        dataset.PixelData = dataset.PixelData * 3
    assert "colour images" in refused(made.files)


@pytest.mark.parametrize("kept", [0.99, 0.5, 0.2])
def test_a_cut_file_is_refused(kept, made):
    cut = [*made.files]
    cut[7] = ("ZEBRA", cut[7][1][: int(len(cut[7][1]) * kept)])
    said = refused(cut)
    assert "file 8 of 36" in said
    assert "cut short or damaged" in said or "header is damaged" in said


def test_cut_compressed_pixels_are_refused(made, tmp_path):
    packed = [("", transcoded(data, JPEG2000Lossless, tmp_path)) for _, data in made.files]
    packed[0] = ("", packed[0][1][:-400])
    assert "file 1 of 36: the pixel data are cut short" in refused(packed)


def test_damaged_jpeg_never_ends_petgen(made, tmp_path, monkeypatch, capfd):
    """GDCM ends its process on some damaged code streams."""
    name, whole = "ZEBRA", transcoded(made.files[0][1], JPEG2000Lossless, tmp_path)
    start = whole.index(b"\xe0\x7f\x10\x00") + 28
    for at in (start + 4, start + 40):
        with suppress(InputError):
            read_dicom([(name, whole[:at] + b"\xff" * 4 + whole[at + 4 :]), *made.files[1:]])
    gone = tmp_path / "gone.py"
    gone.write_text("import os; os.abort()")
    monkeypatch.setattr(dicom_unpacker, "PROGRAM", gone)
    assert "file 1 of 36: the pixel data are cut short or damaged" in refused([(name, whole), *made.files[1:]])
    assert "ZEBRA" not in "".join(capfd.readouterr())


def test_a_slow_unpacking_is_ended(made, tmp_path, monkeypatch):
    monkeypatch.setattr(dicom_unpacker, "MAX_SECONDS", 0.01)
    packed = [("", transcoded(made.files[0][1], JPEGLosslessSV1, tmp_path)), *made.files[1:]]
    assert "file 1 of 36: the pixel data are cut short or damaged" in refused(packed)


def test_an_unknown_transfer_syntax_is_named(made):
    for uid, said in (
        ("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile"),
        ("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000"),
        ("1.2.3.77777", "an unknown one"),
    ):
        datasets = [copy.deepcopy(dataset) for dataset in made.datasets]
        for dataset in datasets:
            dataset.file_meta.TransferSyntaxUID = uid
        assert said in refused(_mislabelled(datasets))


def _mislabelled(datasets):
    """Files whose meta group names a transfer syntax that their plain pixels do not have."""
    out = []
    for dataset in datasets:
        syntax = str(dataset.file_meta.TransferSyntaxUID).ljust(26, "\0").encode()
        dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
        data = written(dataset)
        at = data.index(b"\x02\x00\x10\x00UI")
        length = struct.unpack("<H", data[at + 6 : at + 8])[0]
        group = struct.unpack("<I", data[140:144])[0] + 26 - length
        head = data[:140] + struct.pack("<I", group) + data[144 : at + 6] + struct.pack("<H", 26)
        out.append(("", head + syntax[:26] + data[at + 8 + length :]))
    return out


def test_a_deflated_file_is_refused_before_it_is_unpacked(made):
    dataset = copy.deepcopy(made.datasets[0])
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1.99"
    assert "Deflated Explicit VR Little Endian" in refused([("", written(dataset)), *made.files[1:]])


def test_no_head_no_place_one_slice_nothing_in_it(made):
    assert "field of view" in refused(series(shape=(10, 40, 36)).files)
    nowhere = series()
    for dataset in nowhere.datasets:
        del dataset.ImagePositionPatient
    assert "no position in space" in refused(nowhere.files)
    assert "one slice only" in refused(made.files[:1])
    blank = series(shape=SMALL)
    for dataset in blank.datasets:
        dataset.PixelData = bytes(len(dataset.PixelData))
    assert "the same value" in refused(blank.files) or "field of view" in refused(blank.files)


def test_frames_without_positions_are_refused(made):
    whole = enhanced(made, range(36))
    del whole.PerFrameFunctionalGroupsSequence
    assert "no position in space" in refused(written(whole))
    whole = enhanced(made, range(36), NumberOfFrames=40)
    assert "the header is damaged" in refused(written(whole))


def test_no_dicom_at_all(tmp_path):
    assert "no DICOM image in the 2 files" in refused([("ZEBRA.txt", b"ZEBRA"), ("b.jpg", b"")])
    assert "no DICOM image in the one file" in refused(b"ZEBRA")
    assert "no DICOM image" in refused(zipped([("ZEBRA.txt", b"ZEBRA")]))
    assert "no such file" in refused(tmp_path / "ZEBRA")
    assert "no such file" in refused("ZEBRA\0")
    assert "no file was given" in refused([])
    assert "no file was given" in refused(tmp_path)


def test_archives_in_archives_are_refused(made):
    assert "file 37 of 37: this is an archive inside" in refused(
        zipped([*made.files, ("ZEBRA.dcm", zipped(made.files[:1]))])
    )
    assert "file 1 of 2: this is an archive inside" in refused([("ZEBRA.zip", zipped(made.files)), made.files[0]])


def test_dangerous_zips_are_refused(made, monkeypatch):
    good = zipped(made.files)
    entry = good.index(b"PK\x01\x02")

    def patched(at: int, value: bytes) -> bytes:
        return good[: entry + at] + value + good[entry + at + len(value) :]

    assert "password" in refused(patched(8, b"\x01"))
    assert "unpacks to 4.0 GiB" in refused(patched(24, struct.pack("<I", 0xFFFFFFF0)))
    assert "packed more than 200-fold" in refused(zipped([*made.files, ("ZEBRA", bytes(17 << 20))]))
    assert "damaged" in refused(good[:-200])
    assert "file 1 of 36: the file is damaged" in refused(patched(16, b"abcd"))
    assert "the archive is empty" in refused(zipped([]))
    monkeypatch.setattr(dicom_zip, "MAX_ENTRIES", 10)
    assert "36 files, more than 10" in refused(good)


def test_an_unknown_packing_is_refused(made):
    packed = bytearray(zipped(made.files, zipfile.ZIP_STORED))
    packed[packed.index(b"PK\x01\x02") + 10] = 97
    assert "file 1 of 36: the file is damaged or cannot be read" in refused(bytes(packed))


def test_large_files_are_refused(made, monkeypatch):
    monkeypatch.setattr(dicom_files, "MAX_FILE_BYTES", 300)
    monkeypatch.setattr(dicom_files.Part.read, "__defaults__", (301,))
    assert "file 1 of 36: the file is larger" in refused(made.files)


def test_nothing_that_identifies_leaves(tmp_path, recwarn, caplog, capfd):
    made = series(
        name="ZEBRA^ANNA t1 19410203 mprage", PixelPaddingValue=0, SequenceName="ZEBRA", ContrastBolusAgent="ZEBRA"
    )
    other = t2(name="ZEBRA t2", SequenceName="ZEBRA" * 10, AcquisitionTime="1941020" * 4)
    folder = tmp_path / "ZEBRA"
    folder.mkdir()
    for name, data in [*made.files, *((f"b{n}", d) for n, d in other.files)]:
        (folder / name).write_bytes(data)
    recwarn.clear()
    capfd.readouterr()
    found = read_dicom(folder)
    out = " ".join(
        map(
            str,
            [
                *(repr(found), found.why, found.series, *found.others, *found.scan.warnings, found.scan.image.header),
                *(*(warning.message for warning in recwarn), caplog.text, *capfd.readouterr()),
            ],
        )
    )
    for secret in ("ZEBRA", "ANNA", "1941", "2021", "1.2.99"):
        assert secret not in out.upper()
    assert made.datasets[0].SeriesInstanceUID not in out
    assert set(found.series.words) == {"t1", "mprage"}


def test_damage_anywhere_gives_a_volume_or_a_refusal(made):
    whole = written(enhanced(made, range(36)))
    rng = np.random.default_rng(7)
    head = len(whole) - 2 * made.voxels.size
    for _ in range(60):
        broken = bytearray(whole)
        for at in rng.integers(128, head, 3):
            broken[at] = rng.integers(256)
        with suppress(InputError):
            read_dicom(bytes(broken))


def test_pixels_are_read_of_the_chosen_series_only():
    other = t2()
    for dataset in other.datasets:
        del dataset.PixelData
    made = series(number=7)
    same(read_dicom([*made.files, *other.files]), made)
