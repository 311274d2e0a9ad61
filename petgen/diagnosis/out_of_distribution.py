"""The light on a case: green, amber, or red with its reasons; red withholds the scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from petgen.case import Light
from petgen.diagnosis.familiarity import ScanDistance

SIMILARITY = {"amber": 0.88, "red": 0.85}
"""Correlation with the template below which a registered scan is unusual: fifteen scans of people aged 71 to 87 reach
0.90 to 0.94, the same scans turned by 20 degrees 0.79 to 0.86."""
LITRES = {"amber": (0.95, 2.15), "red": (0.80, 2.2)}
"""Volume of an adult's brain with the CSF over it, as deepbet finds it; one kept in MNI space measures about 2."""
SCAN = {"overall": {"amber": 0.9, "red": 1.15}, "worst": {"amber": 0.8, "red": 2.5}}
"""Distances of the encoder's features, as multiples of the largest among the ordinary simulated scans they were fitted
with: 640 others reach 0.91 and 0.87 (99 in 100 of them 0.83 and 0.79), 17 real ones 0.82 and 0.70, painted lesions 0.83
to 2.8 in the strangest place."""


@dataclass(frozen=True)
class Signs:
    """What the light looks at.

    Attributes:
        similarity: Correlation of brain and template after registration.
        litres: Volume of the brain mask in the scan.
        scan: Distance of the encoder's features.
        values: Joint improbability of the values.
        limits: As `Familiarity.limits`.
        warnings: What reading and preparing the scan warned of, one sentence each.
    """

    similarity: float
    litres: float
    scan: ScanDistance
    values: float
    limits: Mapping[str, float]
    warnings: Sequence[str] = ()

    @property
    def scan_times(self) -> ScanDistance:
        """Distance of the encoder's features, in amber limits."""
        return ScanDistance(
            **{
                name: getattr(self.scan, name) / self.limits[f"scan_{name}"] / SCAN[name]["amber"]
                for name in ("overall", "worst")
            }
        )


def light(signs: Signs) -> Light:
    """The light of a case and, in words, why it is not green."""
    reasons = [("amber", warning) for warning in signs.warnings]
    level = _worse_below(signs.similarity, SIMILARITY)
    if level:
        reasons.append(
            (level, f"After registration the brain correlates with the template by {signs.similarity:.2f} only.")
        )
    for name in ("red", "amber"):
        low, high = LITRES[name]
        if not low <= signs.litres <= high:
            reasons.append((name, f"The brain measures {signs.litres:.2f} litres, outside {low:g} to {high:g}."))
            break
    for name, words in (("overall", "as a whole"), ("worst", "in one place")):
        times = getattr(signs.scan_times, name)
        level = next((level for level in ("red", "amber") if times > SCAN[name][level] / SCAN[name]["amber"]), "")
        if level:
            text = f"The scan looks unlike those the generator was trained on, {words} ({times:.1f} times the limit)."
            reasons.append((level, text))
    if signs.values > signs.limits["values_amber"]:
        text = "Each value is in range, but together they are unlike those of any person the model has seen."
        reasons.append(("red" if signs.values > signs.limits["values_red"] else "amber", text))
    levels = {name for name, _ in reasons}
    return Light(
        level="red" if "red" in levels else "amber" if levels else "green", reasons=[text for _, text in reasons]
    )


def _worse_below(value: float, limits: dict[str, float]) -> str:
    return next((name for name in ("red", "amber") if not value >= limits[name]), "")
