"""A trained variant as a function of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from petgen.assess import Assessment, assess
from petgen.case import Biomarkers, InputError
from petgen.cohort.subject import Subject
from petgen.conditioning import Conditioning, load_encoder
from petgen.diagnosis.intervals import Intervals
from petgen.diagnosis.values import ValuesModel
from petgen.generator.at_load import OnSubject
from petgen.generator.config import VARIANTS
from petgen.generator.network import Generator
from petgen.generator.objective import AnyGenerator
from petgen.generator.synthesise import Encoded, encode, synthesise_suvr
from petgen.generator.weights import load_weights
from petgen.language.convert import cache_folder
from petgen.quantify.suvr import normalise_to_cerebellum


@dataclass(frozen=True)
class Predicted:
    """What a variant says of a person.

    Attributes:
        suvr: Default image, (91, 109, 91), whole cerebellum = 1.
        assessment: What it leaves open; None where the variant has no posterior.
    """

    suvr: np.ndarray
    assessment: Assessment | None = None


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

    def predict(self, person: Subject, intervals: Intervals | None = None) -> Predicted:
        """The default image and, where there is a posterior, what it leaves open."""
        if not isinstance(self.network, Generator):
            return Predicted(self.predict_default(person))
        on = OnSubject(person.mask, person.parcels, person.cortex, person.cerebellum)
        seen = self.assess(encode(self.network, person.t1, person.parcels), on, person.values, intervals)
        return Predicted(seen.suvr, seen)

    def assess(
        self, encoded: Encoded, on: OnSubject, values: Biomarkers, intervals: Intervals | None = None
    ) -> Assessment:
        """What values say on an encoded T1w, by a variant with a posterior."""
        assert isinstance(self.network, Generator)
        return assess(self.network, encoded, on, self.conditioning.features(values), values, intervals)

    def predict_default(self, person: Subject, encoded: Encoded | None = None) -> np.ndarray:
        """The default image alone, whole cerebellum = 1, on the person's grid.

        Args:
            person: The person.
            encoded: The T1w, where it has been encoded before.
        """
        features = self.conditioning.features(person.values)
        if isinstance(self.network, Generator):
            on = OnSubject(person.mask, person.parcels, person.cortex, person.cerebellum)
            encoded = encoded or encode(self.network, person.t1, person.parcels)
            return assess(self.network, encoded, on, features, person.values, None, scenarios=False).suvr
        made = synthesise_suvr(self.network, person.t1, features)
        return normalise_to_cerebellum(made * person.mask, person.cerebellum)


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
