import io

import numpy as np
import pytest
from PIL import Image

from petgen.imaging.grid import SHAPE
from petgen.views import COLORMAPS, LIMITS_MM, PLANES, colour_bar, plane, png_bytes
from petgen.views.slices import voxel_at

WINDOW = (0.0, 2.0)
ORIGIN = (0, 0, 0)


def _blob(mm):
    volume = np.zeros(SHAPE, np.float32)
    i, j, k = voxel_at(mm)
    volume[i - 3 : i + 4, j - 3 : j + 4, k - 3 : k + 4] = 2
    return volume


def _centre(volume, name, mm, **options):
    """Pixel (row, column) where the slice differs from an empty one."""
    drawn = plane(volume, name, mm, WINDOW, "grey", crosshair=False, **options).astype(int)
    empty = plane(np.zeros_like(volume), name, mm, WINDOW, "grey", crosshair=False, **options).astype(int)
    return np.argwhere(np.abs(drawn - empty).sum(-1) > 300).mean(0)


@pytest.mark.parametrize(
    ("mm", "voxel"),
    [
        ((-90, -126, -72), (0, 0, 0)),
        ((0, 0, 0), (45, 63, 36)),
        ((90, 90, 108), (90, 108, 90)),
        ((6, -52, 28), (48, 37, 50)),
    ],
)
def test_millimetres_map_to_voxels(mm, voxel):
    assert voxel_at(mm) == voxel


def test_points_outside_the_grid_are_kept_inside():
    assert voxel_at((500, -500, 0)) == (90, 0, 36)


@pytest.mark.parametrize("name", ["axial", "coronal"])
def test_the_patients_right_is_on_the_left_of_the_picture_in_radiological_convention(name):
    volume = _blob((40, 0, 0))
    width = plane(volume, name, ORIGIN, WINDOW).shape[1]
    assert _centre(volume, name, ORIGIN)[1] < width / 2
    assert _centre(volume, name, ORIGIN, radiological=False)[1] > width / 2


@pytest.mark.parametrize(
    ("name", "mm", "axis"),
    [("axial", (0, 40, 0), 0), ("coronal", (0, 0, 50), 0), ("sagittal", (0, 0, 50), 0), ("sagittal", (0, 40, 0), 1)],
)
def test_anterior_and_superior_are_on_top_and_anterior_is_on_the_left(name, mm, axis):
    volume = _blob(mm)
    size = plane(volume, name, ORIGIN, WINDOW).shape[axis]
    assert _centre(volume, name, ORIGIN)[axis] < size / 2


@pytest.mark.parametrize("name", PLANES)
def test_a_blob_lies_where_the_crosshair_points(name):
    at = (30, -40, 20)
    blank = np.zeros(SHAPE, np.float32)
    crossed = plane(blank, name, at, WINDOW).astype(int)
    clear = plane(blank, name, at, WINDOW, crosshair=False).astype(int)
    lines = np.abs(crossed - clear).sum(-1) > 0
    crosshair = np.array([lines.sum(1).argmax(), lines.sum(0).argmax()])
    assert np.abs(crosshair - _centre(_blob(at), name, at)).max() <= 3


@pytest.mark.parametrize("name", PLANES)
def test_the_slice_goes_through_the_position(name):
    volume = _blob((30, -40, 20))
    through = plane(volume, name, (30, -40, 20), WINDOW, crosshair=False)
    beside = plane(volume, name, (-30, 40, -20), WINDOW, crosshair=False)
    assert (through == 255).all(-1).sum() > 500 > (beside == 255).all(-1).sum()


@pytest.mark.parametrize("colormap", COLORMAPS)
def test_synthetic_is_burned_into_the_lower_left_corner(colormap):
    blank = np.zeros(SHAPE, np.float32)
    bare = plane(blank, "axial", ORIGIN, WINDOW, colormap)
    stamped = plane(blank, "axial", ORIGIN, WINDOW, colormap, stamp="SYNTHETIC")
    rows, columns = np.nonzero((bare != stamped).any(-1))
    assert rows.size > 300
    assert rows.min() > 0.9 * bare.shape[0]
    assert columns.max() < 0.45 * bare.shape[1]


def test_letters_change_sides_with_the_convention():
    blank = np.zeros(SHAPE, np.float32)
    one = plane(blank, "axial", ORIGIN, WINDOW, crosshair=False)
    other = plane(blank, "axial", ORIGIN, WINDOW, crosshair=False, radiological=False)
    edge = 50
    assert (one[:, :edge] != other[:, :edge]).any()
    assert (one[:, edge:-edge] == other[:, edge:-edge]).all()


def test_all_planes_have_one_height_and_the_extremes_can_be_drawn():
    volume = _blob(ORIGIN)
    for corner in zip(*LIMITS_MM.values(), strict=True):
        assert {plane(volume, name, corner, WINDOW).shape[0] for name in PLANES} == {606}


def test_high_uptake_is_dark_in_inverse_grey_and_bright_in_grey():
    volume = np.full(SHAPE, 2, np.float32)
    dark = plane(volume, "axial", ORIGIN, WINDOW, "inverse grey", crosshair=False)
    bright = plane(volume, "axial", ORIGIN, WINDOW, "grey", crosshair=False)
    assert np.median(dark) == 0
    assert np.median(bright) == 255


def test_not_a_number_is_drawn_as_nothing():
    volume = np.full(SHAPE, np.nan, np.float32)
    assert np.median(plane(volume, "axial", ORIGIN, WINDOW)) == 0


def test_png_holds_the_same_picture():
    picture = plane(_blob(ORIGIN), "coronal", ORIGIN, WINDOW, "hot")
    assert (np.asarray(Image.open(io.BytesIO(png_bytes(picture)))) == picture).all()


@pytest.mark.parametrize("window", [(0.0, 2.0), (0.3, 0.4), (0.0, 3.0), (1.0, 1.0)])
def test_the_colour_bar_can_be_drawn_for_any_window(window):
    assert colour_bar(window, "spectrum").shape == (76, 1640, 3)
