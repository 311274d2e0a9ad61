"""How many open results a process keeps in memory: those used last; the others are read again when asked for."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar
from weakref import ref

MOST = 16
"""A result takes about 50 MB. Streamlit forgets a closed session only when another one closes, two minutes later or at
any time after, so their number alone would not bound the memory."""
Value = TypeVar("Value")


class Held(Generic[Value]):
    """What one session has open, kept by that session alone.

    Args:
        stamp: Which result, in which state.
        value: The result.
    """

    def __init__(self, stamp: str, value: Value) -> None:
        self.stamp = stamp
        self.value: Value | None = value


class Lately:
    """The things used last, of all sessions; it knows that they are there, and keeps none alive.

    Args:
        most: How many may keep their value.
    """

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._used: OrderedDict[int, ref[Held]] = OrderedDict()

    def use(self, held: Held) -> None:
        """Notes a use, and takes their values from those that were used longest ago."""
        with self._lock:
            self._used[id(held)] = ref(held)
            self._used.move_to_end(id(held))
            there = {key: found for key, each in self._used.items() if (found := each()) is not None}
            for key in [key for key in self._used if key not in there]:
                del self._used[key]
            for key in list(there)[: -self._most]:
                there[key].value = None
                del self._used[key]


LATELY = Lately(MOST)
"""Of this process."""
