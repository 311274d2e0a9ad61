"""What is said to the user: errors, and words from outside made harmless."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from petgen.case import ANALYTES, InputError

_FIELD = re.compile(rf"(?:^|; )(?:{'|'.join(ANALYTES)}): ")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$~:^])")


def show_error(error: InputError) -> None:
    """What is wrong, where, and how to mend it."""
    problems = [literal(text[:1].upper() + text[1:]) for text in _FIELD.split(error.what) if text]
    where = f"**{literal(error.where)}.** " if error.where else ""
    what = f"{where}{problems[0]}" if len(problems) == 1 else where + "".join(f"\n- {text}" for text in problems)
    st.error(f"{what}\n\n{error.mend}", icon=":material/error:")


@contextmanager
def told() -> Iterator[None]:
    """Says what is wrong with the store where nothing closer to it has said it, in place of the rest of the page."""
    try:
        yield
    except InputError as error:
        show_error(error)


def literal(text: str) -> str:
    """Words from outside as they are, with no letter taken for markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
