"""Sign-in: only where it is set up, and then nothing is shown without it; each user their own cases."""

import pytest
import streamlit as st
from page_tools import keep, page, words

from pages.parts import current_case, session, sign_in
from petgen.case import SYNTHETIC
from petgen.store import LOCAL

ISSUER = "https://id.example.org"


class User(dict):
    """A stand-in for `st.user`."""


@pytest.fixture
def user(monkeypatch):
    """Sets who is signed in, by their claims; without any, nobody is."""

    def set_user(**claims):
        monkeypatch.setattr(st, "user", User(is_logged_in=bool(claims), **claims))

    return set_user


@pytest.fixture
def deeds(monkeypatch):
    found = []
    monkeypatch.setattr(st, "login", lambda: found.append("in"))
    monkeypatch.setattr(st, "logout", lambda: found.append("out"))
    return found


def labels(at):
    return [button.label for button in at.button]


def test_without_a_provider_there_is_no_sign_in(seen):
    at = page().run()
    assert not sign_in.is_configured()
    assert not {"Sign in", "Sign out"} & set(labels(at))
    assert session.owner() == LOCAL


@pytest.mark.parametrize("address", ["", "case_id=somebody"])
def test_nothing_is_shown_before_the_sign_in(seen, user, deeds, synthesis, address):
    case = keep(synthesis)
    user()
    at = page()
    if address:
        at.query_params[current_case.CASE] = case
    at.run()
    assert not at.exception
    assert labels(at) == ["Sign in"]
    assert SYNTHETIC in at.warning[0].value
    assert "TEST01" not in words(at) + at.warning[0].value
    assert not at.sidebar.button
    at.button[0].click().run()
    assert deeds == ["in"]


def test_each_user_has_their_own_cases(seen, user, deeds, synthesis):
    keep(synthesis)
    user(iss=ISSUER, sub="1", name="Dr *Anna* Example", email="anna@example.org")
    at = page().run()
    assert not at.exception
    assert "Signed in as Dr \\*Anna\\* Example" in words(at)
    row = session.store().cases.add(session.owner(), "ANNA1", "demo")
    assert row.owner == f"user:{ISSUER} 1"
    assert "anna@" not in row.owner
    user(iss=ISSUER, sub="2", email="anna@example.org")
    assert session.store().cases.of(session.owner()) == []
    user(iss="https://else.example.org", sub="1")
    assert session.store().cases.of(session.owner()) == []
    user(iss=ISSUER, sub="1")
    assert [case.code for case in session.store().cases.of(session.owner())] == ["ANNA1"]
    at.button(key="sign_out").click().run()
    assert deeds == ["out"]
