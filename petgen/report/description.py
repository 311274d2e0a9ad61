"""What a synthetic volume says of itself in its own header."""

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
