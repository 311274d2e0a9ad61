import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.browser import browser_of

SECRET, OTHER = bytes(range(16)), bytes(range(1, 17))


def cookie(secret: bytes, mask: bytes, time: int = 1795477775) -> str:
    masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(secret))
    return f"2|{mask.hex()}|{masked.hex()}|{time}"


@given(st.binary(min_size=4, max_size=4), st.binary(min_size=4, max_size=4))
def test_one_browser_is_one_whatever_the_mask(one, other):
    assert browser_of(cookie(SECRET, one)) == browser_of(cookie(SECRET, other))
    assert browser_of(cookie(SECRET, one)) != browser_of(cookie(OTHER, other))
    assert SECRET.hex() not in browser_of(cookie(SECRET, one))


def test_the_cookie_that_streamlit_makes_is_read():
    app = pytest.importorskip("streamlit.web.server.starlette.starlette_app_utils")
    made = {browser_of(app.generate_xsrf_token_string(SECRET, 1)) for _ in range(5)}
    assert made == {browser_of(cookie(SECRET, b"abcd"))}


@given(st.text())
def test_a_cookie_of_another_form_is_taken_as_it_is(text):
    assert browser_of(text) == browser_of(text)
    assert browser_of(text) != browser_of(text + "x")


def test_a_strange_cookie_names_no_browser_in_common():
    strange = ["", "2|", "2|||", "2|00|00|0", "2|00000000|00|0", "2|zz|zz|0", "3|00000000|" + "00" * 16 + "|0"]
    assert len({browser_of(text) for text in strange}) == len(strange)
