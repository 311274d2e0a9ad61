"""Where the bundled files lie, and where what is kept on this machine."""

import os
from collections.abc import Mapping
from pathlib import Path

from petgen.case import InputError

_HERE = Path(__file__).parent
_ROOT = _HERE / "_assets" if (_HERE / "_assets").is_dir() else _HERE.parent / "assets"


def asset(*parts: str) -> Path:
    """Path of a bundled file, for example `asset("weights", "petgen.safetensors")`.

    Raises:
        InputError: The file is not there.
    """
    path = _ROOT.joinpath(*parts)
    if not path.exists():
        raise InputError("bundled file is missing", where=str(path), mend="Reinstall petgen from its repository.")
    return path


def assets_folder() -> Path:
    """Folder of all bundled files."""
    return _ROOT


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where results and installed models are kept: $PETGEN_DATA, or petgen in the user's data folder.

    Args:
        environment: Where settings are read.
    """
    default = Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "petgen"
    return Path(environment.get("PETGEN_DATA") or default)
