"""Whether a result is what petgen makes of a scan."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from petgen.cli.app import app, console


@app.command()
def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="OUT", help="folder that `petgen synthesize` wrote, or sub-* of `petgen batch`")
    ],
    t1: Annotated[Path, typer.Option(help="the T1w that it was made from")],
) -> None:
    """Computes a result again and compares; exit code 0 if it is confirmed, 1 if not."""
    from petgen.models import load_models
    from petgen.verify import verify as recompute

    with console.status("Reading") as status:
        verdict = recompute(folder, t1, lambda name: load_models(status.update, name), status.update)
    table = Table("", "recorded", "now", "")
    for check in verdict.checks:
        sign = {True: "[green]agrees[/]", False: "[bold red]differs[/]", None: "[yellow]no proof[/]"}[check.fine]
        table.add_row(check.name, escape(check.recorded), escape(check.found), sign)
    console.print(table)
    if verdict.confirmed:
        console.print("[bold green]Confirmed:[/] petgen makes the same of this T1w and these values.", soft_wrap=True)
        return
    names = ", ".join(check.name for check in verdict.differing)
    end = "" if verdict.recomputed else " The volume was not computed again."
    console.print(f"[bold red]Not confirmed:[/] {escape(names)}.{end}", soft_wrap=True)
    raise typer.Exit(1)
