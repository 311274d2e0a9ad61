import numpy as np
from nilearn.surface import SurfaceImage

from petgen.imaging import on_grid
from petgen.quantify.atlas import parcellation
from petgen.views.cortex import CORTEX_FROM, sampled
from petgen.views.mesh import fsaverage


def _by_nilearn(volume, cortex):
    mesh = fsaverage()
    found = SurfaceImage.from_volume(
        mesh=mesh["pial"], inner_mesh=mesh["white_matter"], volume_img=on_grid(volume), mask_img=on_grid(cortex)
    )
    return {side: np.asarray(found.data.parts[side]).ravel() for side in ("left", "right")}


def test_the_surface_is_sampled_where_nilearn_samples_it():
    """A ramp along each axis is the same after smoothing, so that each mean says where its points lie."""
    everywhere = np.full((91, 109, 91), 1001)
    for axis in range(3):
        shape = np.ones(3, int)
        shape[axis] = -1
        ramp = np.broadcast_to(np.arange(everywhere.shape[axis], dtype=np.float32).reshape(shape), everywhere.shape)
        found = sampled(ramp, everywhere)
        for side, known in _by_nilearn(ramp.copy(), np.ones(everywhere.shape, np.float32)).items():
            np.testing.assert_allclose(found[side], known, atol=0.01)


def test_only_cortex_is_averaged_and_where_there_is_none_nothing_is_said():
    labels = parcellation()
    found = sampled(np.where(labels >= CORTEX_FROM, 1.5, 99).astype(np.float32), labels)
    for side in ("left", "right"):
        known = found[side][~np.isnan(found[side])]
        assert len(known) > 8000
        np.testing.assert_allclose(known, 1.5, atol=1e-3)
    one_side = np.where(np.arange(91)[:, None, None] < 40, labels, 0)
    found = sampled(np.ones(labels.shape, np.float32), one_side)
    shares = {side: np.isnan(values).mean() for side, values in found.items()}
    assert max(shares.values()) > 0.95 > 0.1 > min(shares.values())
