"""The one way through: a case in, a synthesis out, progress told on the way."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock

import numpy as np

from petgen import __version__
from petgen.assets import asset
from petgen.case import Biomarkers, Case, Result, Step, Synthesis
from petgen.diagnosis.values import ValuesModel
from petgen.generator.device import best_device
from petgen.generator.synthesise import synthesise_suvr
from petgen.generator.weights import LoadedGenerator, load_weights
from petgen.imaging import Prepared, prepare, to_native, warp_from_template
from petgen.language import prompt_fields, prompt_text
from petgen.language.encoder import TextEncoder
from petgen.quantify import (
    EQUATION,
    centiloid,
    centiloid_cortex,
    composite_suvr,
    normalise_to_cerebellum,
    parcellation,
    regional_suvr,
    whole_cerebellum,
    zone,
)

STEPS = (
    "Skull strip",
    "Bias correction",
    "Registration to the template",
    "Atlas to the subject",
    "Language model",
    "Generator",
    "Regions and Centiloid",
    "Back to the scan",
)


@dataclass(frozen=True)
class Models:
    """Everything that is loaded once and shared; safe to use from several threads.

    Attributes:
        encoder: Language model.
        values: Model of the values, fills the prediction field.
        generator: Generator with its version and checksum.
        lock: Held while the generator runs.
    """

    encoder: TextEncoder
    values: ValuesModel
    generator: LoadedGenerator
    lock: Lock


def load_models(progress: Callable[[str], None] | None = None) -> Models:
    """Loads the bundled models, on a CUDA device when there is one.

    Args:
        progress: Told when something takes long (the first conversion of the language model).

    Raises:
        InputError: A bundled file is missing or damaged.
    """
    generator = load_weights(asset("weights", "petgen.safetensors"))
    generator.network.to(best_device())
    values = ValuesModel.load(asset("weights", "values.safetensors"))
    return Models(TextEncoder.load(progress), values, generator, Lock())


def synthesize(case: Case, models: Models) -> Iterator[Step | Synthesis]:
    """Synthesises the amyloid PET of a case.

    Args:
        case: Checked scan and values.
        models: As `load_models` gives them.

    Yields:
        A `Step` as each of `STEPS` begins, and last the `Synthesis`.

    Raises:
        InputError: The scan cannot be used.
    """
    clock = _Clock()
    prepared: Prepared | None = None
    for event in prepare(case.scan, seed=case.seed):
        if isinstance(event, str):
            yield clock.begin(event)
        else:
            prepared = event
    assert prepared is not None
    yield clock.begin("Atlas to the subject")
    on_subject = _atlas_on(prepared, case.seed)
    yield clock.begin("Language model")
    chance = float(models.values.probability([case.biomarkers])[0])
    fields = prompt_fields(case.biomarkers, chance)
    features = models.encoder.encode([field.text for field in fields])
    yield clock.begin("Generator")
    with models.lock:
        made = synthesise_suvr(models.generator.network, prepared.t1, features)
    yield clock.begin("Regions and Centiloid")
    suvr = normalise_to_cerebellum(made, on_subject["cerebellum"])
    composite = composite_suvr(suvr, on_subject["cortex"], on_subject["cerebellum"])
    table = regional_suvr(suvr, on_subject["atlas"])
    yield clock.begin("Back to the scan")
    native = to_native(suvr, prepared.matrix, case.scan)
    result = Result(
        composite_suvr=composite,
        centiloid=centiloid(composite),
        centiloid_equation=EQUATION,
        amyloid_status=zone(centiloid(composite)),
        timings_s=clock.end(),
        warnings=[*case.warnings, *prepared.warnings, *case.biomarkers.warnings(), *_panel_warnings(case.biomarkers)],
        model_version=models.generator.version,
        weights_sha256=models.generator.checksum,
        petgen_version=__version__,
        seed=case.seed,
        device=str(best_device()),
    )
    yield Synthesis(
        result=result,
        suvr=suvr,
        t1=prepared.t1,
        mask=prepared.mask,
        parcellation=on_subject["atlas"],
        suvr_native=native,
        regions=table,
        prompt=prompt_text(fields),
        matrix=prepared.matrix,
        code=case.code,
    )


def _atlas_on(prepared: Prepared, seed: int) -> dict[str, np.ndarray]:
    """Parcellation and Centiloid masks warped onto the subject, inside the brain; masks as bool."""
    warped = warp_from_template(
        {
            "atlas": parcellation(),
            "cortex": centiloid_cortex().astype(np.uint8),
            "cerebellum": whole_cerebellum().astype(np.uint8),
        },
        prepared.t1,
        seed=seed,
    )
    return {
        "atlas": np.where(prepared.mask, warped["atlas"], 0),
        "cortex": (warped["cortex"] > 0) & prepared.mask,
        "cerebellum": (warped["cerebellum"] > 0) & prepared.mask,
    }


def _panel_warnings(biomarkers: Biomarkers) -> list[str]:
    if any(value is not None for value in (biomarkers.p_tau217, biomarkers.p_tau181, biomarkers.abeta42_40)):
        return []
    if biomarkers.abeta40 and biomarkers.abeta42:
        return []
    return ["No amyloid or tau marker in blood was given: the image says little about this patient's amyloid."]


class _Clock:
    """Names each step, counts it and times it."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._name = ""
        self._since = self._start = time.perf_counter()

    def begin(self, name: str) -> Step:
        self._close()
        self._name = name
        return Step(name, STEPS.index(name) + 1, len(STEPS))

    def end(self) -> dict[str, float]:
        self._close()
        return {**self._seconds, "total": round(time.perf_counter() - self._start, 3)}

    def _close(self) -> None:
        now = time.perf_counter()
        if self._name:
            self._seconds[self._name] = round(now - self._since, 3)
        self._since = now
