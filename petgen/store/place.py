"""Where the store of this machine is."""

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL

from petgen.store.store import Store


def open_store(environment: Mapping[str, str] = os.environ) -> Store:
    """The store of this machine: PETGEN_STORE_URL, else SQLite in the data folder.

    Args:
        environment: Where settings are read.

    Raises:
        InputError: As `Store`.
    """
    folder = data_folder(environment)
    here = URL.create("sqlite", database=str(folder / "petgen.sqlite"))
    return Store(environment.get("PETGEN_STORE_URL") or here, folder)


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where results are kept: $PETGEN_DATA, or petgen in the user's data folder.

    Args:
        environment: Where settings are read.
    """
    default = Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "petgen"
    return Path(environment.get("PETGEN_DATA") or default)
