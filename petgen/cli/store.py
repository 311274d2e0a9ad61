"""What the store of the dashboard remembers."""

import csv
import sys
from typing import Annotated

import typer

from petgen.cli.app import app


@app.command()
def audit(
    who: Annotated[str, typer.Option(help="owner or reader; everybody when left out")] = "",
    code: Annotated[str, typer.Option(help="case code; all when left out")] = "",
) -> None:
    """Prints who saw, ran, read, exported and deleted which case, as tab-separated values, the oldest first."""
    from petgen.store import open_store

    lines = csv.writer(sys.stdout, dialect="excel-tab", lineterminator="\n")
    lines.writerow(("time", "who", "deed", "code"))
    with open_store() as store:
        for row in store.audit.all(who=who or None, code=code or None):
            lines.writerow((row.at.isoformat(timespec="seconds"), row.who, row.deed, row.code))
