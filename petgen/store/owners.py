"""Whose a case is."""

import os
from ipaddress import ip_address

LOCAL = "local"
"""The one owner of a petgen that a single person uses on their own machine."""


def owner_of(address: str, *, session: str, user: str | None = None) -> str:
    """The owner of what is done now: the signed-in user, else the one local person, else the browser session.

    A petgen that listens to its own machine only has one person; one behind a proxy on the same machine has not, and
    is told so by PETGEN_SINGLE_USER=0.

    Args:
        address: Where petgen listens, for example "localhost" or "0.0.0.0".
        session: Id of the browser session.
        user: Who is signed in, where there is a sign-in.
    """
    if user:
        return f"user:{user}"
    told = os.environ.get("PETGEN_SINGLE_USER", "")
    alone = told == "1" if told else _is_loopback(address)
    return LOCAL if alone else f"session:{session}"


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False
