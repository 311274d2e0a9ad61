"""Open results of many sessions: those used last stay, no session loses more than time."""

import gc

import pytest
from page_tools import opened, words

from pages.parts import session
from pages.parts.held import Held, Lately


@pytest.fixture
def three():
    return [Held(str(number), [number]) for number in range(3)]


def test_the_one_used_longest_ago_gives_its_value_up(three):
    lately = Lately(2)
    for held in three:
        lately.use(held)
    assert [held.value for held in three] == [None, [1], [2]]


def test_a_use_counts_and_not_the_opening(three):
    lately = Lately(2)
    lately.use(three[0])
    lately.use(three[1])
    lately.use(three[0])
    lately.use(three[2])
    assert [held.value for held in three] == [[0], None, [2]]


def test_what_a_session_closed_takes_no_place(three):
    lately = Lately(2)
    for held in three[:2]:
        lately.use(held)
    last = three[2]
    del held, three[1]
    gc.collect()
    lately.use(last)
    assert three[0].value == [0]


def test_a_result_that_was_pushed_out_is_read_again_and_seen_once(seen, synthesis):
    at = opened("regions.py", synthesis)
    shown, audit = words(at), len(session.store().audit.all())
    at.session_state["opened"].value = None
    assert words(at.run()) == shown
    assert at.session_state["opened"].value is not None
    assert len(session.store().audit.all()) == audit
