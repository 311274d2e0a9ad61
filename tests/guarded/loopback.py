"""A guard at every way out of this process but loopback, by Python's own audit events."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

LOG = "PETGEN_TEST_ATTEMPTS"
"""Variable with the file in which a guarded process of its own writes what it tried."""
_WHERE = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}
"""Audit events of Python's sockets, and which argument says where to."""
_guards: list[list[str]] = []


@contextmanager
def loopback_only() -> Iterator[list[str]]:
    """Lets nothing out; the list fills with what was tried."""
    _hook_once()
    attempts: list[str] = []
    _guards.append(attempts)
    try:
        yield attempts
    finally:
        _guards.remove(attempts)


def guard_for_good() -> None:
    """Lets nothing out of this process any more; what is tried is written into the file that LOG names."""
    _hook_once()
    _guards.append([])


def is_loopback(host: object) -> bool:
    """Whether a host, as sockets are given one, is this machine."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in ("", "localhost"):
        return True
    try:
        return ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


_hooked: list[bool] = []


def _hook_once() -> None:
    if not _hooked:
        _hooked.append(True)
        sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if not _guards or event not in _WHERE:
        return
    where = arguments[_WHERE[event]]
    if event == "socket.connect" or event.startswith("socket.send"):
        if not isinstance(where, tuple):
            return
        where = where[0]
    if is_loopback(where):
        return
    for attempts in _guards:
        attempts.append(f"{event} {where}")
    if os.environ.get(LOG):
        with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
            log.write(f"{event} {where}\n")
    raise PermissionError(f"{event} to {where}: no network in this test")
