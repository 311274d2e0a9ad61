"""Whether a result is what petgen makes of a scan: its record is checked, then everything is computed again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from petgen import __version__
from petgen.case import Biomarkers, Case, Result, Step, Synthesis, values_checksum
from petgen.imaging import open_scan
from petgen.models import Models
from petgen.pipeline import synthesize
from petgen.report import Check, compare, read_outputs

NOT_RECORDED = "not recorded"
_DIGITS = 12


@dataclass(frozen=True)
class Verdict:
    """What came of a verification.

    Attributes:
        checks: In the order in which they were made.
        recomputed: Whether the volume was computed again; not so when inputs or weights differ already.
    """

    checks: tuple[Check, ...]
    recomputed: bool

    @property
    def confirmed(self) -> bool:
        """Whether the volume came out again, and nothing differs that has to agree."""
        return self.recomputed and not self.differing

    @property
    def differing(self) -> tuple[Check, ...]:
        """What differs that has to agree."""
        return tuple(check for check in self.checks if check.fine is False)


def verify(folder: Path, t1: Path, models: Callable[[str], Models], progress: Callable[[str], None]) -> Verdict:
    """Compares a result with a T1w, the weights of its model, and what both give now.

    A PET of the patient's own plays no part: the synthetic PET does not depend on it. Another version of petgen alone
    is no contradiction; the numbers decide.

    Args:
        folder: As `petgen synthesize` wrote it, or of one person as `petgen batch` wrote it.
        t1: The T1w that it is said to be made from.
        models: Loads a model by its name; not called when scan or values differ already.
        progress: Told each step.

    Raises:
        InputError: The folder holds no result, a file of it is damaged, or the scan cannot be used.
    """
    stored, scan = read_outputs(folder), open_scan(t1)
    result = stored.result
    checks = _inputs(result, stored.biomarkers, scan.sha256)
    if any(check.fine is False for check in checks):
        return Verdict(checks, recomputed=False)
    loaded = models(result.model)
    checks += _weights(result, loaded)
    if any(check.fine is False for check in checks):
        return Verdict(checks, recomputed=False)
    case = Case(scan.image, stored.biomarkers, stored.code, result.seed, result.cutoffs, scan.warnings)
    for event in synthesize(case, loaded):
        if isinstance(event, Step):
            progress(f"Step {event.index} of {event.total}: {event.name}")
        elif isinstance(event, Synthesis):
            checks += compare(stored, event)
    return Verdict(checks, recomputed=True)


def _inputs(result: Result, values: Biomarkers, scan: str) -> tuple[Check, ...]:
    known = result.made_from
    same = result.petgen_version == __version__
    return (
        Check("petgen", result.petgen_version, __version__, True if same else None),
        _checksum("T1w as read", known.scan_sha256 if known else "", scan),
        _checksum("values.json", known.values_sha256 if known else "", values_checksum(values)),
    )


def _weights(result: Result, models: Models) -> tuple[Check, ...]:
    known = result.made_from
    others = {name: found for name, found in known.weights.items() if found != result.weights_sha256} if known else {}
    return (
        _checksum("Generator", result.weights_sha256, models.generator.checksum),
        *(_checksum(name, recorded, models.checksums.get(name, "")) for name, recorded in others.items()),
    )


def _checksum(name: str, recorded: str, found: str) -> Check:
    fine = recorded == found if recorded else None
    return Check(name, recorded[:_DIGITS] or NOT_RECORDED, found[:_DIGITS], fine)
