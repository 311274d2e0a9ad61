"""A site's own people: a BIDS dataset with T1w, amyloid PET and participants.tsv."""

from pathlib import Path
from typing import Literal

import numpy as np

from petgen.case import Biomarkers, InputError, kept
from petgen.cohort.ideal import Ideal, Typical
from petgen.cohort.site_columns import read_columns, values_of
from petgen.cohort.site_files import pet_of, read_participants, t1_of, tracer_of
from petgen.cohort.subject import Subject
from petgen.imaging import prepare, read_scan, warp_from_template
from petgen.imaging.pet import pet_on_template, read_pet
from petgen.imaging.prepare import Prepared
from petgen.quantify import centiloid_cortex, composite_suvr, equation_of, parcellation, whole_cerebellum
from petgen.quantify.suvr import normalise_to_cerebellum

PREPARED = Path("derivatives", "petgen")
"""Where skull-stripped, registered scans are kept inside the dataset."""


class SitePeople:
    """People of a BIDS dataset; every scan is prepared once and kept, skull-stripped.

    The column `split` of participants.tsv says who is in which split; without it, people take turns between train
    (for the baselines) and test. PET is brought to 8 mm.

    Args:
        root: Folder of the dataset.

    Raises:
        InputError: There is no participants.tsv, or it has no participant_id.
    """

    provenance: Literal["simulated-cohort", "site-cohort"] = "site-cohort"

    def __init__(self, root: Path) -> None:
        self.root = root
        self.table, self.columns = read_participants(root), read_columns(root)

    def names(self, split: str | None) -> list[str]:
        """Names of a split's people with both scans, sorted; everybody's when None."""
        there = [name for name in sorted(self.table.index) if t1_of(self.root, name) and pet_of(self.root, name)]
        if split is None:
            return there
        if "split" in self.table:
            return [name for name in there if self.table.at[name, "split"] == split]
        return {"train": there[1::2], "test": there[0::2]}.get(split, [])

    def tracer(self, name: str) -> str:
        """Tracer that the name of a person's PET tells; florbetapir where it tells none."""
        return tracer_of(pet_of(self.root, name) or Path()) or "florbetapir"

    def values(self, name: str) -> Biomarkers:
        """A person's values, from the columns that `petgen_columns.json` names, or else from petgen's own names."""
        row = {str(key): value for key, value in self.table.loc[name].items()}
        return values_of(row, self.columns, f"sub-{name} in {self.root / 'participants.tsv'}")

    def read(self, name: str) -> Subject:
        """A person with images on the working grid.

        Raises:
            InputError: A scan is missing or cannot be used.
        """
        file = self.root / PREPARED / f"sub-{name}" / f"sub-{name}_desc-prepared.npz"
        if not file.exists():
            self._prepare(name, file)
        with kept.reading(file, "Delete it; the person is prepared again."), np.load(file) as found:
            t1, pet = found["t1"].astype(np.float32), found["pet"].astype(np.float32)
            mask, cortex, cerebellum = found["masks"]
            parcels = found["parcels"].astype(np.int32)
        load = equation_of(self.tracer(name)).centiloid(composite_suvr(pet, cortex, cerebellum))
        nothing = np.zeros_like(parcels)
        return Subject(name, self.values(name), "", t1, mask, pet, parcels, nothing, cortex, cerebellum, load, {})

    def ideal(self, name: str) -> Ideal | None:
        """Nobody knows."""
        del name
        return None

    def typical(self, name: str, number: int) -> Typical | None:
        """Nobody knows."""
        del name, number
        return None

    def _prepare(self, name: str, file: Path) -> None:
        t1_file, pet_file = t1_of(self.root, name), pet_of(self.root, name)
        if t1_file is None or pet_file is None:
            mend = "BIDS wants anat/*_T1w.nii.gz and pet/*_pet.nii.gz in the person's folder."
            raise InputError("T1w or PET is missing", where=f"sub-{name} in {self.root}", mend=mend)
        scan = read_scan(t1_file).image
        prepared = next(item for item in prepare(scan) if isinstance(item, Prepared))
        atlas = {"atlas": parcellation(), "cortex": centiloid_cortex(), "cerebellum": whole_cerebellum()}
        on = warp_from_template({key: volume.astype(np.int32) for key, volume in atlas.items()}, prepared.t1)
        cortex, cerebellum = (prepared.mask & (on[key] > 0) for key in ("cortex", "cerebellum"))
        pet = normalise_to_cerebellum(pet_on_template(read_pet(pet_file).image, scan, prepared).pet, cerebellum)
        with kept.writing(file) as part:
            np.savez_compressed(
                part,
                t1=prepared.t1.astype(np.float16),
                pet=pet.astype(np.float16),
                masks=np.stack([prepared.mask, cortex, cerebellum]),
                parcels=np.where(prepared.mask, on["atlas"], 0).astype(np.int16),
            )
