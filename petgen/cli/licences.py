"""What petgen depends on."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from petgen.cli.app import app, console


@app.command()
def licences(
    out: Annotated[Path, typer.Option(help="Markdown to write")] = Path("assets/LICENCES.md"),
) -> None:
    """Lists the packages that petgen installs with their licences; exit code 1 if one may not be passed on."""
    from petgen.dependencies import dependencies, licence_lines

    found = dependencies()
    out.write_text(licence_lines(found), encoding="utf-8")
    console.print(f"{len(found)} packages are listed in {out}", soft_wrap=True)
    bad = [each for each in found if each.kind in ("forbids", "unknown")]
    for each in bad:
        console.print(f"[red]{each.kind}[/] {each.name}: {escape(each.licence) or 'says nothing'}", soft_wrap=True)
    if bad:
        raise typer.Exit(1)
