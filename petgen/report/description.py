"""What a file says of how it was made: in its own header, in its sidecar, in a sentence."""

from typing import Any

from petgen.case import SYNTHETIC, Result

_DIGITS = 8


def description_of(result: Result) -> str:
    """The NIfTI header's `descrip`, at most 79 bytes: that it is synthetic, and by what it was made.

    Checksums of weights and T1w are cut to 8 digits; `result.json` and the sidecar have all 64. Results written
    before inputs were recorded say no more than that they are synthetic.
    """
    found = result.made_from
    if found is None:
        return SYNTHETIC
    version = result.petgen_version[:16]
    return f"{SYNTHETIC}; petgen {version} w{result.weights_sha256[:_DIGITS]} t1 {found.scan_sha256[:_DIGITS]}"


def made_by(result: Result) -> dict[str, Any]:
    """The part of a sidecar that every volume has: version, weights, seed, and the inputs where they were recorded."""
    found = result.made_from
    return {
        "GeneratedBy": [{"Name": "petgen", "Version": result.petgen_version}],
        "ModelVersion": result.model_version,
        "WeightsSHA256": result.weights_sha256,
        "Seed": result.seed,
        **({"ScanSHA256": found.scan_sha256, "ValuesSHA256": found.values_sha256} if found else {}),
    }


def made_by_words(result: Result) -> str:
    """The same in one sentence of at most 400 letters, for files that have no sidecar."""
    found = result.made_from
    inputs = f", T1w SHA-256 {found.scan_sha256}, values SHA-256 {found.values_sha256}" if found else ""
    return (
        f"petgen {result.petgen_version}, model {result.model_version}, seed {result.seed}, "
        f"weights SHA-256 {result.weights_sha256}{inputs}"
    )
