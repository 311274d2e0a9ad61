"""A site's own people: a model recalibrated or adapted to them, and what that gives."""
