import re

import pytest

from petgen.assets import asset, assets_folder
from petgen.case import InputError
from petgen.checksums import CHECKSUMS, file_checksum, listed

LISTED = dict(
    reversed(pair)
    for pair in re.findall(r"^([0-9a-f]{64})  (\S+)$", asset("SOURCES.md").read_text(encoding="utf-8"), re.MULTILINE)
)


def test_every_bundled_mask_and_weight_is_listed():
    bundled = {
        str(path.relative_to(assets_folder()))
        for pattern in ("atlas/*", "cohort/*", "weights/*.s*")
        for path in assets_folder().glob(pattern)
    }
    assert bundled == set(LISTED)


@pytest.mark.parametrize("name", LISTED)
def test_the_listed_checksum_is_the_files(name):
    assert file_checksum(asset(name)) == LISTED[name]


def test_every_file_of_weights_is_listed_beside_them_as_it_is():
    folder = asset("weights")
    there = {file.name: file_checksum(file) for file in folder.iterdir() if file.name != CHECKSUMS}
    assert listed(folder) == there


def test_no_bundled_file_is_over_40_mb():
    sizes = {path.name: path.stat().st_size for path in assets_folder().rglob("*") if path.is_file()}
    assert max(sizes.values()) < 40e6


def test_a_missing_file_is_named():
    with pytest.raises(InputError, match="nothing-here"):
        asset("nothing-here")
