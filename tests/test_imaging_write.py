import json

import nibabel as nib
import numpy as np
import pytest

from petgen.imaging import save_volume
from petgen.imaging.grid import AFFINE, SHAPE, SPACE, on_grid, template, template_grey_matter, template_white_matter

VOLUME = np.linspace(0, 2, int(np.prod(SHAPE))).reshape(SHAPE)


def test_volume_and_sidecar_come_back(tmp_path):
    path = save_volume(VOLUME, tmp_path / "a_pet.nii.gz", description="SYNTHETIC", sidecar={"Units": "SUVR"})
    img = nib.load(path)
    np.testing.assert_allclose(img.get_fdata(), VOLUME, atol=1e-6)
    np.testing.assert_array_equal(img.affine, AFFINE)
    assert img.header["descrip"].tobytes().startswith(b"SYNTHETIC")
    assert json.loads((tmp_path / "a_pet.json").read_text()) == {"Units": "SUVR"}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a_pet.json", "a_pet.nii.gz"]


def test_same_input_same_bytes(tmp_path):
    first, second = (
        save_volume(VOLUME, tmp_path / f"{name}.nii.gz", description="x", sidecar={}).read_bytes() for name in "ab"
    )
    assert first == second


@pytest.mark.parametrize(("name", "description"), [("a.nii", "x"), ("a.nii.gz", "x" * 80)])
def test_wrong_use_is_refused(tmp_path, name, description):
    with pytest.raises(ValueError, match=r"expected a path|longer than"):
        save_volume(VOLUME, tmp_path / name, description=description, sidecar={})
    assert list(tmp_path.iterdir()) == []


def test_the_grid_is_the_documented_one():
    assert template().shape == SHAPE == (91, 109, 91)
    assert SPACE == "MNI152NLin2009aSym"
    assert nib.aff2axcodes(AFFINE) == ("R", "A", "S")
    with pytest.raises(ValueError, match="shape"):
        on_grid(np.zeros((3, 3, 3)))


def test_tissue_maps_fit_the_template():
    t1 = template()
    assert t1[template_white_matter() > 0.9].mean() > t1[template_grey_matter() > 0.9].mean() + 0.1
