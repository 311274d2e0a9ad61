import os
import sys
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parents[1]))

from petgen.case import (
    Biomarkers,
    Effect,
    LoadPosterior,
    MadeFrom,
    Probabilities,
    Reading,
    Result,
    Scenario,
    Scenarios,
    Step,
    Synthesis,
    values_checksum,
)
from petgen.cohort.anatomy import template_anatomy
from petgen.cohort.dataset_tables import open_dataset, write_tables
from petgen.cohort.run import simulate_into
from petgen.demos import DemoCase
from petgen.imaging.grid import on_grid, template, template_mask
from petgen.quantify.atlas import parcellation, regions

settings.register_profile("petgen", deadline=None)
settings.load_profile("petgen")
"""How long an example takes is a matter of the machine; what hangs meets the limit of its test."""


@pytest.fixture(scope="session")
def simulated(tmp_path_factory) -> Path:
    """A simulated dataset of three people in each of train, calibration and test, on the template; not to be changed.

    Seed 10 draws amyloid negative and positive people for train.
    """
    root = tmp_path_factory.mktemp("simulated") / "data"
    open_dataset(root, 10)
    brain = root / "sourcedata" / "brain.npz"
    brain.parent.mkdir()
    template_anatomy().save(brain)
    for split in ("train", "calibration", "test"):
        assert sorted(simulate_into(root, [brain], split, 3, seed=10, jobs=1)) == [f"{split}0000{k}" for k in range(3)]
    write_tables(root, seed=10)
    return root


@pytest.fixture(scope="session")
def synthesis() -> Synthesis:
    """A synthesis of real shapes and names, painted on the template; its numbers mean nothing."""
    mask = template_mask()
    labels = np.where(mask, parcellation(), 0).astype(np.int32)
    suvr = np.where(mask, 1.2, 0).astype(np.float32)
    rows = []
    for number, region in enumerate(regions()):
        inside = labels == region.index
        value = 0.8 + 0.01 * number
        suvr[inside] = value
        rows.append((region.index, region.name, region.hemisphere, inside.sum() * 0.008, value))
    values = Biomarkers(age=74, sex="F", p_tau217=0.91)
    result = Result(
        composite_suvr=1.4,
        centiloid=64.5,
        centiloid_equation="CL = 179.64 x SUVR - 186.95 (for tests)",
        amyloid_status="positive",
        intervals={"centiloid": (20.0, 90.0), "composite_suvr": (1.15, 1.54)},
        posterior=LoadPosterior(edges=[-42.0, 25.0, 180.0], probabilities=[0.3, 0.7], median=62.0),
        scenarios=Scenarios(
            negative=Scenario(weight=0.3, load=4.0, centiloid=5.0),
            positive=Scenario(weight=0.7, load=70.0, centiloid=69.0),
        ),
        summary="The model expects 64 Centiloids.",
        p_amyloid_positive=Probabilities(t1=0.42, inputs=0.7, spet=0.68),
        reading=Reading(positive=True, reduced=["Frontal", "Parietal"], intense=[]),
        effects=[
            Effect(name="p_tau217", centiloid=31.0, probability=0.38),
            Effect(name="sex", centiloid=-2, probability=-0.02),
        ],
        timings_s={"Generator": 1.5, "total": 12.0},
        warnings=["p-tau217 0.91 pg/mL is above its reference limit of 0.63 pg/mL."],
        model_version="0.0.0",
        weights_sha256="0" * 64,
        petgen_version="0.0.0",
        seed=0,
        device="cpu",
        made_from=MadeFrom(model="petgen", scan_sha256="1" * 64, values_sha256=values_checksum(values)),
    )
    columns = ["index", "name", "hemisphere", "volume_ml", "suvr"]
    return Synthesis(
        result=result,
        suvr=suvr,
        t1=template(),
        mask=mask,
        parcellation=labels,
        suvr_native=on_grid(suvr),
        regions=pd.DataFrame(rows, columns=columns).assign(
            suvr_low=lambda table: table["suvr"] - 0.1, suvr_high=lambda table: table["suvr"] + 0.2
        ),
        negative=suvr * np.float32(0.9),
        positive=suvr * np.float32(1.2),
        spread=suvr * np.float32(0.1),
        prompt="Age: 74 years.",
        matrix=np.eye(4),
        biomarkers=values,
        cortex=mask & (labels > 1000),
        cerebellum=mask & np.isin(labels, (8, 47)),
        code="TEST01",
    )


@pytest.fixture(scope="module")
def one_report(synthesis):
    """The report inside every DICOM export of the module, which takes seconds, made once."""
    from petgen.report import make_report

    made = make_report(synthesis)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("petgen.export.document.make_report", lambda synthesis, when: made)
        yield


@pytest.fixture
def demos(tmp_path, synthesis):
    """Two demo cases, the first with a simulated reference, neither with a result."""
    t1, pet = tmp_path / "T1w.nii.gz", tmp_path / "pet.nii.gz"
    nib.save(on_grid(synthesis.t1), t1)
    nib.save(on_grid(synthesis.suvr), pet)
    full = Biomarkers(age=74, sex="F", apoe4=1, mmse=24, p_tau217=0.91, nfl=24.6)
    return [
        DemoCase("demo01", "Positive", "A simulated case.", t1, full, pet, 71.2, None),
        DemoCase("demo02", "Negative", "Another.", t1, Biomarkers(age=66, sex="M"), None, None, None),
    ]


@pytest.fixture
def seen(monkeypatch, tmp_path, synthesis, demos):
    """The cases that reach a stand-in for the pipeline; store and queue are the real ones, in a folder of their own."""
    import petgen.demos
    import petgen.pipeline
    from pages.parts import case_form, demo_cards, session, submit

    cases = []

    def synthesize(case, models, keep=None):
        cases.append(case)
        yield Step("Skull strip", 1, 2)
        if keep:
            keep(case.scan)
        yield Step("Generator", 2, 2)
        yield replace(synthesis, biomarkers=case.biomarkers, code=case.code)

    monkeypatch.setenv("PETGEN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PETGEN_SINGLE_USER", "1")
    monkeypatch.setattr(petgen.pipeline, "synthesize", synthesize)
    for place in (session, submit):
        monkeypatch.setattr(place, "models", lambda name="": None)
    for place in (petgen.demos, case_form, demo_cards):
        monkeypatch.setattr(place, "demo_cases", lambda: demos)
    yield cases
    session.pool().close()
    session.store().close()
    session.pool.clear()
    session.store.clear()
