import gzip
from base64 import b64decode

import numpy as np
import pytest

from petgen.imaging.grid import AFFINE, SHAPE, template_mask
from petgen.views.stack import BOX_MM, HIGHEST, stack_data


def test_the_bytes_are_the_volume_in_its_box():
    volume = np.random.default_rng(0).uniform(-1, 4, SHAPE).astype(np.float32)
    volume[40, 50, 60] = np.nan
    found = stack_data(volume)
    back = np.frombuffer(gzip.decompress(b64decode(found["bytes"])), np.uint8).reshape(found["size"], order="F")
    start = np.rint((np.array(found["first"]) - AFFINE[:3, 3]) / found["voxel"]).astype(int)
    inside = np.nan_to_num(volume[tuple(slice(a, a + n) for a, n in zip(start, found["size"], strict=True))])
    np.testing.assert_allclose(back * (HIGHEST / 255), np.clip(inside, 0, HIGHEST), atol=HIGHEST / 510 + 1e-6)


def test_the_box_holds_the_brain():
    inside = np.argwhere(template_mask())
    low, high = (inside.min(0) * 2 + AFFINE[:3, 3], inside.max(0) * 2 + AFFINE[:3, 3])
    assert all(box[0] <= a and b <= box[1] for box, a, b in zip(BOX_MM, low, high, strict=True))


def test_another_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        stack_data(np.zeros((2, 2, 2)))
