"""What a generator says of people beside what their PET measure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from petgen.assess import evidence_of
from petgen.benchmark.predictor import Predictor
from petgen.case import kept
from petgen.cohort.people import People
from petgen.cohort.subject import Subject
from petgen.diagnosis.evidence import table
from petgen.diagnosis.scores import Scores
from petgen.generator.at_load import OnSubject, at_load
from petgen.generator.network import Generator
from petgen.generator.synthesise import encode
from petgen.quantify import Equation, equation_of
from petgen.quantify.agreement import Agreement, agreement


@dataclass(frozen=True)
class Seen:
    """People as a generator sees them; arrays have one row a person.

    What begins with `own` is of the image painted at the load that the PET itself measures: it tells the image's
    quality apart from what the inputs leave open of the load.

    Attributes:
        anatomy: Anatomy each comes from, or the person where everybody has an own.
        centiloid: Of the PET, by its tracer's equation.
        made_centiloid: Of the default image, by the generator's.
        composite: SUVR of the PET.
        made_composite: Of the default image.
        ssim_brain: Of the default image, as in `Agreement`.
        mae_suvr: The same.
        regional_r: The same.
        own_ssim_brain: Of the image at the own load.
        own_mae_suvr: The same.
        own_regional_r: The same.
        regions: Regions' SUVR of the PET, (n, regions).
        cell: Zone x panel.
        chances: Posterior of the load, (n, classes).
        lines: Regions' SUVR at the classes' centres, (n, classes, regions).
        score: Probability of amyloid positivity by the model of the image, 0 to 1.
    """

    anatomy: np.ndarray
    centiloid: np.ndarray
    made_centiloid: np.ndarray
    composite: np.ndarray
    made_composite: np.ndarray
    ssim_brain: np.ndarray
    mae_suvr: np.ndarray
    regional_r: np.ndarray
    own_ssim_brain: np.ndarray
    own_mae_suvr: np.ndarray
    own_regional_r: np.ndarray
    regions: np.ndarray
    cell: np.ndarray
    chances: np.ndarray
    lines: np.ndarray
    score: np.ndarray

    def rows(self, chosen: np.ndarray) -> "Seen":
        """Some of the people, by number or as a mask."""
        return Seen(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})

    def save(self, file: Path) -> None:
        """Writes everything, whole or not at all."""
        with kept.writing(file) as part:
            np.savez_compressed(part, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, file: Path) -> "Seen":
        """What `save` wrote.

        Raises:
            InputError: The file is damaged.
        """
        with kept.reading(file, "Delete it; the people are run again."), np.load(file) as found:
            return cls(**{field.name: found[field.name] for field in fields(cls)})

    @classmethod
    def of(cls, parts: Sequence["Seen"]) -> "Seen":
        """People of several parts, one after another."""
        return cls(
            **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)}
        )


def look(people: People, names: Sequence[str], predictor: Predictor, scores: Scores) -> Seen:
    """Runs a generator on people.

    Args:
        people: The cohort.
        names: The people.
        predictor: The generator, with a posterior.
        scores: The models of amyloid status.
    """
    return Seen.of([_look(people.read(name), equation_of(people.tracer(name)), predictor, scores) for name in names])


def _look(person: Subject, equation: Equation, predictor: Predictor, scores: Scores) -> Seen:
    network = predictor.network
    assert isinstance(network, Generator)
    on = OnSubject(person.mask, person.parcels, person.cortex, person.cerebellum)
    encoded, features = encode(network, person.t1, person.parcels), predictor.conditioning.features(person.values)
    found = predictor.assess(encoded, on, person.values)
    evidence = evidence_of(network, encoded, on, person.t1, person.values, found)

    def compared(image: np.ndarray) -> Agreement:
        where = (person.parcels, person.mask, person.cortex, person.cerebellum)
        return agreement(image, person.pet, *where, (network.config.equation, equation))

    default, own = compared(found.suvr), compared(at_load(network, encoded, on, features, person.centiloid))
    row = {
        "anatomy": person.anatomy,
        "centiloid": default.centiloid[1],
        "made_centiloid": default.centiloid[0],
        "composite": default.composite[1],
        "made_composite": default.composite[0],
        "ssim_brain": default.ssim_brain,
        "mae_suvr": default.mae_suvr,
        "regional_r": default.regional_r,
        "own_ssim_brain": own.ssim_brain,
        "own_mae_suvr": own.mae_suvr,
        "own_regional_r": own.regional_r,
        "regions": default.regions[1],
        "cell": found.cell,
        "chances": found.outlook.chances,
        "lines": found.lines,
        "score": scores.probability("spet", table("spet", [evidence]))[0],
    }
    return Seen(**{name: np.asarray(value)[None] for name, value in row.items()})
