"""What can be said of the container recipe without Docker."""

import base64
import re
import tomllib
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
CONTAINER = ROOT / "container"


def compose():
    return yaml.safe_load((CONTAINER / "compose.yaml").read_text(encoding="utf-8"))


def dockerfile():
    return (CONTAINER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def test_what_is_copied_is_there_and_let_through():
    let_through = set(re.findall(r"^!(.+)$", (CONTAINER / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    copied = {
        name for line in dockerfile() if line.startswith("COPY") and "--from" not in line for name in line.split()[1:-1]
    }
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)


def test_app_and_database_have_no_way_out_and_nothing_runs_as_root():
    found = compose()
    assert found["networks"]["inside"] == {"internal": True}
    for name, service in found["services"].items():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert {"mem_limit", "cpus", "pids_limit"} <= service.keys()
        assert ("ports" in service) == ("outside" in service["networks"]) == (name == "proxy")
        assert set(service.get("secrets", ())) <= found["secrets"].keys()
    assert found["services"]["database"]["user"] == "postgres"
    assert found["services"]["proxy"]["user"] == "nginx"
    assert "USER petgen" in dockerfile()


def test_images_are_pinned():
    images = [line.split()[1] for line in dockerfile() if line.startswith("FROM")]
    images += [service["image"] for name, service in compose()["services"].items() if name != "app"]
    assert all(re.fullmatch(r"[a-z]+:\d+(\.\d+)+-[a-z-]+", image) for image in images)


def test_what_the_image_installs_has_its_version_in_the_list():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert '"/src[postgres,sign-in]"' in " ".join(dockerfile())
    listed = {line.partition("==")[0] for line in (ROOT / ".ci" / "constraints.txt").read_text().splitlines()}
    assert {re.split(r"[\[>]", name)[0] for name in extras["postgres"] + extras["sign-in"]} | {"authlib"} <= listed


def test_the_policy_lets_streamlits_inline_script_run_and_no_other():
    page = files("streamlit").joinpath("static/index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = {f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'" for text in inline}
    assert set(re.findall(r"'sha256-[^']+'", (CONTAINER / "nginx.conf").read_text())) == hashes
