"""Where the crosshair goes."""

from petgen.views.marks import Position

START: Position = (6, -54, 36)
"""Where it stands at first: the right precuneus, template millimetres."""
PLACES: dict[str, Position] = {
    "Cerebellum": (28, -64, -30),
    "Lateral temporal": (66, -28, -16),
    "Frontal": (38, 52, 20),
    "Posterior cingulate, precuneus": (6, -54, 36),
    "Parietal": (54, -46, 52),
    "Striatum": (26, 4, 2),
}
"""Places of a systematic read, in the right half of the brain, template millimetres."""
