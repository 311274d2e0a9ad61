"""The models of this machine: the bundled one, and those that a site has trained or calibrated and installed."""

import re
import shutil
from pathlib import Path

from petgen.assets import assets_folder, data_folder
from petgen.case import InputError
from petgen.checksums import CHECKSUMS

BUNDLED = "bundled"
"""Name of the model that comes with petgen."""
CARD = "MODEL_CARD.md"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


def models_folder() -> Path:
    """Where installed models are, a folder each: `models` in the data folder, see `petgen.assets.data_folder`."""
    return data_folder() / "models"


def installed_models() -> list[str]:
    """Names of the models of this machine, the bundled one first."""
    found = models_folder().glob(f"*/{CHECKSUMS}")
    return [BUNDLED, *sorted(file.parent.name for file in found if _NAME.fullmatch(file.parent.name))]


def model_label(name: str) -> str:
    """A model's name as it is shown."""
    return name.capitalize() if name == BUNDLED else name


def model_folder(name: str) -> Path:
    """The folder of a model.

    Raises:
        InputError: It is not installed.
    """
    if name == BUNDLED:
        return assets_folder() / "weights"
    if name not in installed_models():
        mend = f"There are {', '.join(installed_models())}; `petgen install-model` installs one."
        raise InputError(f"no model {name[:40]!r} is installed", where=str(models_folder()), mend=mend)
    return models_folder() / name


def install_folder(source: Path, name: str) -> Path:
    """Copies a model's folder to the installed ones; it comes to its place complete or not at all.

    Args:
        source: Weights and calibration with the list of their checksums; already found to load.
        name: Letters, digits and hyphens.

    Raises:
        InputError: The name is none or taken, or the data folder cannot be written.
    """
    if not _NAME.fullmatch(name) or name == BUNDLED:
        mend = "Give letters, digits and hyphens, at most 40."
        raise InputError(f"{name[:60]!r} cannot be the name of a model", where="--name", mend=mend)
    place = models_folder() / name
    if place.exists():
        raise InputError(f"a model {name!r} is there", where=str(place), mend="Remove it first, or give another name.")
    part = place.with_name(f".{name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, part)
        part.replace(place)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        mend = "Check the disk, or set PETGEN_DATA to another folder."
        raise InputError(f"the model cannot be kept ({error.strerror})", where=str(place), mend=mend) from None
    return place


def remove_model(name: str) -> None:
    """Deletes an installed model; results that it made stay.

    Raises:
        InputError: It is the bundled one, not installed, or cannot be deleted.
    """
    if name == BUNDLED:
        raise InputError("the bundled model belongs to petgen", mend="Name an installed one.")
    place = model_folder(name)
    try:
        (place / CHECKSUMS).unlink()
        shutil.rmtree(place)
    except OSError as error:
        raise InputError(f"cannot be deleted ({error.strerror})", where=str(place), mend="Check the rights.") from None
