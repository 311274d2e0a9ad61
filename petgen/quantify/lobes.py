"""Cortical regions by lobe, with names as a physician writes them."""

LOBES: dict[str, dict[str, str]] = {
    "Frontal": {
        "superiorfrontal": "superior frontal",
        "rostralmiddlefrontal": "rostral middle frontal",
        "caudalmiddlefrontal": "caudal middle frontal",
        "parsopercularis": "pars opercularis",
        "parstriangularis": "pars triangularis",
        "parsorbitalis": "pars orbitalis",
        "lateralorbitofrontal": "lateral orbitofrontal",
        "medialorbitofrontal": "medial orbitofrontal",
        "precentral": "precentral",
        "paracentral": "paracentral",
        "frontalpole": "frontal pole",
    },
    "Cingulate": {
        "rostralanteriorcingulate": "rostral anterior cingulate",
        "caudalanteriorcingulate": "caudal anterior cingulate",
        "posteriorcingulate": "posterior cingulate",
        "isthmuscingulate": "isthmus of cingulate",
    },
    "Parietal": {
        "superiorparietal": "superior parietal",
        "inferiorparietal": "inferior parietal",
        "supramarginal": "supramarginal",
        "postcentral": "postcentral",
        "precuneus": "precuneus",
    },
    "Temporal": {
        "superiortemporal": "superior temporal",
        "middletemporal": "middle temporal",
        "inferiortemporal": "inferior temporal",
        "bankssts": "banks of STS",
        "fusiform": "fusiform",
        "transversetemporal": "transverse temporal",
        "entorhinal": "entorhinal",
        "temporalpole": "temporal pole",
        "parahippocampal": "parahippocampal",
    },
    "Occipital": {
        "lateraloccipital": "lateral occipital",
        "lingual": "lingual",
        "cuneus": "cuneus",
        "pericalcarine": "pericalcarine",
    },
    "Insula": {"insula": "insula"},
}
_LOBE = {name: lobe for lobe, names in LOBES.items() for name in names}
_READABLE = {name: text for names in LOBES.values() for name, text in names.items()}


def readable(name: str) -> str:
    """Name of a region in plain words; names outside the cortex stay as they are."""
    return _READABLE.get(name, name)


def lobe_of(name: str) -> str:
    """Lobe of a cortical region, empty outside the cortex."""
    return _LOBE.get(name, "")
