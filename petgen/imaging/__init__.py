"""A scan in: read and checked, brain extracted, bias corrected, brought to the template; a volume out."""

from petgen.imaging.bias import correct_bias
from petgen.imaging.dicom import DicomScan, read_dicom
from petgen.imaging.dicom_series import SeriesInfo
from petgen.imaging.grid import on_grid
from petgen.imaging.intensity import normalise
from petgen.imaging.native import to_native
from petgen.imaging.prepare import Prepared, prepare
from petgen.imaging.read import Scan, read_scan, scan_checksum
from petgen.imaging.register import Alignment, align, resample, warp_from_template
from petgen.imaging.source import open_scan
from petgen.imaging.strip import Stripped, strip
from petgen.imaging.write import save_volume, volume_bytes

__all__ = [
    "Alignment",
    "DicomScan",
    "Prepared",
    "Scan",
    "SeriesInfo",
    "Stripped",
    "align",
    "correct_bias",
    "normalise",
    "on_grid",
    "open_scan",
    "prepare",
    "read_dicom",
    "read_scan",
    "resample",
    "save_volume",
    "scan_checksum",
    "strip",
    "to_native",
    "volume_bytes",
    "warp_from_template",
]
