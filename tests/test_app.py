"""The server before its first visitor."""

import asyncio
import sys
from pkgutil import iter_modules

import pytest

import app
from pages import parts
from pages.parts import session
from petgen.store import UnreachableError


def _start() -> bool:
    async def start() -> bool:
        async with app.ready(app.app):
            return True

    return asyncio.run(start())


def test_what_an_earlier_server_left_is_taken_up_and_the_pages_are_imported(monkeypatch):
    begun = []
    monkeypatch.setattr(session, "pool", lambda: begun.append(True))
    assert _start()
    assert begun == [True]
    assert {f"pages.parts.{module.name}" for module in iter_modules(parts.__path__)} <= set(sys.modules)


def test_a_store_that_cannot_be_reached_does_not_keep_the_server_from_starting(monkeypatch):
    def unreachable():
        raise UnreachableError("the store does not answer")

    monkeypatch.setattr(session, "pool", unreachable)
    assert _start()


def test_other_faults_are_not_swallowed(monkeypatch):
    def broken():
        raise RuntimeError

    monkeypatch.setattr(session, "pool", broken)
    with pytest.raises(RuntimeError):
        _start()
