"""Atlas, SUVR and Centiloid."""

from petgen.quantify.atlas import Region, centiloid_cortex, parcellation, regions, whole_cerebellum
from petgen.quantify.centiloid import EQUATIONS, POSITIVE_CENTILOID, Equation, centiloid, equation_of, zone
from petgen.quantify.suvr import composite_suvr, normalise_to_cerebellum, region_means, regional_suvr

__all__ = [
    "EQUATIONS",
    "POSITIVE_CENTILOID",
    "Equation",
    "Region",
    "centiloid",
    "centiloid_cortex",
    "composite_suvr",
    "equation_of",
    "normalise_to_cerebellum",
    "parcellation",
    "region_means",
    "regional_suvr",
    "regions",
    "whole_cerebellum",
    "zone",
]
