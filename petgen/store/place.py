"""Where the store of this machine is."""

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL

from petgen.assets import data_folder
from petgen.case import InputError
from petgen.store.store import Store


def open_store(environment: Mapping[str, str] = os.environ) -> Store:
    """The store of this machine: PETGEN_STORE_URL, or the file that PETGEN_STORE_URL_FILE names, else SQLite.

    Args:
        environment: Where settings are read.

    Raises:
        InputError: As `Store`, or the file cannot be read.
    """
    folder = data_folder(environment)
    here = URL.create("sqlite", database=str(folder / "petgen.sqlite"))
    return Store(environment.get("PETGEN_STORE_URL") or _kept_address(environment) or here, folder)


def _kept_address(environment: Mapping[str, str]) -> str:
    file = environment.get("PETGEN_STORE_URL_FILE")
    try:
        return Path(file).read_text(encoding="utf-8").strip() if file else ""
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no text"
        raise InputError(
            f"cannot be read ({reason})", where=f"PETGEN_STORE_URL_FILE {file}", mend="Write the address into it."
        ) from None
