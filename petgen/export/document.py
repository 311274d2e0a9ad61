"""The report as a DICOM object of Encapsulated PDF Storage (PS3.3 A.45.1)."""

from datetime import datetime
from typing import Any

from pydicom.uid import EncapsulatedPDFStorage, generate_uid

from petgen.case import SYNTHETIC, Synthesis
from petgen.export.study import Study
from petgen.report import make_report

NUMBER = 9002
"""Of the series; far from those of scanners."""


def report_document(synthesis: Synthesis, study: Study, made: datetime) -> Any:
    """The PDF in a series of its own; it says the case code and no name.

    Args:
        synthesis: The case.
        study: What it belongs to.
        made: When, aware.

    Returns:
        pydicom.FileDataset.
    """
    pdf = make_report(synthesis, made).pdf
    dataset = study.dataset(EncapsulatedPDFStorage, "DOC", generate_uid(), NUMBER)
    dataset.ConversionType, dataset.InstanceNumber, dataset.AcquisitionDateTime = "WSD", 1, ""
    dataset.DocumentTitle, dataset.ConceptNameCodeSequence = f"{SYNTHETIC}: report of petgen", []
    dataset.MIMETypeOfEncapsulatedDocument = "application/pdf"
    dataset.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    dataset.EncapsulatedDocumentLength = len(pdf)
    return dataset
