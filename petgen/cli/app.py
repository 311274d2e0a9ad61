"""What all commands share."""

import typer
from rich.console import Console

app = typer.Typer(
    help="Synthetic amyloid PET from a T1w MRI and blood biomarkers. Not for diagnosis.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(stderr=True, highlight=False)
