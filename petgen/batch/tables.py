"""The tables of a dataset: results.tsv and failures.tsv on the way, Parquet of results and regions at the end."""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from petgen.batch.place import writing
from petgen.batch.rows import COLUMNS, INPUT, TEXTS, row_of
from petgen.case import InputError

FILES = ("results.tsv", "results.json", "failures.tsv", "results.parquet", "regions.parquet")
_SCHEMA = pa.schema(
    [
        pa.field(name, pa.string() if name in TEXTS else pa.float64(), metadata={"description": words})
        for name, words in COLUMNS.items()
    ]
)
_REGIONS = pa.schema(
    {
        "participant_id": pa.string(), "index": pa.int32(), "name": pa.string(), "hemisphere": pa.string(),
        "volume_ml": pa.float64(), "suvr": pa.float64(), "suvr_low": pa.float64(), "suvr_high": pa.float64(),
    }
)  # fmt: skip
_AT_ONCE = 500
"""People in one row group of regions.parquet, which is all of it that is in memory."""


def write_tables(out: Path, rows: Sequence[dict[str, object]], failed: Sequence[tuple[str, str]]) -> None:
    """Writes results.tsv of people with results and failures.tsv of the others; both are whole at any moment.

    Args:
        out: Folder of the derivatives.
        rows: Of the people with results.
        failed: Person and problem.

    Raises:
        InputError: The folder cannot be written.
    """
    _write(out / "results.tsv", pd.DataFrame(rows))
    _write(out / "failures.tsv", pd.DataFrame(failed, columns=["participant_id", "problem"]))


def write_parquet(out: Path, rows: Sequence[dict[str, object]]) -> list[Path]:
    """Writes results.parquet, one row a person, and regions.parquet, one row a person and region.

    Args:
        out: Folder of the derivatives, with the folders of these people.
        rows: As `row_of` gives them.

    Returns:
        Both files.

    Raises:
        InputError: The folder cannot be written, or a table of regions cannot be read.
    """
    results, regions = out / "results.parquet", out / "regions.parquet"
    with writing(out):
        part = results.with_name(f".{results.name}.part")
        pq.write_table(pa.Table.from_pylist(list(rows), _SCHEMA), part)
        part.replace(results)
        part = regions.with_name(f".{regions.name}.part")
        names = [str(row["participant_id"]) for row in rows]
        with pq.ParquetWriter(part, _REGIONS, compression="zstd") as writer:
            for first in range(0, len(names), _AT_ONCE):
                tables = [_regions(out / name) for name in names[first : first + _AT_ONCE]]
                writer.write_table(pa.Table.from_pandas(pd.concat(tables), _REGIONS, preserve_index=False))
        part.replace(regions)
    return [results, regions]


def write_group(out: Path) -> list[Path]:
    """Writes the tables of everybody whose results are in a folder, and results.json, which describes the columns.

    Args:
        out: Folder of the derivatives.

    Raises:
        InputError: There are no results, somebody's are damaged, or the folder cannot be written.
    """
    names = sorted(file.parent.name.removeprefix("sub-") for file in out.glob(f"sub-*/{INPUT}"))
    if not names:
        raise InputError("no results are here", where=str(out), mend="Run the level participant first.")
    rows = [row_of(out, name) for name in names]
    table, about = out / "results.tsv", out / "results.json"
    _write(table, pd.DataFrame(rows))
    with writing(out):
        columns = {name: {"Description": words} for name, words in COLUMNS.items()}
        about.write_text(json.dumps(columns, indent=2) + "\n", encoding="utf-8")
    return [table, about, *write_parquet(out, rows)]


def _regions(folder: Path) -> pd.DataFrame:
    file = folder / "regions.tsv"
    try:
        table = pd.read_csv(file, sep="\t", na_values="n/a", keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({error})", where=str(file), mend="Delete the folder, run again.") from None
    return table.assign(participant_id=folder.name)


def _write(file: Path, table: pd.DataFrame) -> None:
    part = file.with_name(f".{file.name}.part")
    with writing(file.parent):
        table.to_csv(part, sep="\t", index=False, float_format="%.4f", na_rep="n/a")
        part.replace(file)
