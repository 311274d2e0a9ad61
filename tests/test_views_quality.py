import numpy as np

from petgen.imaging.grid import template, template_mask
from petgen.views import mask_picture, registration_picture


def test_the_contour_runs_along_the_mask():
    mask = template_mask()
    picture = mask_picture(np.where(mask, 0.5, 0).astype(np.float32), mask)
    assert picture.shape == (900, 1200, 3)
    orange = (picture[..., 0].astype(int) - picture[..., 2]) > 100
    assert 0.005 < orange.mean() < 0.08
    smaller = mask.copy()
    smaller[:45] = False
    assert not np.array_equal(picture, mask_picture(np.where(mask, 0.5, 0).astype(np.float32), smaller))


def test_the_checkerboard_of_the_template_with_itself_has_no_seams():
    standard = template()
    bright = standard[standard > 0]
    scaled = (standard / np.median(bright[bright > 0.75 * np.percentile(bright, 75)])).astype(np.float32)
    itself = registration_picture(scaled)
    assert itself.shape == (900, 1200, 3)
    shifted = registration_picture(np.roll(scaled, 5, axis=1))
    seams = np.abs(np.diff(shifted.astype(int), axis=1)).mean() - np.abs(np.diff(itself.astype(int), axis=1)).mean()
    assert seams > 0.2
