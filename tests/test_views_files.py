import gzip
import io

import nibabel as nib
import numpy as np
import pandas as pd
import pytest

from petgen.case import SYNTHETIC
from petgen.imaging import volume_bytes
from petgen.imaging.grid import AFFINE
from petgen.views import percent, region_at, region_table, regions_csv, value_at


def _image(packed):
    return nib.Nifti1Image.from_bytes(gzip.decompress(packed))


def test_nifti_says_synthetic_and_keeps_grid_and_values(synthesis):
    image = _image(volume_bytes(synthesis.suvr, SYNTHETIC))
    assert image.header["descrip"].item().decode() == SYNTHETIC
    assert np.allclose(image.affine, AFFINE)
    assert image.get_data_dtype() == np.float32
    assert np.array_equal(np.asarray(image.dataobj), synthesis.suvr)


def test_an_image_keeps_its_own_grid():
    affine = np.diag([1.0, 1.0, 1.5, 1.0])
    image = _image(volume_bytes(nib.Nifti1Image(np.ones((4, 5, 6)), affine), SYNTHETIC))
    assert np.allclose(image.affine, affine)
    assert image.header["descrip"].item().decode() == SYNTHETIC


def test_the_same_volume_gives_the_same_bytes(synthesis):
    assert volume_bytes(synthesis.suvr, SYNTHETIC) == volume_bytes(synthesis.suvr, SYNTHETIC)


def test_an_array_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="expected an array"):
        volume_bytes(np.zeros((3, 3, 3)), SYNTHETIC)


def test_each_row_of_the_csv_is_marked(synthesis):
    table = pd.read_csv(io.BytesIO(regions_csv(synthesis)))
    assert len(table) == len(synthesis.regions)
    assert set(table["provenance"]) == {SYNTHETIC}
    assert set(table["code"]) == {"TEST01"}
    assert np.allclose(table["suvr"], synthesis.regions["suvr"], atol=1e-4)


def test_the_table_is_sorted_and_in_plain_words(synthesis):
    table = region_table(synthesis.regions)
    assert list(table.columns) == ["region", "side", "suvr", "interval", "negative"]
    assert table["suvr"].is_monotonic_decreasing
    assert "superior frontal" in set(table["region"])
    assert set(table["side"]) == {"left", "right", "midline"}


def test_the_readout_names_side_region_and_value(synthesis):
    precuneus = (6, -58, 34)
    assert region_at(synthesis.parcellation, synthesis.regions, precuneus) == "right precuneus"
    row = synthesis.regions.query("name == 'precuneus' and hemisphere == 'R'")
    assert value_at(synthesis.suvr, precuneus) == pytest.approx(row["suvr"].item())


def test_outside_every_region_the_readout_is_empty(synthesis):
    assert region_at(synthesis.parcellation, synthesis.regions, (88, 88, 100)) == ""


def test_no_probability_is_stated_as_certain():
    assert [percent(share) for share in (0.0, 0.004, 0.01, 0.38, 0.99, 0.9999)] == [
        "under 1 %", "under 1 %", "1 %", "38 %", "99 %", "over 99 %",
    ]  # fmt: skip
