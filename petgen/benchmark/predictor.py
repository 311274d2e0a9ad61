"""A trained variant as a function of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from petgen.case import InputError
from petgen.cohort.subject import Subject
from petgen.conditioning import Conditioning, load_encoder
from petgen.diagnosis.intervals import Intervals, cell_of, region_lines
from petgen.diagnosis.values import POSITIVE_CENTILOID, ValuesModel
from petgen.generator.config import VARIANTS
from petgen.generator.load import CENTRES, EDGES
from petgen.generator.network import Generator
from petgen.generator.objective import AnyGenerator
from petgen.generator.synthesise import encode, outlook, synthesise_suvr
from petgen.generator.weights import load_weights
from petgen.language.convert import cache_folder
from petgen.quantify.suvr import normalise_to_cerebellum, region_means


@dataclass(frozen=True)
class Predicted:
    """What a variant says of a person.

    Attributes:
        suvr: Default image, (91, 109, 91), whole cerebellum = 1.
        cell: Zone x panel; "" where the variant has no posterior.
        chances: Posterior of the load; None where there is none.
        lines: SUVR of the regions at the posterior's classes, (classes, regions); None where there is none.
    """

    suvr: np.ndarray
    cell: str = ""
    chances: np.ndarray | None = None
    lines: np.ndarray | None = None

    def intervals(self, intervals: Intervals | None) -> tuple[tuple[float, float], np.ndarray | None]:
        """90 % intervals of Centiloid and regions; NaN and None where there are none."""
        if intervals is None or self.chances is None or self.lines is None:
            return (np.nan, np.nan), None
        low, high = intervals.centiloid(self.chances, EDGES, self.cell)
        return (low, high), intervals.of_regions(self.chances, self.lines, self.cell)


@dataclass(frozen=True)
class Predictor:
    """A variant ready to run.

    Attributes:
        network: The generator.
        conditioning: Gives its features.
        checksum: SHA-256 of the weights.
    """

    network: AnyGenerator
    conditioning: Conditioning
    checksum: str

    def predict(self, person: Subject) -> Predicted:
        """The default image and, where there is a posterior, what it leaves open."""
        features = self.conditioning.features(person.values)
        if not isinstance(self.network, Generator):
            made = synthesise_suvr(self.network, person.t1, features)
            return Predicted(normalise_to_cerebellum(made * person.mask, person.cerebellum))
        seen = outlook(self.network, encode(self.network, person.t1), features, POSITIVE_CENTILOID)
        images = {
            load: normalise_to_cerebellum(image * person.mask, person.cerebellum) for load, image in seen.images.items()
        }
        regions = np.stack([region_means(image, person.parcels) for image in images.values()])
        return Predicted(
            images[seen.median],
            cell_of(seen.median, person.values),
            seen.chances,
            region_lines(list(images), regions, CENTRES),
        )


@cache
def load_predictor(folder: Path, variant: str) -> Predictor:
    """A variant's weights from a folder, with the values model beside them.

    Raises:
        InputError: The weights are not there or damaged.
    """
    loaded = load_weights(folder / f"{variant}.safetensors")
    values = ValuesModel.load(folder / "values.safetensors")
    encoder = load_encoder(loaded.network.config, cache_folder())
    return Predictor(loaded.network, Conditioning(loaded.network.config, values, encoder), loaded.checksum)


def variants_in(folder: Path, wanted: Sequence[str] = ()) -> list[str]:
    """Variants whose weights are in a folder, in the order of `VARIANTS`.

    Raises:
        InputError: One that is wanted is unknown or missing, or there is none at all.
    """
    there = [name for name in VARIANTS if (folder / f"{name}.safetensors").exists()]
    for name in wanted:
        if name not in there:
            mend = f"There are {', '.join(there) or 'none'}; train it with `petgen train --variant {name}`."
            raise InputError(f"no weights of the variant {name}", where=str(folder), mend=mend)
    if not there:
        raise InputError("no weights", where=str(folder), mend="Run `petgen train`.")
    return [name for name in there if name in wanted] if wanted else there
