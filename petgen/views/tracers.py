"""How the scan of each tracer is displayed and in which order it is read.

Sources of the display rules:
    Colour table and scaling: European Association of Nuclear Medicine, "PET Pearls", preparing the scan (Springer
    Medicine 106596): flutemetamol in rainbow colours with the pons at 90 % of the scale; florbetapir and florbetaben
    in grey with the deep white matter at 90 % of the scale.
    Inverse grey for florbetapir: the binary read method of its autopsy study ("Evaluation of a Binary Read Methodology
    for Florbetapir-PET Images", Human Amyloid Imaging 2012).
Sources of the orders of reading:
    Florbetaben: its label (Neuraceq): cerebellum, lateral temporal, frontal, posterior cingulate and precuneus,
    parietal. The same order is offered for florbetapir, of whose label we know none.
    Flutemetamol: the five regions of "PET Pearls", in its order; only flutemetamol is read in the striatum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_erosion

from petgen.case import Synthesis
from petgen.imaging.grid import AFFINE, VOXEL_MM
from petgen.quantify import regions
from petgen.views.colour import Colormap
from petgen.views.places import PLACES

SHARE = 0.9
"""Where on the scale the region stands that the scale is set by."""
_PONS_MM = (-44, -24)
_DEEP_VOXELS = 3
_USUAL_SUVR = 1.8
_CORTEX = ("Cerebellum", "Lateral temporal", "Frontal", "Posterior cingulate, precuneus", "Parietal")
_FIVE = ("Frontal", "Lateral temporal", "Parietal", "Posterior cingulate, precuneus", "Striatum")


@dataclass(frozen=True)
class Rule:
    """How a tracer's scan is displayed and read.

    Attributes:
        colormap: Colour table.
        anchor: Region that stands at 90 % of the scale.
        order: Names of places in the order of reading.
        source: Where the rule was published, short.
    """

    colormap: Colormap
    anchor: str
    order: tuple[str, ...]
    source: str


RULES = {
    "florbetapir": Rule(
        "inverse grey",
        "deep white matter",
        _CORTEX,
        "scaling: EANM PET Pearls; inverse grey: its binary read, HAI 2012",
    ),
    "florbetaben": Rule("grey", "deep white matter", _CORTEX, "EANM PET Pearls; order: Neuraceq label"),
    "flutemetamol": Rule("spectrum", "pons", _FIVE, "EANM PET Pearls"),
}
"""By tracer; PiB and NAV4694 have no label and so no preset; they are drawn in florbetapir's window."""


@dataclass(frozen=True)
class Preset:
    """A tracer's rule on one case.

    Attributes:
        tracer: Name.
        rule: The rule.
        level: SUVR of the rule's region, of the brighter of the scans.
        high: SUVR at the upper end of the scale; the lower end is zero.
    """

    tracer: str
    rule: Rule
    level: float
    high: float

    @property
    def words(self) -> str:
        """The preset in one sentence."""
        return (
            f"{self.tracer.capitalize()}: {self.rule.colormap}, {self.rule.anchor} ({self.level:.2f} SUVR) at "
            f"{SHARE:.0%} of the scale ({self.rule.source})."
        ).replace("90%", "90 %")


def presets(synthesis: Synthesis) -> list[Preset]:
    """The display rules of the tracers on a case; synthetic and reference PET share one window.

    Args:
        synthesis: The case; of its scans, the one that is brighter in the rule's region sets the scale.
    """
    scans = [scan for scan in (synthesis.suvr, synthesis.reference) if scan is not None]
    return [_preset(tracer, rule, scans, synthesis.parcellation) for tracer, rule in RULES.items()]


def synthetic_window(synthesis: Synthesis) -> tuple[float, float]:
    """SUVR at the ends of the scale of a case's PET wherever it is drawn: by the rule of the synthetic PET's tracer."""
    scans = [scan for scan in (synthesis.suvr, synthesis.reference) if scan is not None]
    return _window(scans, synthesis.parcellation, synthesis.result.tracer)


def own_window(suvr: np.ndarray, parcellation: np.ndarray, tracer: str) -> tuple[float, float]:
    """SUVR at the ends of the scale of one scan that is read by itself.

    Args:
        suvr: SUVR, (x, y, z).
        parcellation: Labels of the same shape.
        tracer: Its tracer; one without a rule is shown by florbetapir's.
    """
    return _window([suvr], parcellation, tracer)


def scale_words(window: tuple[float, float]) -> str:
    """A scale in inverse grey, in words."""
    return f"SUVR {window[0]:.0f} (white) to {window[1]:.2f} (black), cerebellum = 1"


def _preset(tracer: str, rule: Rule, scans: Sequence[np.ndarray], labels: np.ndarray) -> Preset:
    level = _level(scans, _anchor(rule.anchor, labels))
    return Preset(tracer, rule, level, round(level / SHARE, 2))


def _window(scans: Sequence[np.ndarray], labels: np.ndarray, tracer: str) -> tuple[float, float]:
    return 0.0, _preset(tracer, RULES.get(tracer, RULES["florbetapir"]), scans, labels).high


def _level(scans: Sequence[np.ndarray], where: np.ndarray) -> float:
    levels = [float(np.median(scan[where])) for scan in scans] if where.any() else []
    return max((level for level in levels if np.isfinite(level) and level > 0), default=SHARE * _USUAL_SUVR)


def _anchor(name: str, labels: np.ndarray) -> np.ndarray:
    """Voxels of the deep white matter (6 mm inside it) or of the pons (brainstem from z = -44 to -24 mm)."""
    if name == "pons":
        inside = np.isin(labels, [region.index for region in regions() if region.name == "brainstem"])
        z = AFFINE[2, 3] + VOXEL_MM * np.arange(labels.shape[2])
        return np.asarray(inside & (z >= _PONS_MM[0]) & (z <= _PONS_MM[1]))
    white = np.isin(labels, [region.index for region in regions() if region.name == "cerebral white matter"])
    return np.asarray(binary_erosion(white, iterations=_DEEP_VOXELS))


def places_in_order(rule: Rule) -> list[tuple[str, tuple[float, float, float]]]:
    """The places of a guided read with their crosshair positions, template millimetres."""
    return [(name, PLACES[name]) for name in rule.order]
