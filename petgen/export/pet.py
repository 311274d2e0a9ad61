"""The synthetic PET as a DICOM series, one object of PET Image Storage a slice (PS3.3 A.21)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from pydicom.uid import PositronEmissionTomographyImageStorage, generate_uid
from pydicom.valuerep import format_number_as_ds

from petgen.case import Synthesis
from petgen.export.slices import Planes, planes
from petgen.export.study import Study
from petgen.imaging import on_grid

NUMBER = 9001
"""Of the series; far from those of scanners."""
WINDOW = (1.0, 2.0)
"""Centre and width, SUVR."""


def pet_series(synthesis: Synthesis, study: Study) -> Iterator[Any]:
    """The series, on the scan's own grid, or on the template's where the scan's axes are all askew.

    Args:
        synthesis: The case.
        study: What the series belongs to.

    Yields:
        pydicom.FileDataset of each slice.
    """
    cut = planes(synthesis.suvr_native) or planes(on_grid(synthesis.suvr))
    assert cut is not None
    series = generate_uid()
    for place in range(len(cut.stored)):
        dataset = study.dataset(PositronEmissionTomographyImageStorage, "PT", series, NUMBER)
        _series(dataset, synthesis, len(cut.stored))
        dataset.FrameOfReferenceUID, dataset.PositionReferenceIndicator = study.frame, ""
        _plane(dataset, cut, place)
        yield dataset


def _series(dataset: Any, synthesis: Synthesis, slices: int) -> None:
    """What nobody measured (dose, decay, corrections, time of acquisition) is left empty or says none.

    The second value of the image type is PRIMARY in every PET (PS3.3 C.8.9.4.1.1); validators refuse SECONDARY.
    """
    result = synthesis.result
    dataset.ImageType = ["DERIVED", "PRIMARY", "SYNTHETIC"]
    dataset.DerivationDescription = (
        f"Synthetic {result.tracer} PET, SUVR (whole cerebellum = 1), made from a T1w MRI and the patient's values by "
        f"petgen {result.petgen_version}, model {result.model_version} of a {result.provenance}. No PET was acquired."
    )
    dataset.BodyPartExamined = "BRAIN"
    dataset.Units, dataset.CountsSource, dataset.SeriesType = "NONE", "EMISSION", ["STATIC", "IMAGE"]
    dataset.NumberOfSlices, dataset.CorrectedImage, dataset.DecayCorrection = slices, None, "NONE"
    dataset.CollimatorType = dataset.AcquisitionDate = dataset.AcquisitionTime = ""
    dataset.RadiopharmaceuticalInformationSequence = []
    dataset.PatientOrientationCodeSequence = dataset.PatientGantryRelationshipCodeSequence = []
    dataset.FrameReferenceTime, dataset.ActualFrameDuration = 0, None
    dataset.LossyImageCompression = "00"


def _plane(dataset: Any, cut: Planes, place: int) -> None:
    axes = cut.affine[:3, :3]
    sizes = np.linalg.norm(axes, axis=0)
    turn = (axes / sizes)[:, :2].T.ravel()
    normal = np.cross(turn[:3], turn[3:])
    dataset.InstanceNumber = dataset.ImageIndex = place + 1
    dataset.ImagePositionPatient = _decimals(cut.affine[:3] @ [0, 0, place, 1])
    dataset.ImageOrientationPatient = _decimals(turn)
    dataset.PixelSpacing = _decimals(sizes[[1, 0]])
    dataset.SliceThickness = _decimals([abs(normal @ axes[:, 2])])[0]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = cut.stored.shape[1:]
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.RescaleIntercept, dataset.RescaleSlope = 0, _decimals([cut.slope])[0]
    dataset.WindowCenter, dataset.WindowWidth = WINDOW
    dataset.PixelData = cut.stored[place].astype("<u2").tobytes()


def _decimals(values: Any) -> list[str]:
    return [format_number_as_ds(float(value)) for value in values]
