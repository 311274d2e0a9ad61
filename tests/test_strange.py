import nibabel as nib
import numpy as np
import pytest

from petgen.benchmark.strange import ALTERED, Seen, impossible_values, strange_lines
from petgen.case import InputError
from petgen.imaging import read_scan
from petgen.imaging.grid import AFFINE, template, template_mask


@pytest.fixture(scope="module")
def head():
    data = template() + 0.3 * (~template_mask())
    return nib.Nifti1Image(data.astype(np.float32), AFFINE)


@pytest.mark.parametrize("kind", ALTERED)
def test_every_kind_alters_the_scan_and_can_be_saved(head, kind, tmp_path):
    made = ALTERED[kind](head, template_mask(), np.random.default_rng(0))
    nib.save(made, tmp_path / "T1w.nii.gz")
    try:
        scan = read_scan(tmp_path / "T1w.nii.gz")
    except InputError:
        return
    same = made.shape == head.shape and np.array_equal(np.asarray(made.dataobj), np.asarray(head.dataobj))
    assert not same or scan.warnings or not np.allclose(made.affine, head.affine)


def test_a_lesion_is_as_large_as_said(head):
    made = ALTERED["large lesion"](head, template_mask(), np.random.default_rng(3))
    changed = np.asarray(made.dataobj) != np.asarray(head.dataobj)
    assert 0.25 < changed.sum() * 0.008 / 100 < 1.15
    assert not (changed & ~template_mask()).any()


def test_impossible_values_are_each_in_range():
    rng = np.random.default_rng(0)
    assert len({tuple(impossible_values(rng).measured()) for _ in range(40)}) > 3


def test_the_table_counts_by_kind_and_says_what_holds():
    found = [Seen("CT", "a", "red", ""), Seen("CT", "b", "amber", ""), Seen("large lesion", "a", "amber", "")]
    found += [Seen("ordinary real T1w", str(k), "green", "") for k in range(10)]
    text = "\n".join(strange_lines(found))
    assert "| CT | 2 | 0 | 1 | 1 | all red | no |" in text
    assert "| large lesion | 1 | 0 | 1 | 0 | 90 % amber or red | yes |" in text
    assert "| ordinary real T1w | 10 | 10 | 0 | 0 | at most 10 % amber or red, 3 % red | yes |" in text
