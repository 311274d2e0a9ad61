"""The values of one patient from a file."""

import json
from pathlib import Path
from typing import Any

from petgen.case.biomarkers import Biomarkers, check_biomarkers
from petgen.case.errors import InputError
from petgen.case.plain import shown

MAX_BYTES = 1 << 20
WRITE_AS = 'Write it as {"age": 74, ...}.'


def read_biomarkers(path: Path | str) -> Biomarkers:
    """Checked values from a JSON file of names and numbers, UTF-8, at most 1 MiB.

    Raises:
        InputError: The file is missing, too large, not JSON, names a value twice, or holds one that cannot be.
    """
    path, where = Path(path), shown(str(path)[-200:], 200)
    try:
        if path.exists() and not path.is_file():
            raise InputError("not a file", where=where, mend=WRITE_AS)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES >> 20} MiB, which values are not", where=where, mend=WRITE_AS)
        values = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_each_once)
    except FileNotFoundError:
        raise InputError("no such file", where=where, mend="Check the path.") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=where, mend="Check the path.") from None
    except InputError as error:
        raise InputError(error.what, where=where, mend=error.mend) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"not a JSON text ({_reason(error)})", where=where, mend=WRITE_AS) from None
    if not isinstance(values, dict):
        raise InputError("holds no names and values", where=where, mend=WRITE_AS)
    return check_biomarkers(values, where=where)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise InputError(f"{shown(name)} is there more than once", mend="Keep one value of each name.")
        found[name] = value
    return found


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start + 1}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
