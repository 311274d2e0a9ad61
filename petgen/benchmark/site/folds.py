"""A site's people in folds: each is painted by a model that was changed on the others."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from petgen.benchmark.predictor import Predictor, load_predictor
from petgen.benchmark.site.change import Line, adapted, changed, line_of, moments_of, tracer_of
from petgen.benchmark.site.seen import Seen, look
from petgen.case import InputError, kept
from petgen.cohort.at_site import AtSite
from petgen.cohort.bids_files import read_json, write_json
from petgen.cohort.people import open_people
from petgen.diagnosis.intervals import FEWEST
from petgen.diagnosis.scores import Scores
from petgen.generator.train import TrainSettings

Progress = Callable[[str], None]
VARIANT = "petgen"


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    Attributes:
        data: The site's dataset.
        weights: Folder of the model to start from, with its calibration.
        names: The site's people.
        work: Keeps what is done; a run that was stopped goes on from there.
        settings: How to adapt; None for recalibration alone.
        folds: Number of folds.
        jobs: Processes; one a core when None.
    """

    data: Path
    weights: Path
    names: tuple[str, ...]
    work: Path
    settings: TrainSettings | None
    folds: int = 5
    jobs: int | None = None

    def start(self) -> Predictor:
        """The model to start from."""
        return load_predictor(self.weights, VARIANT)

    def scores(self) -> Scores:
        """Its models of amyloid status."""
        return Scores.load(self.weights / f"{VARIANT}-scores.skops")

    def fold_of(self) -> np.ndarray:
        """Number of the fold of every person, (n,)."""
        from sklearn.model_selection import KFold

        found = np.zeros(len(self.names), dtype=int)
        for number, (_, held) in enumerate(KFold(self.folds, shuffle=True, random_state=0).split(self.names)):
            found[held] = number
        return found


@dataclass(frozen=True)
class Outcome:
    """A model changed for a site.

    Attributes:
        tracer: Of the site.
        model: Changed on everybody.
        line: Of the recalibrated model, on everybody.
        before: What the model that it started from says of everybody.
        recalibrated: What one whose line was fitted on the other folds says.
        adapted: What one whose decoder was trained on the other folds says; None for recalibration alone.
    """

    tracer: str
    model: Predictor
    line: Line
    before: Seen
    recalibrated: Seen
    adapted: Seen | None = field(default=None)

    @property
    def last(self) -> Seen:
        """What the finished kind of model says of people that it was not fitted on."""
        return self.adapted or self.recalibrated


def run(plan: Plan, progress: Progress) -> Outcome:
    """Changes a model for a site, in folds and on everybody.

    Args:
        plan: What is to be done.
        progress: Told how far it is.

    Raises:
        InputError: There are too few people, or of several tracers; the work folder holds another run.
    """
    if len(plan.names) < FEWEST:
        what = f"{len(plan.names)} people with T1w and amyloid PET are too few, {FEWEST} are needed"
        raise InputError(what, where=str(plan.data), mend="Add people; 40 or more are better.")
    tracer = tracer_of(open_people(plan.data), plan.names)
    _claim(plan)
    progress(f"{len(plan.names)} people, {tracer}: the model as it is")
    before = seen_before(plan, plan.work / "before", progress)
    moments = np.array(_parallel(plan, [(name, tracer) for name in plan.names], _moments, progress, "lines"))
    line = line_of(moments)
    works: list[tuple[Any, ...]] = [(number, moments) for number in range(plan.folds)]
    found = _parallel(plan, works, _fold, progress, "folds")
    order = np.argsort(np.concatenate([np.flatnonzero(plan.fold_of() == k) for k in range(plan.folds)]))
    recalibrated = Seen.of([part[0] for part in found]).rows(order)
    if plan.settings is None:
        return Outcome(tracer, changed(plan.start(), tracer, line), line, before, recalibrated)
    progress("adapting to everybody")
    people = AtSite(open_people(plan.data))
    model = adapted(plan.start(), people, plan.names, plan.settings, plan.work / "everybody", progress)
    return Outcome(tracer, model, line, before, recalibrated, Seen.of([part[1] for part in found]).rows(order))


def seen_before(plan: Plan, folder: Path, progress: Progress) -> Seen:
    """What the model to start from says of everybody, person by person.

    Args:
        plan: Names the people and the model.
        folder: Keeps what is done.
        progress: Told how far it is.
    """
    files = [(name, folder / f"{name}.npz") for name in plan.names]
    return Seen.of(_parallel(plan, files, _before, progress, "people"))


def seen_by(plan: Plan, predictor: Predictor, names: Sequence[str], file: Path) -> Seen:
    """What a generator says of people of the site; read from a file when it is there, and written there otherwise.

    Args:
        plan: Names the dataset and the scores.
        predictor: The generator.
        names: The people.
        file: Where it is kept.
    """
    if not file.exists():
        look(open_people(plan.data), names, predictor, plan.scores()).save(file)
    return Seen.load(file)


def _claim(plan: Plan) -> None:
    """Writes the plan into its work folder, or checks that it is the one that is there."""
    file = plan.work / "plan.json"
    wanted = {
        "weights": plan.start().checksum,
        "names": list(plan.names),
        "folds": plan.folds,
        "settings": None
        if plan.settings is None
        else {**asdict(plan.settings), "losses": plan.settings.losses.model_dump()},
    }
    if file.exists() and read_json(file, "Choose another folder.") != wanted:
        raise InputError("holds another run", where=str(plan.work), mend="Choose another --work, or delete it.")
    plan.work.mkdir(parents=True, exist_ok=True)
    write_json(file, wanted)


def _parallel(
    plan: Plan, works: Sequence[tuple[Any, ...]], work: Callable[..., Any], progress: Progress, words: str
) -> list[Any]:
    from joblib import Parallel, delayed

    jobs = Parallel(n_jobs=plan.jobs or -1, return_as="generator", batch_size=1, max_nbytes=None)
    found = []
    for item in jobs(delayed(work)(plan, *arguments) for arguments in works):
        found.append(item)
        progress(f"{words}: {len(found)} of {len(works)}")
    return found


def _before(plan: Plan, name: str, file: Path) -> Seen:
    import torch

    torch.set_num_threads(1)
    return seen_by(plan, plan.start(), [name], file)


def _moments(plan: Plan, name: str, tracer: str) -> np.ndarray:
    import torch

    torch.set_num_threads(1)
    file = plan.work / "lines" / f"{name}.npy"
    if not file.exists():
        found = moments_of(open_people(plan.data).read(name), tracer, plan.start())
        with kept.writing(file) as part:
            np.save(part, found)
    with kept.reading(file, "Delete it; the person is painted again."):
        return np.asarray(np.load(file))


def _fold(plan: Plan, number: int, moments: np.ndarray) -> tuple[Seen, Seen | None]:
    """The people of a fold by a recalibrated and by an adapted model of the others."""
    import torch

    torch.set_num_threads(1)
    start, own = plan.start(), plan.fold_of() == number
    held, others = ([name for name, of in zip(plan.names, own, strict=True) if of == side] for side in (True, False))
    people = AtSite(open_people(plan.data))
    folder = plan.work / f"fold{number}"
    line = changed(start, tracer_of(people, plan.names), line_of(moments[~own]))
    recalibrated = seen_by(plan, line, held, folder / "recalibrated.npz")
    if plan.settings is None:
        return recalibrated, None
    file = folder / "adapted.npz"
    if file.exists():
        return recalibrated, Seen.load(file)
    trained = adapted(start, people, others, plan.settings, folder, lambda text: None)
    return recalibrated, seen_by(plan, trained, held, file)
