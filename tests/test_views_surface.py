import numpy as np
import pytest

from petgen.quantify.atlas import parcellation
from petgen.views import surface_picture


@pytest.fixture(scope="module")
def plain():
    return np.where(parcellation() > 0, 1.0, 0).astype(np.float32)


def _quarters(picture):
    """Mean brightness of the four views."""
    return [float(part[:250].mean()) for part in np.split(picture, 4, axis=1)]


def test_more_uptake_is_brighter_on_its_own_side(plain):
    more = plain.copy()
    more[:41] *= 1.6
    before, after = (_quarters(surface_picture(volume, parcellation())) for volume in (plain, more))
    change = np.subtract(after, before)
    assert (change[:2] > 5).all()
    assert (np.abs(change[2:]) < 2).all()


def test_the_stamp_is_written(plain):
    bare, marked = (surface_picture(plain, parcellation(), stamp) for stamp in ("", "SYNTHETIC"))
    assert bare.shape == marked.shape
    assert (bare != marked)[-60:, :400].any()
    assert not (bare != marked)[:250].any()
