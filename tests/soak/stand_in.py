"""Quick work in place of the pipeline: the same steps on disk, and the real files of a bundled demo as its outcome."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from petgen.case import Step
from petgen.demos import demo_cases
from petgen.imaging.scratch import scratch_folder
from petgen.jobs import Work
from petgen.store import CaseRow, Store
from petgen.store.seal import checksums

Outcome = Path


def outcomes() -> list[Outcome]:
    """Results of the bundled demos."""
    return [demo.result for demo in demo_cases() if demo.result]


def outcome_of(case: CaseRow) -> Outcome:
    """The one result that a case must have, chosen by its id."""
    found = outcomes()
    return found[int(case.id, 16) % len(found)]


def write(outcome: Outcome, folder: Path) -> None:
    """Writes an outcome, as `petgen.report.write_outputs` would."""
    for file in outcome.iterdir():
        shutil.copy2(file, folder)


def is_whole(store: Store, case: CaseRow) -> bool:
    """Whether a result is every file of its outcome and nothing else; raises `InputError` where it is damaged."""
    return checksums(outcome_of(case)) == checksums(store.open_result(case.id, case.owner))


def work_of(store: Store, *, pause_s: float = 0.02) -> Callable[[CaseRow], Work]:
    """Makes the work of a case: a stripped scan kept on the way, transforms in a scratch folder, pauses between."""

    def make(case: CaseRow) -> Work:
        def work() -> Iterator[object]:
            outcome = outcome_of(case)
            yield Step("Skull strip", 1, 3)
            if case.source == "upload":
                scan = next(outcome.glob("*_desc-brain_T1w.nii.gz"))
                store.save_stripped(case.id, case.owner, lambda folder: shutil.copy2(scan, folder / "T1w.nii.gz"))
            yield Step("Registration to the template", 2, 3)
            with scratch_folder() as folder:
                (folder / "to_1Warp.nii.gz").write_bytes(bytes(2_000_000))
                time.sleep(pause_s)
            yield Step("Generator", 3, 3)
            time.sleep(pause_s)
            yield outcome

        return work

    return make
