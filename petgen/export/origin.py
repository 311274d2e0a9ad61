"""By what an exported object was made, where the standard has a place for it (PS3.3 C.12.1, contributing equipment)."""

from typing import Any

from petgen.case import Result
from petgen.report import made_by_words


def contribution(result: Result) -> Any:
    """One item of the sequence: version, weights, seed and inputs of the synthesis, however much later it is exported.

    Args:
        result: Of the case.

    Returns:
        pydicom.Dataset.
    """
    from pydicom.dataset import Dataset

    purpose, item = Dataset(), Dataset()
    purpose.CodeValue, purpose.CodingSchemeDesignator, purpose.CodeMeaning = "109102", "DCM", "Processing Equipment"
    item.PurposeOfReferenceCodeSequence = [purpose]
    item.Manufacturer, item.ManufacturerModelName = "petgen", result.model
    item.SoftwareVersions = result.petgen_version
    item.ContributionDescription = made_by_words(result)
    return item
