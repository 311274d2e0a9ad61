"""The technical words that petgen knows in a series description; no other text of a DICOM file is kept or shown."""

import re

T1 = frozenset("t1 mprage mp2rage spgr fspgr bravo tfl".split())
OTHER_KINDS = {
    "a localiser": frozenset("localizer localiser loc scout survey plane pilot aahead smartbrain calibration".split()),
    "T2-weighted": frozenset("t2 flair haste ciss fiesta".split()),
    "diffusion": frozenset("dwi dti diff diffusion adc trace tracew tensor hardi noddi ep2d".split()),
    "functional or perfusion": frozenset("bold fmri rest asl pcasl perfusion dsc dce cbf cbv".split()),
    "susceptibility": frozenset("swi swan qsm venobold minip".split()),
    "angiography": frozenset("tof mra angio".split()),
    "proton density": frozenset(["pd"]),
    "a map, not an image": frozenset("map maps mapping fieldmap field t1map inv".split()),
    "spectroscopy": frozenset("svs csi mrs spectroscopy".split()),
    "a picture of the screen": frozenset("screenshot screen report".split()),
}
CONTRAST = frozenset("gd gad gado gadolinium post postcontrast contrast ce km".split())
NO_CONTRAST = frozenset("pre no non noncontrast native without wo".split())
REFORMATTED = frozenset("mpr reformat reformatted mip".split())
UNCORRECTED = frozenset("nac noac nonac uncorrected".split())
LAYOUT = frozenset("3d 2d sag sagittal cor coronal tra trans transverse ax axial iso obl head brain whole".split())
SEQUENCES = frozenset("tfe ffe gre vibe flash space se tse fse ir uni den norm grappa sense star".split())
PET = frozenset("pet static dynamic ac suv osem psf amyloid fdg florbetapir florbetaben flutemetamol pib".split())
VOCABULARY = frozenset().union(
    T1, *OTHER_KINDS.values(), CONTRAST, NO_CONTRAST, REFORMATTED, UNCORRECTED, LAYOUT, SEQUENCES, PET
)

_WORD = re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(VOCABULARY, key=len, reverse=True))})(?![a-z])")


def technical_words(text: str) -> tuple[str, ...]:
    """The words of a text that are in the vocabulary, lower case, in order, each once.

    Words may be glued to digits, underscores, a change of case, `3D` or `T1`: "SagT1w3D" holds sag, t1 and 3d.
    """
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower()
    apart = re.sub(r"(?<!ep)([23]d)", r" \1 ", apart)
    apart = re.sub(r"(?<![a-z0-9])t([12])(?:wi?)?(?!\d|map)", r" t\1 ", apart)
    return tuple(dict.fromkeys(_WORD.findall(apart)))
