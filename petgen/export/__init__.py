"""A finished case as DICOM: the synthetic PET as a series, the report as a document of the same study."""

from petgen.export.identity import Identity, coded, read_identity
from petgen.export.write import dicom_zip, write_dicom

__all__ = ["Identity", "coded", "dicom_zip", "read_identity", "write_dicom"]
