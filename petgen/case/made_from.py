"""What a result was made from, as checksums: enough to tell whether a scan and values are the same, and no more."""

import json
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, Field

from petgen.case.biomarkers import Biomarkers


class MadeFrom(BaseModel):
    """The inputs of one synthesis; with `petgen_version` and `seed` they decide the result."""

    model_config = ConfigDict(protected_namespaces=())

    model: str = Field(description="variant of the generator")
    scan_sha256: str = Field(description="of shape, affine and voxels of the T1w as read: RAS+, float32, no header")
    pet_sha256: str | None = Field(None, description="the same of the patient's own PET, where there was one")
    values_sha256: str = Field(description="of the values as JSON, names sorted")
    weights: dict[str, str] = Field({}, description="SHA-256 of every file of weights that was loaded, by name")


def values_checksum(values: Biomarkers) -> str:
    """SHA-256 of a patient's values; a missing value and the order of names change nothing."""
    known = values.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return sha256(json.dumps(known, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
