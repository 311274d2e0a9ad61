"""A generator changed for a site: its tracer named, its SUVR brought to the site's, or its decoder adapted."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from petgen.benchmark.predictor import Predictor
from petgen.case import InputError
from petgen.cohort.people import People
from petgen.cohort.subject import Subject
from petgen.generator.at_load import OnSubject, at_load
from petgen.generator.device import channels_last
from petgen.generator.network import Generator
from petgen.generator.synthesise import encode
from petgen.generator.train import TrainSettings
from petgen.quantify.suvr import blurred, normalise_to_cerebellum
from petgen.training import train_generator

ADAPTING = TrainSettings(steps=300, rate=2e-4, averaging=0.98, keep_every=100)
"""A tenth of the bundled model's passes at a third of its rate; the average follows as fast as the steps are few."""

BLURS = (0.0, 2.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0)
"""Widths tried for a site's blur beyond what the network paints, mm FWHM; 6 takes 8 mm to 10."""


def tracer_of(people: People, names: Sequence[str]) -> str:
    """The one tracer of people's PET.

    Raises:
        InputError: There are several.
    """
    found = sorted({people.tracer(name) for name in names})
    if len(found) != 1:
        mend = "A model has one tracer: name the people of one by the column split, and give --split."
        raise InputError(f"the people have PET of several tracers: {', '.join(found)}", mend=mend)
    return found[0]


@dataclass(frozen=True)
class Line:
    """How a site's SUVR come out of painted ones.

    Attributes:
        gain: As in `GeneratorConfig`.
        blur_mm: The same.
    """

    gain: float = 1.0
    blur_mm: float = 0.0


def moments_of(person: Subject, tracer: str, start: Predictor) -> np.ndarray:
    """What the line is fitted from: sums over a person's brain of painted x measured, painted and measured squared.

    Painted is the image at the load that the PET measures, both by the equation of the site's tracer, so that their
    composites agree; all less the cerebellum's 1.

    Args:
        person: With a PET.
        tracer: Of the site.
        start: The generator before it is changed.

    Returns:
        (len(BLURS), 3), one row for each blur.
    """
    network = changed(start, tracer).network
    assert isinstance(network, Generator)
    on = OnSubject(person.mask, person.parcels, person.cortex, person.cerebellum)
    features = start.conditioning.features(person.values)
    image = at_load(network, encode(network, person.t1, person.parcels), on, features, person.centiloid)
    measured = normalise_to_cerebellum(person.pet * on.mask, on.cerebellum)[on.mask].astype(float) - 1
    rows = []
    for blur in BLURS:
        painted = normalise_to_cerebellum(blurred(image, blur, on.mask), on.cerebellum)[on.mask].astype(float) - 1
        rows.append((painted @ measured, painted @ painted, measured @ measured))
    return np.array(rows)


def line_of(moments: np.ndarray) -> Line:
    """The blur and the slope through the reference region of least squared error, voxel by voxel over all people.

    Args:
        moments: As from `moments_of`, (n, len(BLURS), 3).
    """
    both, painted, measured = moments.sum(0).T
    best = int(np.argmin(measured - both**2 / painted))
    return Line(float(np.clip(both[best] / painted[best], 0.2, 5)), BLURS[best])


def changed(start: Predictor, tracer: str, line: Line = Line()) -> Predictor:
    """The same weights as a generator of another tracer, on another line.

    Args:
        start: The generator, ours.
        tracer: Key of `petgen.quantify.EQUATIONS`.
        line: How its SUVR come out.
    """
    assert isinstance(start.network, Generator)
    network = Generator(start.network.config.model_copy(update={"tracer": tracer, **asdict(line)}))
    network.load_state_dict(start.network.state_dict())
    return replace(start, network=channels_last(network).eval())


def adapted(
    start: Predictor,
    people: People,
    names: Sequence[str],
    settings: TrainSettings,
    folder: Path,
    progress: Callable[[str], None],
) -> Predictor:
    """The decoder trained on a site's people.

    Encoder, volumes and posterior stay as they are, and with them all that is known of T1w and values.

    Args:
        start: The generator that it starts from.
        people: The site's cohort.
        names: Whom to train on; of one tracer.
        settings: How to train.
        folder: For checkpoint and log.
        progress: Told what happens.
    """
    made = changed(start, tracer_of(people, names))
    made.network.requires_grad_(False)
    assert isinstance(made.network, Generator)
    made.network.decoder.requires_grad_(True)
    trained = train_generator(made.network, start.conditioning, people, names, settings, folder, progress)
    return replace(start, network=trained)
