"""petgen: synthetic amyloid PET from a T1-weighted MRI and blood biomarkers."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from petgen.api import synthesize

__version__ = "0.1.0"
__all__ = ["__version__", "synthesize"]


def __getattr__(name: str) -> object:
    """`synthesize`, brought in when it is first asked for: it needs torch, the rest of petgen often does not."""
    if name == "synthesize":
        return import_module("petgen.api").synthesize
    raise AttributeError(f"module 'petgen' has no attribute {name!r}")
