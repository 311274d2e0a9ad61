import nibabel as nib
import numpy as np
import pytest

from petgen.benchmark.own_pet import GivenBack, given_back_lines, moved, people
from petgen.case import InputError
from petgen.imaging.grid import on_grid, template


@pytest.mark.parametrize("seed", [0, 3])
def test_a_moved_pet_lies_elsewhere_on_other_voxels_in_counts(seed):
    pet = on_grid(template().astype(np.float32))
    made = moved(pet, np.random.default_rng(seed))
    data = np.asarray(made.dataobj)
    assert 2 <= made.header.get_zooms()[0] <= 3
    assert data.max() > 1000
    litres = (data > 300).sum() * np.prod(made.header.get_zooms())
    assert litres == pytest.approx((template() > 0.1).sum() * 8, rel=0.05)
    centre = [nib.affines.apply_affine(i.affine, np.argwhere(np.asarray(i.dataobj) > 0.1).mean(0)) for i in (pet, made)]
    assert np.linalg.norm(centre[0] - centre[1]) > 1


def test_the_table_counts_who_is_within_two():
    found = [GivenBack("a", 10, 11, 14), GivenBack("b", 50, 47, 50)]
    text = "\n".join(given_back_lines(found))
    assert "2.0 CL on average, 3.0 at most, 1 of 2 within 2" in text
    assert "2.0 CL on average, 4.0 at most." in text
    assert "simulated cohort" in text


def test_a_folder_without_anatomies_is_told(tmp_path):
    with pytest.raises(InputError, match="no anatomies of the split test"):
        next(people(tmp_path, 1))
