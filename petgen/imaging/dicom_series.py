"""DICOM frames sorted into series that can each be one volume."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from petgen.imaging.dicom_header import Frame
from petgen.imaging.dicom_traits import Traits

SAME = 1e-3
COMPONENTS = frozenset("P PHASE R REAL I IMAGINARY".split())


@dataclass(frozen=True)
class SeriesInfo:
    """A series without anything that could identify a person.

    Attributes:
        number: Series number, or None.
        modality: MR, PT, CT and so on, or "unknown".
        words: Technical words of its description, in order; all other text is left out.
        slices: Different positions.
        images: Planes, over all time points.
        size: Columns and rows.
        voxel_mm: Between columns, rows and slices, as far as known.
        note: Why it was not chosen; empty for the chosen one.
    """

    number: int | None
    modality: str
    words: tuple[str, ...]
    slices: int
    images: int
    size: tuple[int, int]
    voxel_mm: tuple[float, ...]
    note: str = ""

    def __str__(self) -> str:
        """The series in words, for messages."""
        said = f" '{' '.join(self.words)}'" if self.words else ""
        name = "series without a number" if self.number is None else f"series {self.number}"
        return f"{name} ({self.modality}{said}, {self.slices} slices of {self.size[0]} x {self.size[1]})"


@dataclass(frozen=True)
class Series:
    """Frames of one series with the same size, orientation, spacing, echo time and component.

    Attributes:
        frames: In the order of the files.
    """

    frames: tuple[Frame, ...]

    @property
    def traits(self) -> Traits:
        """Kind of the first frame."""
        return self.frames[0].traits

    @property
    def name(self) -> str:
        """The series in two words, for messages."""
        return "series without a number" if self.traits.number is None else f"series {self.traits.number}"

    @property
    def located(self) -> bool:
        """Whether every plane is put in space."""
        return all(frame.located for frame in self.frames)

    def heights(self) -> np.ndarray:
        """Distance of every plane along the normal of the first, in mm."""
        turn = np.array(self.frames[0].turn)
        places = np.array([frame.place for frame in self.frames])
        return np.asarray(places @ np.cross(turn[:3], turn[3:]))

    def voxel_mm(self) -> tuple[float, ...]:
        """Between columns, rows and, where there are several positions, slices (the median)."""
        if not self.located:
            return ()
        across = (self.frames[0].spacing[1], self.frames[0].spacing[0])
        levels = self._levels()
        return (*across, float(np.median(np.diff(levels)))) if len(levels) > 1 else across

    def info(self, note: str = "") -> SeriesInfo:
        """The series without identifiers."""
        first = self.frames[0]
        slices = len(self._levels()) if self.located else len(self.frames)
        traits, size = self.traits, (first.shape[1], first.shape[0])
        return SeriesInfo(
            traits.number, traits.modality, traits.shown, slices, len(self.frames), size, self.voxel_mm(), note
        )

    def _levels(self) -> np.ndarray:
        return np.unique(np.round(self.heights(), 2))


def sort_series(frames: Iterable[Frame]) -> list[Series]:
    """Frames by series, and within a series by what cannot be one volume, in order of series number and echo time."""
    groups: dict[tuple[object, ...], list[tuple[np.ndarray, list[Frame]]]] = {}
    for frame in frames:
        traits = frame.traits
        key = (frame.series, frame.shape, frame.located, traits.colour, traits.codes & COMPONENTS)
        layout = np.array([*frame.turn, *frame.spacing, (traits.te or 0) / 100]) if frame.located else np.zeros(1)
        alike = groups.setdefault(key, [])
        for known, members in alike:
            if np.abs(known - layout).max() < SAME:
                members.append(frame)
                break
        else:
            alike.append((layout, [frame]))
    series = [Series(tuple(members)) for alike in groups.values() for _, members in alike]
    return sorted(series, key=lambda one: (one.traits.number is None, one.traits.number or 0, one.traits.te or 0))
