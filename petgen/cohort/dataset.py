"""A simulated person on disk: scans as a site would share them, the truth beside them."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from petgen.case import Biomarkers, InputError, check_biomarkers
from petgen.cohort.bids_files import read_image, read_json, write_image, write_json
from petgen.cohort.bids_metadata import pet_sidecar, protocol_of, t1_sidecar
from petgen.cohort.ideal import LOADS, Ideal, Typical
from petgen.cohort.subject import Subject
from petgen.imaging.grid import SPACE

TRUTH = Path("derivatives", "truth")
"""Where the dataset keeps what no site would know."""

RECORDED = ("anatomy", "diagnosis", "centiloid")
"""What is recorded of everybody beside the parameters of the simulation."""

_MASKS = {
    "mask": "desc-brain_mask",
    "cortex": "label-cortex_desc-centiloid_mask",
    "cerebellum": "label-cerebellum_desc-centiloid_mask",
}
_LABELS = {"parcels": "seg-DesikanKilliany_dseg", "tissue": "seg-tissue_dseg"}


def write_subject(root: Path, name: str, subject: Subject, *, tracer: str = "florbetapir") -> None:
    """Writes a person; the same person gives the same bytes.

    The truth's JSON is removed first and written last: where it stands, the person is complete.

    Args:
        root: Folder of the dataset.
        name: BIDS label without "sub-", the split's letters first, for example "train00012".
        subject: The person. Intensities are kept in steps of 1/1024.
        tracer: A key of `petgen.cohort.tracers.TRACERS`, the one the scan was simulated with.

    Raises:
        ValueError: The name is no BIDS label, an image is not on the working grid, or a parameter of the truth has
            the name of something that is recorded of everybody.
        InputError: No such tracer.
    """
    if not re.fullmatch("[a-zA-Z0-9]+", name):
        msg = f"{name!r} is no BIDS label: letters and digits only"
        raise ValueError(msg)
    if clash := {"participant_id", *RECORDED} & subject.truth.keys():
        msg = f"the truth names {', '.join(sorted(clash))}, which the record holds already"
        raise ValueError(msg)
    protocol, record = protocol_of(tracer), _record_file(root, name)
    record.unlink(missing_ok=True)
    t1, pet = _t1_file(root, name), _pet_file(root, name, tracer)
    write_image(subject.t1.astype(np.float32), t1, "SIMULATED T1w")
    write_json(_beside(t1), t1_sidecar())
    for other in pet.parent.glob(f"sub-{name}_trc-*_pet.*"):
        other.unlink()
    write_image(subject.pet.astype(np.float32), pet, f"SIMULATED {tracer} PET, SUVR")
    write_json(_beside(pet), pet_sidecar(protocol))
    for field, ending in _MASKS.items():
        write_image(getattr(subject, field).astype(bool), _truth_file(root, name, ending), f"SIMULATED {ending}")
    for field, ending in _LABELS.items():
        write_image(getattr(subject, field).astype(np.int32), _truth_file(root, name, ending), f"SIMULATED {ending}")
    if subject.ideal:
        noise_free = _noise_free_file(root, name, tracer)
        write_image(subject.ideal.noise_free.astype(np.float32), noise_free, f"SIMULATED {tracer} PET without noise")
        rows = [[None if np.isnan(value) else float(value) for value in row] for row in subject.ideal.typical]
        write_json(_typical_file(root, name), {"loads": list(LOADS), "typical": rows})
    for number, typical in enumerate(subject.typical):
        file = _typical_scan_file(root, name, tracer, number)
        write_image(typical.suvr.astype(np.float32), file, f"SIMULATED typical {tracer} PET")
    content: dict[str, Any] = {
        "anatomy": subject.anatomy,
        "diagnosis": subject.diagnosis,
        "tracer": tracer,
        "values": subject.values.model_dump(exclude_none=True, exclude_defaults=True),
        "centiloid": float(subject.centiloid),
        "truth": {key: value if isinstance(value, str) else float(value) for key, value in subject.truth.items()},
    }
    if subject.typical:
        content["typical"] = [float(typical.centiloid) for typical in subject.typical]
    write_json(record, content)


def read_subject(root: Path, name: str) -> Subject:
    """A person that `write_subject` wrote; masks, labels and values exact, intensities within 1/2048.

    Raises:
        InputError: The person is not there, incomplete or damaged.
    """
    record = read_record(root, name)
    mend = f"Delete {_record_file(root, name)} and run `petgen simulate` again."
    masks = {field: read_image(_truth_file(root, name, ending), bool, mend) for field, ending in _MASKS.items()}
    labels = {field: read_image(_truth_file(root, name, ending), np.int32, mend) for field, ending in _LABELS.items()}
    return Subject(
        anatomy=record["anatomy"],
        diagnosis=record["diagnosis"],
        values=_values(root, name, record),
        t1=read_image(_t1_file(root, name), np.float32, mend),
        pet=read_image(_pet_file(root, name, record["tracer"]), np.float32, mend),
        centiloid=record["centiloid"],
        truth=record["truth"],
        mask=masks["mask"],
        cortex=masks["cortex"],
        cerebellum=masks["cerebellum"],
        parcels=labels["parcels"],
        tissue=labels["tissue"],
    )


def read_ideal(root: Path, name: str) -> Ideal:
    """What could be known at best of a test person's PET.

    Raises:
        InputError: It was not kept, or is damaged.
    """
    record = read_record(root, name)
    mend = f"Delete {_record_file(root, name)} and run `petgen simulate --split test` again."
    content = read_json(_typical_file(root, name), mend)
    try:
        typical = np.array(content["typical"], dtype=float)
    except (KeyError, ValueError):
        raise InputError("holds no typical regions", where=str(_typical_file(root, name)), mend=mend) from None
    if content.get("loads") != list(LOADS) or typical.ndim != 2 or len(typical) != len(LOADS):
        raise InputError("holds other loads", where=str(_typical_file(root, name)), mend=mend)
    return Ideal(read_image(_noise_free_file(root, name, record["tracer"]), np.float32, mend), typical)


def read_typical(root: Path, name: str, number: int) -> Typical | None:
    """One of the typical scans of a person's brain; None where none were kept.

    Args:
        root: Folder of the dataset.
        name: Of the person.
        number: Which of `petgen.cohort.ideal.TYPICAL_LOADS`.

    Raises:
        InputError: The person is not there, incomplete or damaged.
    """
    record = read_record(root, name)
    measured = record.get("typical", [])
    if not measured:
        return None
    mend = f"Delete {_record_file(root, name)} and run `petgen simulate --split train` again."
    file = _typical_scan_file(root, name, record["tracer"], number)
    return Typical(read_image(file, np.float32, mend), float(measured[number]))


def read_values(root: Path, name: str) -> Biomarkers:
    """A person's measured values, without reading an image.

    Raises:
        InputError: The person is not there, incomplete or damaged.
    """
    return _values(root, name, read_record(root, name))


def read_record(root: Path, name: str) -> dict[str, Any]:
    """What is known of a person besides the images: anatomy, diagnosis, tracer, values, centiloid and truth.

    Raises:
        InputError: The person is not there, incomplete or damaged.
    """
    path = _record_file(root, name)
    if not path.exists():
        raise InputError("no complete simulated person", where=f"sub-{name} in {root}", mend="Run `petgen simulate`.")
    mend = "Delete it and run `petgen simulate` again."
    record = read_json(path, mend)
    expected = {"anatomy": str, "diagnosis": str, "tracer": str, "values": dict, "centiloid": float, "truth": dict}
    for key, kind in expected.items():
        if not isinstance(record.get(key), kind):
            raise InputError(f"holds no {key}", where=str(path), mend=mend)
    return record


def is_complete(root: Path, name: str) -> bool:
    """Whether a person has been written to the end."""
    return _record_file(root, name).is_file()


def subjects(root: Path, split: str | None = None) -> list[str]:
    """Names of the complete people, sorted.

    Args:
        root: Folder of the dataset.
        split: Only those whose name is these letters and then a number; everybody when None.
    """
    names = (file.parent.name.removeprefix("sub-") for file in (root / TRUTH).glob("sub-*/sub-*_desc-truth.json"))
    return sorted(name for name in names if split is None or name.rstrip("0123456789") == split)


def _values(root: Path, name: str, record: dict[str, Any]) -> Biomarkers:
    return check_biomarkers(record["values"], where=str(_record_file(root, name)))


def _record_file(root: Path, name: str) -> Path:
    return root / TRUTH / f"sub-{name}" / f"sub-{name}_desc-truth.json"


def _truth_file(root: Path, name: str, ending: str) -> Path:
    return root / TRUTH / f"sub-{name}" / "anat" / f"sub-{name}_space-{SPACE}_{ending}.nii.gz"


def _t1_file(root: Path, name: str) -> Path:
    return root / f"sub-{name}" / "anat" / f"sub-{name}_T1w.nii.gz"


def _pet_file(root: Path, name: str, tracer: str) -> Path:
    return root / f"sub-{name}" / "pet" / f"sub-{name}_trc-{protocol_of(tracer).label}_pet.nii.gz"


def _noise_free_file(root: Path, name: str, tracer: str) -> Path:
    pet = _pet_file(root, name, tracer).name.replace("_pet.", "_desc-noisefree_pet.")
    return root / TRUTH / f"sub-{name}" / "pet" / pet


def _typical_scan_file(root: Path, name: str, tracer: str, number: int) -> Path:
    pet = _pet_file(root, name, tracer).name.replace("_pet.", f"_desc-typical{number + 1}_pet.")
    return root / TRUTH / f"sub-{name}" / "pet" / pet


def _typical_file(root: Path, name: str) -> Path:
    return root / TRUTH / f"sub-{name}" / f"sub-{name}_desc-typical.json"


def _beside(image: Path) -> Path:
    return image.with_name(image.name.replace(".nii.gz", ".json"))
