"""JSON columns that hold what they have to hold; anything else is a damaged row."""

from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator


class Names(TypeDecorator[dict[str, Any]]):
    """Values by name."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, Any]:
        """As it was kept.

        Raises:
            ValueError: It is something else.
        """
        if not isinstance(value, dict):
            raise ValueError("no names and values")
        return value


class Pairs(TypeDecorator[list[list[str]]]):
    """A list of pairs of words."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> list[list[str]]:
        """As it was kept.

        Raises:
            ValueError: It is something else.
        """
        if not (isinstance(value, list) and all(_is_pair(item) for item in value)):
            raise ValueError("no list of pairs")
        return value


def _is_pair(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(isinstance(word, str) for word in item)
