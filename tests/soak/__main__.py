"""Runs one trial and puts its figures into a file."""

import argparse
import importlib
import sys
from pathlib import Path

from tests.soak.told import put

TRIALS = ("cluster", "kill", "kill_app", "kill_database", "sessions", "many", "real", "full")


def main() -> int:
    """0 where nothing was wrong, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("name", choices=TRIALS)
    parser.add_argument("--out", type=Path, help="file whose section of this trial is written anew")
    given = parser.parse_args()
    told = importlib.import_module(f"tests.soak.{given.name}").trial()
    sys.stdout.write(told.markdown())
    if given.out:
        put(given.out, told)
    return 1 if told.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
