"""The server: `streamlit run app.py`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import streamlit as st

from pages import parts
from petgen.case import InputError


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """Imports what the pages need before the first visitor comes, and takes up what an earlier server left undone."""
    for module in iter_modules(parts.__path__, f"{parts.__name__}."):
        import_module(module.name)
    from pages.parts.session import pool

    with suppress(InputError):
        pool()
    yield


app = st.App(Path(__file__).with_name("pages") / "front_door.py", lifespan=ready)
