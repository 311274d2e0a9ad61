"""The same doors from a terminal."""

import sys

from rich.markup import escape
from typer.exceptions import Abort, TyperException

from petgen.case import InputError
from petgen.cli import case, cohort, dataset, installed, licences, model, site, store, verify
from petgen.cli.app import app, console

__all__ = ["app", "case", "cohort", "dataset", "installed", "licences", "main", "model", "site", "store", "verify"]


def main() -> None:
    """Runs the command line; bad input ends with one line and exit code 2."""
    try:
        sys.exit(app(standalone_mode=False))
    except InputError as error:
        message = str(error)
    except TyperException as error:
        message = error.format_message()
    except Abort:
        message = "stopped"
    console.print(f"[bold red]petgen:[/] {escape(message)}", soft_wrap=True)
    sys.exit(2)
