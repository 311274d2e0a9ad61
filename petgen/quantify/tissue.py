"""Volumes of grey matter and CSF by lobe, read off the T1w in template space without any warp."""

from functools import cache

import numpy as np

from petgen.quantify.atlas import parcellation, regions
from petgen.quantify.lobes import LOBES, lobe_of

_MESIAL = ("entorhinal", "parahippocampal", "hippocampus", "amygdala")
_HINDBRAIN = ("brainstem", "cerebellar cortex", "cerebellar white matter")
PLACES = (*(name for name in LOBES if name != "Insula"), "Mesial temporal", "Insula and deep brain")
"""Where tissue is counted; cerebellum and brainstem are left out."""
TISSUE_NAMES = tuple(f"{tissue} {place.lower()}" for tissue in ("grey matter", "CSF") for place in PLACES)
"""What `tissue_shares` gives, in its order."""
_START = np.array([[0.3], [0.7], [1.0]])
"""Brightness of CSF, grey and white matter relative to white matter that the mixture starts from."""
_SAMPLE = 20_000


@cache
def places() -> np.ndarray:
    """Number of the place, from 1 in the order of `PLACES`, that each voxel of the template is nearest to, int8."""
    from scipy.ndimage import distance_transform_edt

    place_of = {region.index: _place(region.name) for region in regions()}
    table = np.zeros(int(parcellation().max()) + 1, dtype=np.int8)
    for index, place in place_of.items():
        table[index] = place
    known = table[parcellation()]
    nearest = distance_transform_edt(known == 0, return_distances=False, return_indices=True)
    filled = known[tuple(nearest)]
    return np.where(filled > len(PLACES), 0, filled).astype(np.int8)


def _place(name: str) -> int:
    if name in _MESIAL:
        return PLACES.index("Mesial temporal") + 1
    if name in _HINDBRAIN:
        return len(PLACES) + 1
    lobe = lobe_of(name)
    return PLACES.index(lobe) + 1 if lobe in PLACES else len(PLACES)


def tissue_shares(t1: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Volumes of grey matter and CSF by place, as shares of the brain mask.

    Tissue comes from a mixture of three normal distributions of brightness, fitted to the scan itself; a voxel counts
    in parts. Places are those of the template, so training and use see the same measurement.

    Args:
        t1: T1w in template space, (91, 109, 91), white matter = 1.
        mask: Brain, (91, 109, 91), bool.

    Returns:
        (2 x places,), float32, in the order of `TISSUE_NAMES`.
    """
    from sklearn.mixture import GaussianMixture

    inside = t1[mask][:, None].astype(np.float64)
    step = max(len(inside) // _SAMPLE, 1)
    mixture = GaussianMixture(3, means_init=_START, random_state=0, reg_covar=1e-4).fit(inside[::step])
    grid = np.linspace(0, 2, 401)
    order = np.argsort(mixture.means_[:, 0])
    tissue = mixture.predict_proba(grid[:, None])[:, order]
    where = places()[mask]
    found = [
        np.bincount(where, np.interp(inside[:, 0], grid, tissue[:, kind]), minlength=len(PLACES) + 1)[1:]
        for kind in (1, 0)
    ]
    return (np.concatenate(found) / max(int(mask.sum()), 1)).astype(np.float32)
