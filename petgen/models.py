"""Everything of a model, loaded once and shared: the bundled one, or a site's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from weakref import WeakValueDictionary

from petgen.case import InputError, Provenance
from petgen.checksums import CHECKSUMS, file_checksum
from petgen.conditioning import Conditioning
from petgen.diagnosis.familiarity import Familiarity
from petgen.diagnosis.intervals import Intervals
from petgen.diagnosis.reading import ReadingNorms
from petgen.diagnosis.scores import Scores
from petgen.diagnosis.values import ValuesModel
from petgen.generator.device import to_best_device
from petgen.generator.network import Generator
from petgen.generator.weights import LoadedGenerator, load_weights
from petgen.installed import BUNDLED, model_folder
from petgen.language.convert import cache_folder
from petgen.language.encoder import TextEncoder

WEIGHTS = (
    "petgen.safetensors",
    "values.safetensors",
    "petgen-intervals.json",
    "petgen-scores.skops",
    "petgen-reading.json",
    "petgen-familiarity.safetensors",
)
"""The files of a model that decide a result."""


@dataclass(frozen=True)
class Models:
    """Everything that is loaded once and shared; safe to use from several threads.

    Attributes:
        conditioning: Values model and language model, which turn values into features.
        generator: Version and checksum of the generator.
        network: The generator.
        intervals: Calibration of its intervals.
        scores: The models of amyloid status.
        norms: Contrast of amyloid-negative scans, for the reader's rule.
        familiarity: What is ordinary in a scan and in values.
        lock: Held while the generator runs.
        checksums: SHA-256 of the files of weights, by name.
        name: "bundled", or as the model was installed.
    """

    conditioning: Conditioning
    generator: LoadedGenerator
    network: Generator
    intervals: Intervals
    scores: Scores
    norms: ReadingNorms
    familiarity: Familiarity
    lock: Lock
    checksums: Mapping[str, str] = field(default_factory=dict)
    name: str = BUNDLED

    @property
    def provenance(self) -> Provenance:
        """Whom the model learned from last: a simulated cohort, or the people of one site."""
        return "site-cohort" if self.generator.card.get("provenance") == "site-cohort" else "simulated-cohort"


def load_models(progress: Callable[[str], None] | None = None, name: str = BUNDLED) -> Models:
    """Loads a model, on a CUDA device when there is one; every file is checked against its checksum.

    Args:
        progress: Told when something takes long (the first conversion of the language model).
        name: Of an installed model, see `petgen.installed`; the bundled one when left out.

    Raises:
        InputError: There is no such model, or a file of it is missing or damaged.
    """
    return load_folder(model_folder(name), name, progress)


def load_folder(folder: Path, name: str, progress: Callable[[str], None] | None = None) -> Models:
    """Loads a model from its folder, as `load_models` does.

    Args:
        folder: Weights and calibration, with the list of their checksums.
        name: What results call the model.
        progress: Told when something takes long.

    Raises:
        InputError: A file is missing or damaged.
    """
    files = {file: folder / file for file in WEIGHTS}
    for file in (folder / CHECKSUMS, *files.values()):
        if not file.exists():
            mend = "Reinstall petgen." if name == BUNDLED else "`petgen train` and `petgen calibrate` write them."
            raise InputError("a file of the model is missing", where=str(file), mend=mend)
    generator = load_weights(files["petgen.safetensors"])
    network = to_best_device(generator.network)
    assert isinstance(network, Generator)
    values = ValuesModel.load(files["values.safetensors"])
    conditioning = Conditioning(network.config, values, _text_encoder(progress))
    return Models(
        conditioning,
        generator,
        network,
        Intervals.read(files["petgen-intervals.json"]),
        Scores.load(files["petgen-scores.skops"]),
        ReadingNorms.load(files["petgen-reading.json"]),
        Familiarity.load(files["petgen-familiarity.safetensors"]),
        Lock(),
        {file.name: file_checksum(file) for file in files.values()},
        name,
    )


_ENCODERS: WeakValueDictionary[Path, TextEncoder] = WeakValueDictionary()


def _text_encoder(progress: Callable[[str], None] | None) -> TextEncoder:
    """The language model, which all models that are loaded at a time share."""
    folder = cache_folder()
    found = _ENCODERS.get(folder)
    if found is None:
        found = _ENCODERS[folder] = TextEncoder.load(progress)
    return found
