"""DICOM series made up for the tests: small planes of head-like extent whose voxels are all different."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import nibabel as nib
import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID, EnhancedMRImageStorage, ExplicitVRLittleEndian, MRImageStorage, generate_uid

SHAPE = (32, 40, 36)
"""Columns, rows, slices."""
SPACING = (4.0, 3.5)
"""Between rows and between columns, in mm."""
STEP = 3.0
TURNS = {
    "axial": (1, 0, 0, 0, 1, 0),
    "sagittal": (0, 1, 0, 0, 0, -1),
    "coronal": (1, 0, 0, 0, 0, -1),
    "oblique": (0.9659258, 0.2588190, 0, -0.2418448, 0.9025833, 0.3561557),
    "feet first": (-1, 0, 0, 0, 1, 0),
}
NAME = "ZEBRA^ANNA"


@dataclass
class Made:
    """A series: its datasets by slice, its voxels (columns, rows, slices) and their affine in RAS+."""

    datasets: list[FileDataset]
    voxels: np.ndarray
    affine: np.ndarray

    @property
    def image(self) -> nib.Nifti1Image:
        return nib.as_closest_canonical(nib.Nifti1Image(self.voxels.astype(np.float32), self.affine))

    @cached_property
    def files(self) -> tuple[tuple[str, bytes], ...]:
        return tuple(files(self.datasets))


def series(
    turn: str = "axial",
    *,
    number: int = 5,
    name: str = "t1_mprage_sag",
    modality: str = "MR",
    seed: int = 0,
    tilt: float = 0.0,
    slope: float = 1.0,
    intercept: float = 0.0,
    shape: tuple[int, int, int] = SHAPE,
    **tags: object,
) -> Made:
    """A classic series, one plane a file; `tilt` shears each slice by so many mm along the columns."""
    rng = np.random.default_rng(seed)
    stored = rng.integers(0, 4000, shape).astype(np.uint16)
    across, down = np.array(TURNS[turn][:3], float), np.array(TURNS[turn][3:], float)
    step = STEP * np.cross(across, down) + tilt * down
    origin = np.array([-50.0, -70.0, -40.0])
    lps = np.eye(4)
    lps[:3] = np.stack([across * SPACING[1], down * SPACING[0], step, origin], axis=1)
    uid, datasets = generate_uid(), []
    for place in range(shape[2]):
        dataset = plane(stored[:, :, place].T, number=number, uid=uid)
        dataset.update({"SeriesDescription": name, "Modality": modality, "InstanceNumber": place + 1})
        dataset.ImageOrientationPatient = [f"{n:.7f}" for n in TURNS[turn]]
        dataset.ImagePositionPatient = [f"{n:.6f}" for n in origin + place * step]
        dataset.PixelSpacing = list(SPACING)
        dataset.RescaleSlope, dataset.RescaleIntercept = slope, intercept
        dataset.update(tags)
        datasets.append(dataset)
    return Made(datasets, stored * slope + intercept, np.diag([-1, -1, 1, 1]) @ lps)


def plane(pixels: np.ndarray, *, number: int, uid: str) -> FileDataset:
    """One MR image, (rows, columns), full of identifiers."""
    dataset = FileDataset("", {}, file_meta=FileMetaDataset(), preamble=bytes(128))
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset.PatientName, dataset.PatientID, dataset.InstitutionName = NAME, "ZEBRA77", "ZEBRA Hospital"
    dataset.PatientBirthDate, dataset.StudyDate, dataset.StudyDescription = "19410203", "20210405", "ZEBRA study"
    dataset.ProtocolName, dataset.StudyInstanceUID = "ZEBRA protocol", "1.2.99.77"
    dataset.FrameOfReferenceUID, dataset.SeriesInstanceUID, dataset.SeriesNumber = "1.2.99.78", uid, number
    dataset.ImageType, dataset.MRAcquisitionType = ["ORIGINAL", "PRIMARY", "M"], "3D"
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.PixelData = np.ascontiguousarray(pixels).tobytes()
    return dataset


def enhanced(made: Made, order: Sequence[int], *, slope: float = 1.0, **tags: object) -> FileDataset:
    """The same planes as one multi-frame file, in this order."""
    first = made.datasets[0]
    whole = plane(first.pixel_array, number=int(first.SeriesNumber), uid=first.SeriesInstanceUID)
    whole.SOPClassUID = whole.file_meta.MediaStorageSOPClassUID = EnhancedMRImageStorage
    whole.Modality, whole.SeriesDescription, whole.NumberOfFrames = "MR", first.SeriesDescription, len(order)
    whole.PixelData = b"".join(made.datasets[place].PixelData for place in order)
    shared = Dataset()
    shared.PlaneOrientationSequence = [_item(ImageOrientationPatient=list(first.ImageOrientationPatient))]
    shared.PixelMeasuresSequence = [_item(PixelSpacing=list(SPACING), SliceThickness=STEP)]
    shared.PixelValueTransformationSequence = [_item(RescaleSlope=slope, RescaleIntercept=0)]
    whole.SharedFunctionalGroupsSequence = Items([shared])
    whole.PerFrameFunctionalGroupsSequence = Items(
        [
            _item(
                PlanePositionSequence=[_item(ImagePositionPatient=list(made.datasets[place].ImagePositionPatient))],
                FrameContentSequence=[_item(PatientComments=NAME)],
            )
            for place in order
        ]
    )
    whole.update(tags)
    return whole


def _item(**tags: object) -> Dataset:
    item = Dataset()
    item.update(tags)
    return item


def written(dataset: FileDataset) -> bytes:
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def files(datasets: Sequence[FileDataset]) -> list[tuple[str, bytes]]:
    return [(f"ZEBRA_ANNA_{place}.dcm", written(dataset)) for place, dataset in enumerate(datasets)]


def zipped(members: Sequence[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def transcoded(data: bytes, syntax: UID, folder) -> bytes:
    """A file packed by GDCM, which pydicom has no encoder for."""
    import gdcm

    before, after = folder / "before.dcm", folder / "after.dcm"
    before.write_bytes(data)
    reader = gdcm.ImageReader()
    reader.SetFileName(str(before))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(str(syntax))))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(after))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    return after.read_bytes()
