"""What the exported files of one study share: patient, study, equipment, time."""

from datetime import datetime
from typing import Any

from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from petgen import __version__
from petgen.case import SYNTHETIC
from petgen.export.identity import TAGS, UID, Identity


class Study:
    """A study that exported files belong to.

    Args:
        identity: Patient and study; a study without a UID gets a new one, and the time of the export.
        made: When the files are made, local time.

    Attributes:
        frame: UID of the frame of reference of images; a new one where the identity knows none.
    """

    def __init__(self, identity: Identity, made: datetime) -> None:
        self.date, self.time = f"{made:%Y%m%d}", f"{made:%H%M%S}"
        new = {UID: str(generate_uid()), "StudyDate": self.date, "StudyTime": self.time}
        self.frame = identity.frame or str(generate_uid())
        self._values = dict.fromkeys(TAGS, "") | ({} if UID in identity.values else new) | identity.values

    def dataset(self, sop_class: str, modality: str, series: str, number: int) -> Any:
        """A dataset with everything but its content.

        Args:
            sop_class: UID of the kind of object.
            modality: Code of the series.
            series: UID of the series.
            number: Of the series.

        Returns:
            pydicom.FileDataset, with a new UID of its own.
        """
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = sop_class, ExplicitVRLittleEndian
        meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        dataset.SpecificCharacterSet = "ISO_IR 192"
        dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
        for keyword, value in self._values.items():
            setattr(dataset, keyword, value)
        dataset.ReferringPhysicianName = ""
        dataset.Modality, dataset.SeriesInstanceUID, dataset.SeriesNumber = modality, series, number
        dataset.SeriesDescription, dataset.SyntheticData = SYNTHETIC, "YES"
        dataset.SeriesDate = dataset.ContentDate = dataset.InstanceCreationDate = self.date
        dataset.SeriesTime = dataset.ContentTime = dataset.InstanceCreationTime = self.time
        dataset.Manufacturer = dataset.ManufacturerModelName = "petgen"
        dataset.SoftwareVersions, dataset.BurnedInAnnotation = __version__, "YES"
        return dataset
