import numpy as np
import pytest

from petgen.views.mesh import HEIGHT_PX, fsaverage, seen

RAMP = np.linspace([0, 0, 0], [1, 0, 0], 256)


def _drawn(side, view, values):
    return seen(side, view).coloured(values, (0.0, 1.0), RAMP)


@pytest.fixture(scope="module")
def places():
    return {side: np.asarray(fsaverage()["inflated"].parts[side].coordinates) for side in ("left", "right")}


@pytest.mark.parametrize(("side", "view"), [("left", "lateral"), ("left", "medial"), ("right", "lateral")])
def test_the_outline_is_filled_without_a_hole(side, view, places):
    faces = seen(side, view).faces >= 0
    reached = (
        np.maximum.accumulate(faces, 1) & np.maximum.accumulate(faces[:, ::-1], 1)[:, ::-1]
        & np.maximum.accumulate(faces, 0) & np.maximum.accumulate(faces[::-1], 0)[::-1]
    )  # fmt: skip
    assert (reached & ~faces).sum() < 0.002 * faces.sum()
    assert _drawn(side, view, np.ones(len(places[side]))).shape[0] == HEIGHT_PX


@pytest.mark.parametrize(
    ("side", "view", "anterior"), [("left", "lateral", "left"), ("left", "medial", "right"),
                                   ("right", "medial", "left"), ("right", "lateral", "right")],
)  # fmt: skip
def test_the_brain_lies_as_it_is_named(side, view, anterior, places):
    """Red where the value is high: in front, and above."""
    for axis in (1, 2):
        high = places[side][:, axis] > np.median(places[side][:, axis])
        picture = _drawn(side, view, high.astype(float)).astype(int)
        red = (picture[..., 0] > 200) & (picture[..., 1] < 80)
        dark = picture.max(axis=2) < 80
        (red_row, red_column), (dark_row, dark_column) = (np.argwhere(mask).mean(axis=0) for mask in (red, dark))
        if axis == 2:
            assert red_row < dark_row - 40
        else:
            assert (red_column < dark_column - 40) == (anterior == "left")


def test_what_faces_away_is_not_seen(places):
    """The medial wall is seen medially and not laterally."""
    wall = np.where(places["left"][:, 0] > np.percentile(places["left"][:, 0], 70), 1.0, 0.0)
    shares = {}
    for view in ("lateral", "medial"):
        picture = _drawn("left", view, wall).astype(int)
        shares[view] = ((picture[..., 0] > 200) & (picture[..., 1] < 80)).sum()
    assert shares["medial"] > 20 * shares["lateral"]


def test_no_value_is_grey(places):
    picture = _drawn("left", "lateral", np.full(len(places["left"]), np.nan))
    drawn = picture[picture.min(axis=2) < 200]
    assert (np.ptp(drawn.astype(int), axis=1) == 0).all()
