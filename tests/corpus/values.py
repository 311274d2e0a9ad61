"""A patient's values, as a form or a program gives them and as a JSON file."""

import json
from typing import Any

from corpus.kind import Kind, file, given
from petgen.case import Biomarkers, check_biomarkers, read_biomarkers

MEGABYTE = "7" * 1_000_000
GOOD = {"age": 74, "sex": "F", "p_tau217": 0.7, "nfl": 24.6}


def as_good(found: Biomarkers) -> None:
    assert found == Biomarkers(**GOOD)


def _none_measured(found: Biomarkers) -> None:
    assert found.measured() == {}


REFUSED: dict[str, tuple[dict[Any, Any], str]] = {
    "text for a number": ({"age": "old"}, "age: Age must be a number, not 'old'"),
    "number with its unit": ({"nfl": "24 pg/mL"}, "nfl: NfL must be a number"),
    "decimal comma": ({"nfl": "24,6"}, "write decimals with a point"),
    "number with underscores": ({"age": "7_4"}, "age: Age must be a number"),
    "bytes": ({"age": b"74"}, "age: Age must be a number"),
    "negative": ({"nfl": -24}, "outside the plausible range"),
    "a thousandfold": ({"p_tau217": 700}, "p-tau217 of 700 pg/mL is outside .* check the unit and the assay"),
    "a thousandth": ({"nfl": 0.0246}, "NfL of 0.0246 pg/mL is outside .* check the unit"),
    "NaN": ({"age": float("nan")}, "outside the plausible range"),
    "infinite": ({"age": float("inf")}, "outside the plausible range"),
    "whole number of 400 digits": ({"age": 10**400}, "outside the plausible range"),
    "whole number of 5,000 digits": ({"age": 10**5000}, "outside the plausible range"),
    "yes for a number": ({"age": True}, "must be a number, not True"),
    "list for a number": ({"age": [74]}, "must be a number"),
    "half an allele": ({"apoe4": 1.5}, "apoe4"),
    "sex of another word": ({"sex": "x" * 1_000_000}, "sex: must be F or M"),
    "other assay": ({"p_tau217": 0.7, "assay": {"p_tau217": "Lumipulse"}}, "leave this value out"),
    "assay of nothing": ({"assay": {"age": "Simoa"}}, "not an assayed analyte"),
    "assays as text": ({"assay": "Simoa"}, "assay"),
    "ratio that its parts contradict": ({"abeta40": 100, "abeta42": 4, "abeta42_40": 0.07}, "give 0.0400"),
    "parts of an impossible ratio": ({"abeta40": 1000, "abeta42": 0.3}, "give a ratio of 0.0003"),
    "impossible ratio": ({"abeta42_40": 0.9}, "outside the plausible range"),
    "unknown name": ({"ptau": 1}, "ptau: no such value.*Known are age"),
    "name of a megabyte": ({MEGABYTE: 1}, "no such value"),
    "name of control signs": ({"\x1b[31mage\n": 74}, "no such value"),
    "name of half a letter": ({"\ud800": 74}, "signs that are no letters"),
    "number for a name": ({1: 74}, "strings"),
    "field of a megabyte": ({"age": MEGABYTE}, "must be a number"),
    "assay of a megabyte": ({"assay": {"nfl": MEGABYTE}}, "was measured with"),
    "a thousand unknown names": ({f"x{n}": 1 for n in range(1000)}, "and 990 more"),
}
FILES: dict[str, tuple[str | bytes, str]] = {
    "JSON: empty": ("", "not a JSON text"),
    "JSON: cut short": ('{"age": 7', "not a JSON text"),
    "JSON: deep lists": ("[" * 200_000, "nested too deeply"),
    "JSON: deep objects": ('{"age": ' * 100_000, "nested too deeply"),
    "JSON: deep value": (f'{{"age": {"[" * 500}{"]" * 500}}}', "must be a number"),
    "JSON: list": ("[74]", "holds no names and values"),
    "JSON: nothing": ("null", "holds no names and values"),
    "JSON: NaN": ('{"age": NaN}', "outside the plausible range"),
    "JSON: exponent of 999": ('{"age": 1e999}', "outside the plausible range"),
    "JSON: number of 5,000 digits": (f'{{"age": {"7" * 5000}}}', "not a JSON text"),
    "JSON: a name twice": ('{"age": 74, "age": 47}', "age is there more than once"),
    "JSON: UTF-16": ('{"age": 74}'.encode("utf-16"), "not UTF-8"),
    "JSON: Latin-1": ('{"sex": "ä"}'.encode("latin-1"), "not UTF-8"),
    "JSON: half a letter": ('{"\\ud800": 74}', "signs that are no letters"),
    "JSON: two megabytes": (f'{{"age": "{MEGABYTE}{MEGABYTE}"}}', "larger than 1 MiB"),
    "JSON: gzip": (b"\x1f\x8b\x08\x00" + bytes(50), "not UTF-8|not a JSON text"),
}


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


KINDS = [
    *(Kind(name, given(values), check_biomarkers, refused=words) for name, (values, words) in REFUSED.items()),
    *(
        Kind(name, file("values.json", _bytes(content)), read_biomarkers, refused=words)
        for name, (content, words) in FILES.items()
    ),
    Kind("values in a folder", lambda folder: folder, read_biomarkers, refused="not a file"),
    Kind("values in a file of no name", given("a\0b"), read_biomarkers, refused="not a JSON text|cannot be read"),
    Kind("all missing", given({}), check_biomarkers, right=_none_measured),
    Kind("all empty", given(dict.fromkeys(Biomarkers.model_fields.keys() - {"assay"}, "")), check_biomarkers,
         right=_none_measured),
    Kind("numbers as text", given({k: str(v) for k, v in GOOD.items()}), check_biomarkers, right=as_good),
    Kind("JSON: byte-order mark", file("values.json", b"\xef\xbb\xbf" + json.dumps(GOOD).encode()), read_biomarkers,
         right=as_good),
]  # fmt: skip
