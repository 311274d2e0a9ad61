"""python -m petgen.cli."""

from petgen.cli import main

main()
