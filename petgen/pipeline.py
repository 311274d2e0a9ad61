"""The one way through: a case in, a synthesis out, progress told on the way."""

import time
from collections.abc import Iterator

import numpy as np

from petgen import __version__
from petgen.assess import Assessment, assess
from petgen.case import (
    Case,
    MadeFrom,
    Result,
    Step,
    Synthesis,
    values_checksum,
)
from petgen.findings import compared, judge, pet_warnings, values_warnings
from petgen.generator.at_load import OnSubject
from petgen.generator.device import device_of, with_room
from petgen.generator.synthesise import Encoded, encode, spread_map
from petgen.imaging import Prepared, prepare, resample, scan_checksum, to_native, warp_from_template
from petgen.imaging.grid import AFFINE, SHAPE
from petgen.imaging.pet import OnTemplate, pet_on_template
from petgen.imaging.prepare import Keep
from petgen.language import prompt_text
from petgen.models import Models
from petgen.quantify import (
    centiloid_cortex,
    normalise_to_cerebellum,
    parcellation,
    region_means,
    regional_suvr,
    whole_cerebellum,
)

OWN_PET = "The patient's own PET"
"""The step that only a case with a PET of its own has."""
STEPS = (
    "Skull strip",
    "Bias correction",
    "Registration to the template",
    "Atlas to the subject",
    OWN_PET,
    "Language model",
    "Generator",
    "Regions and Centiloid",
    "Scores and explanation",
    "Back to the scan",
)


NO_ROOM = (
    "The graphics card's memory was exhausted. This case was run on the processor, and so are the next ones until "
    "petgen is started again."
)


def synthesize(case: Case, models: Models, keep: Keep | None = None) -> Iterator[Step | Synthesis]:
    """Synthesises the amyloid PET of a case.

    Args:
        case: Checked scan and values.
        models: As `petgen.models.load_models` gives them.
        keep: Is given the scan without its skull.

    Yields:
        A `Step` as each of `STEPS` begins, and last the `Synthesis`.

    Raises:
        InputError: The scan cannot be used.
    """
    clock = _Clock(tuple(name for name in STEPS if case.pet is not None or name != OWN_PET))
    prepared: Prepared | None = None
    for event in prepare(case.scan, seed=case.seed, keep=keep):
        if isinstance(event, str):
            yield clock.begin(event)
        else:
            prepared = event
    assert prepared is not None
    yield clock.begin("Atlas to the subject")
    on = atlas_on(prepared, case.seed)
    own: OnTemplate | None = None
    reference: np.ndarray | None = None
    if case.pet is not None:
        yield clock.begin(OWN_PET)
        own = pet_on_template(case.pet, case.scan, prepared, seed=case.seed)
        reference = normalise_to_cerebellum(own.pet, on.cerebellum)
    elif case.simulated_pet is not None:
        simulated = resample(case.simulated_pet, prepared.matrix, AFFINE, SHAPE)
        reference = normalise_to_cerebellum(simulated * prepared.mask, on.cerebellum)
    yield clock.begin("Language model")
    fields = models.conditioning.prompts([case.biomarkers])[0]
    features = models.conditioning.features(case.biomarkers)
    yield clock.begin("Generator")
    with models.lock:
        (encoded, found), moved = with_room(models.network, lambda: _generate(case, models, prepared, on, features))
    yield clock.begin("Regions and Centiloid")
    table = regional_suvr(found.suvr, on.parcels)
    if found.regions_interval is not None:
        table[["suvr_low", "suvr_high"]] = found.regions_interval
    if reference is not None:
        table["suvr_reference"] = region_means(reference, on.parcels)
    spread = spread_map(found.outlook.chances, found.images)
    yield clock.begin("Scores and explanation")
    warnings = [*case.warnings, *prepared.warnings]
    with models.lock:
        judged, moved_late = with_room(
            models.network, lambda: judge(case, models, prepared, on, encoded, found, warnings)
        )
        device = device_of(models.network)
    if moved or moved_late:
        warnings.append(NO_ROOM)
    yield clock.begin("Back to the scan")
    native = to_native(found.suvr, prepared.matrix, case.scan)
    result = Result(
        **judged,
        reference=None
        if reference is None
        else compared(case, models, prepared, on, found.suvr, reference, own.fwhm if own else None),
        centiloid_equation=models.network.config.equation.words,
        tracer=models.network.config.tracer,
        cutoffs=case.cutoffs,
        timings_s=clock.end(),
        warnings=[*warnings, *pet_warnings(case, own), *values_warnings(case.biomarkers)],
        origin=case.origin,
        model_version=models.generator.version,
        weights_sha256=models.generator.checksum,
        petgen_version=__version__,
        seed=case.seed,
        device=str(device),
        model=models.name,
        provenance=models.provenance,
        made_from=_made_from(case, models),
    )
    yield Synthesis(
        result=result,
        suvr=found.suvr,
        t1=prepared.t1,
        mask=prepared.mask,
        parcellation=on.parcels,
        suvr_native=native,
        regions=table,
        negative=found.images[found.outlook.negative[1]],
        positive=found.images[found.outlook.positive[1]],
        spread=spread,
        prompt=prompt_text(fields),
        matrix=prepared.matrix,
        code=case.code,
        biomarkers=case.biomarkers,
        cortex=on.cortex,
        cerebellum=on.cerebellum,
        reference=reference,
        rim=prepared.rim,
    )


def _generate(
    case: Case, models: Models, prepared: Prepared, on: OnSubject, features: np.ndarray
) -> tuple[Encoded, Assessment]:
    encoded = encode(models.network, prepared.t1, on.parcels)
    return encoded, assess(models.network, encoded, on, features, case.biomarkers, models.intervals)


def atlas_on(prepared: Prepared, seed: int) -> OnSubject:
    """Parcellation and Centiloid masks warped onto the subject, inside the brain.

    Args:
        prepared: The brain in template space.
        seed: Seed of the warp.
    """
    warped = warp_from_template(
        {
            "atlas": parcellation(),
            "cortex": centiloid_cortex().astype(np.uint8),
            "cerebellum": whole_cerebellum().astype(np.uint8),
        },
        prepared.t1,
        seed=seed,
    )
    mask = prepared.mask
    return OnSubject(
        mask, np.where(mask, warped["atlas"], 0), (warped["cortex"] > 0) & mask, (warped["cerebellum"] > 0) & mask
    )


def _made_from(case: Case, models: Models) -> MadeFrom:
    return MadeFrom(
        model=str(models.generator.card.get("variant", "")),
        scan_sha256=scan_checksum(case.scan),
        pet_sha256=None if case.pet is None else scan_checksum(case.pet),
        values_sha256=values_checksum(case.biomarkers),
        weights=dict(models.checksums),
    )


class _Clock:
    """Names each step, counts it and times it."""

    def __init__(self, steps: tuple[str, ...]) -> None:
        self._steps = steps
        self._seconds: dict[str, float] = {}
        self._name = ""
        self._since = self._start = time.perf_counter()

    def begin(self, name: str) -> Step:
        self._close()
        self._name = name
        return Step(name, self._steps.index(name) + 1, len(self._steps))

    def end(self) -> dict[str, float]:
        self._close()
        return {**self._seconds, "total": round(time.perf_counter() - self._start, 3)}

    def _close(self) -> None:
        now = time.perf_counter()
        if self._name:
            self._seconds[self._name] = round(now - self._since, 3)
        self._since = now
