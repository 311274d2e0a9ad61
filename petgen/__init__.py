"""petgen: synthetic amyloid PET from a T1-weighted MRI and blood biomarkers."""

__version__ = "0.1.0"
