"""A generator changed for a site: its tracer named, its SUVR put on a line, or its decoder adapted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from petgen.benchmark.predictor import Predictor
from petgen.benchmark.site.seen import Seen
from petgen.case import InputError
from petgen.cohort.people import People
from petgen.generator.device import channels_last
from petgen.generator.network import Generator
from petgen.generator.train import TrainSettings
from petgen.training import train_generator

ADAPTING = TrainSettings(steps=300, rate=2e-4, averaging=0.98, keep_every=100)
"""A tenth of the bundled model's passes at a third of its rate; the average follows as fast as the steps are few."""


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


def gain_of(seen: Seen) -> float:
    """Slope of the site's regional SUVR over those painted at each person's own load, both less the cerebellum's 1.

    Least squares through the reference region, over all regions of all people; kept within the bounds of
    `GeneratorConfig.gain`.

    Args:
        seen: What the generator says of people before it is changed.
    """
    from sklearn.linear_model import LinearRegression

    known = np.isfinite(seen.regions) & np.isfinite(seen.own_regions)
    painted, measured = seen.own_regions[known] - 1, seen.regions[known] - 1
    line = LinearRegression(fit_intercept=False).fit(painted[:, None], measured)
    return float(np.clip(line.coef_[0], 0.2, 5))


def changed(start: Predictor, tracer: str, gain: float = 1.0) -> Predictor:
    """The same weights as a generator of another tracer, on another line.

    Args:
        start: The generator, ours.
        tracer: Key of `petgen.quantify.EQUATIONS`.
        gain: As in `GeneratorConfig`.
    """
    assert isinstance(start.network, Generator)
    network = Generator(start.network.config.model_copy(update={"tracer": tracer, "gain": gain}))
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
