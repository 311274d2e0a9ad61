"""Whatever comes in, by chance: a reader gives what it reads or an `InputError`, and nothing else."""

import gzip
import json
from functools import cache
from typing import Any

import numpy as np
from corpus.archives import good as good_zip
from corpus.good import nifti
from corpus.told import told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_dicom import enhanced, series, written

from petgen.case import ANALYTES, Biomarkers, InputError, check_biomarkers, read_biomarkers
from petgen.imaging import open_scan
from petgen.language.note import read_note

HEADER = 400
often = settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
patches = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=4)


@cache
def whole_nifti() -> bytes:
    return nifti()


@cache
def whole_dicom() -> bytes:
    """One multi-frame file whose header is most of it."""
    return written(enhanced(series(shape=(24, 24, 30)), range(30)))


def patched(data: bytes, changes: list[tuple[float, bytes]], reach: int, kept: float) -> bytes:
    """Bytes overwritten in the first `reach` of the data, of which a share is kept."""
    changed = bytearray(data)
    for place, new in changes:
        at = int(place * (min(reach, len(data)) - 1))
        changed[at : at + len(new)] = new
    return bytes(changed[: int(kept * len(changed))])


def read(data: bytes) -> None:
    try:
        scan = open_scan([("upload", data)])
    except InputError as error:
        told(error)
        return
    voxels = np.asarray(scan.image.dataobj)
    assert voxels.ndim == 3
    assert np.isfinite(voxels).all()
    assert np.isfinite(scan.image.affine).all()


@often
@given(st.binary(max_size=2000))
def test_any_bytes(data):
    read(data)
    read(gzip.compress(data, 1))
    read(bytes(128) + b"DICM" + data)
    read(b"PK\x03\x04" + data)


@often
@given(patches, st.sampled_from([1.0, 1.0, 0.9]), st.booleans())
def test_any_damage_to_a_nifti(changes, kept, packed):
    data = patched(whole_nifti(), changes, HEADER, kept)
    read(gzip.compress(data, 1) if packed else data)


@often
@given(patches, st.sampled_from([1.0, 1.0, 0.9, 0.3]))
def test_any_damage_to_a_dicom(changes, kept):
    pixels = 2 * 24 * 24 * 30
    read(patched(whole_dicom(), changes, len(whole_dicom()) - pixels, kept))


@often
@given(patches, st.booleans(), st.sampled_from([1.0, 1.0, 0.99]))
def test_any_damage_to_a_zip(changes, directory, kept):
    data = good_zip()
    start = data.index(b"PK\x01\x02") if directory else 0
    read(data[:start] + patched(data[start:], changes, len(data), kept))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from([*ANALYTES, "sex", "assay"])


@often
@given(anything | st.dictionaries(names | st.text(max_size=10), anything, max_size=5))
def test_any_values(values: Any):
    try:
        found = check_biomarkers(values)
    except InputError as error:
        told(error)
    else:
        assert check_biomarkers(found.model_dump()) == found


@often
@given(st.binary(max_size=300) | st.dictionaries(names, anything.filter(lambda one: not _has_bytes(one))))
def test_any_bytes_as_values(tmp_path, content):
    path = tmp_path / "values.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    try:
        assert isinstance(read_biomarkers(path), Biomarkers)
    except InputError as error:
        told(error)


def _has_bytes(thing: Any) -> bool:
    inside = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else []
    return isinstance(thing, bytes) or any(map(_has_bytes, inside))


words = st.sampled_from(
    "p-tau217 Aβ42 Aβ40 Aβ42/40 NfL MMSE 0.71 9.3 120 24/30 pg/mL ng/L age 74 woman ; , \n <b> \u202e".split(" ")
)


@often
@given(st.text(max_size=500) | st.lists(words | st.text(max_size=5), max_size=40).map(" ".join))
def test_any_note(text):
    note = read_note(text)
    for hit in note.hits:
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.text == text[hit.start : hit.end]
        assert hit.usable != bool(hit.problem)
    check_biomarkers(note.values())
