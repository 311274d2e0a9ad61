"""The models of this machine."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from petgen.cli.app import app, console


@app.command("models")
def list_models() -> None:
    """Lists the models of this machine: the bundled one and a site's own."""
    from petgen.generator.weights import load_card
    from petgen.installed import installed_models, model_folder

    table = Table("model", "version", "learned from", "weights")
    for name in installed_models():
        card = load_card(model_folder(name) / "petgen.safetensors")
        table.add_row(name, *(escape(str(card.get(key, ""))) for key in ("version", "data")), str(card["sha256"])[:8])
    console.print(table)


@app.command("install-model")
def install_model(
    folder: Annotated[Path, typer.Argument(help="folder that `petgen train` and `petgen calibrate` wrote")],
    name: Annotated[str, typer.Option(help="letters, digits, hyphens")],
) -> None:
    """Puts a site's model beside the bundled one, so that the dashboard and --model offer it."""
    from petgen.installed import install_folder
    from petgen.models import load_folder

    with console.status("Loading the model") as status:
        load_folder(folder, name, status.update)
    console.print(f"{name} is in {install_folder(folder, name)}", soft_wrap=True)


@app.command("remove-model")
def remove_model(name: Annotated[str, typer.Argument(help="of an installed model")]) -> None:
    """Deletes an installed model; the results that it made stay."""
    from petgen.installed import remove_model as remove

    remove(name)
    console.print(f"{name} is gone")
