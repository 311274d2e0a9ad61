from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from petgen.quantify.atlas import parcellation
from petgen.views import surface_difference, surface_picture
from petgen.views.colour import lookup


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


def _greyish(picture):
    """Share of the drawn surface that has no hue."""
    views = picture[:270].reshape(-1, 3).astype(int)
    drawn = views[views.min(axis=1) < 250]
    return (np.ptp(drawn, axis=1) < 30).mean()


def test_even_uptake_is_even_up_to_the_edge_of_the_cortex(plain):
    picture = surface_picture(plain, parcellation())
    assert not (picture[:250].max(axis=2) < 60).any()


def test_the_window_moves_the_colours(plain):
    hot = lookup("hot")
    last = surface_picture(plain, parcellation(), window=(0.0, 1.0))[:250]
    first = surface_picture(plain, parcellation(), window=(1.0, 2.0))[:250]
    assert (np.abs(first.astype(int) - hot[0]).max(axis=2) < 30).mean() > 0.2
    assert not (np.abs(last.astype(int) - hot[0]).max(axis=2) < 30).any()


def test_a_difference_is_purple_where_less_and_green_where_more(plain):
    change = np.where(np.arange(91)[:, None, None] < 45, -0.4, 0.4).astype(np.float32)
    picture = surface_difference(plain + change, plain, parcellation()).astype(int)
    left, right = picture[:250, :660].reshape(-1, 3), picture[:250, 660:].reshape(-1, 3)
    assert ((left[:, 2] - left[:, 1]) > 60).mean() > 0.2
    assert ((right[:, 1] - right[:, 2]) > 60).mean() > 0.2
    same = surface_difference(plain, plain, parcellation())
    assert _greyish(same) > 0.9


def test_sessions_that_draw_at_once_get_each_their_own(plain):
    values = [plain, plain * np.float32(1.3)]
    alone = [surface_picture(volume, parcellation()) for volume in values]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda volume: surface_picture(volume, parcellation()), values))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(*alone)
