"""A result as it was written, changed, damaged, or of an older version."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus.kind import Kind
from petgen.assets import asset
from petgen.case import Result
from petgen.report.reopen import read_outputs, read_result

DEMO = "cases", "demo01", "result"
DEEP = "[" * 200_000


def _copied(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """The result of a demo case with one file changed."""

    def make(folder: Path) -> Path:
        place = folder / "result"
        shutil.copytree(asset(*DEMO), place)
        path = next(place.glob(name))
        path.write_bytes(change(path.read_bytes()))
        return place

    return make


def _without(*names: str) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps({key: value for key, value in json.loads(data).items() if key not in names}).encode()


def _as_demo(found: Result) -> None:
    assert found.centiloid == read_result(asset(*DEMO)).centiloid
    assert found.drivers == {}


def _given(content: Any) -> Callable[[bytes], bytes]:
    return lambda data: content


OUTPUTS = {
    "outputs: result deep": ("result.json", _given(DEEP.encode()), "result cannot be read"),
    "outputs: result without its numbers": ("result.json", _without("centiloid", "seed"), "result cannot be read"),
    "outputs: volume cut short": ("*T1w.nii.gz", lambda data: data[:9000], "result cannot be read"),
    "outputs: volume damaged": ("*synthetic_pet.nii.gz", lambda data: data[:900] + bytes(99) + data[999:], "cannot be"),
    "outputs: volume of text": ("*dseg.nii.gz", _given(b"nothing of the kind"), "result cannot be read"),
    "outputs: sidecar is a list": ("*desc-brain_T1w.json", _given(b"[]"), "result cannot be read"),
    "outputs: sidecar deep": ("*desc-brain_T1w.json", _given(DEEP.encode()), "result cannot be read"),
    "outputs: table empty": ("regions.tsv", _given(b""), "result cannot be read"),
    "outputs: values twice": ("values.json", _given(b'{"age": 74, "age": 47}'), "more than once|no such file"),
}
KINDS = [
    *(Kind(name, _copied(path, how), read_outputs, refused=words) for name, (path, how, words) in OUTPUTS.items()),
    Kind("outputs: of an older version", _copied("result.json", _without("drivers", "light", "reading", "cutoffs")),
         read_result, right=_as_demo),
]  # fmt: skip
