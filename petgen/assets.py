"""Where the bundled files lie."""

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
