import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from petgen.case import Result, Synthesis
from petgen.imaging.grid import on_grid, template, template_mask
from petgen.quantify.atlas import parcellation, regions


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
    result = Result(
        composite_suvr=1.4,
        centiloid=64.5,
        centiloid_equation="CL = 179.64 x SUVR - 186.95 (for tests)",
        amyloid_status="positive",
        timings_s={"Generator": 1.5, "total": 12.0},
        warnings=["p-tau217 0.91 pg/mL is above its reference limit of 0.63 pg/mL."],
        model_version="0.0.0",
        weights_sha256="0" * 64,
        petgen_version="0.0.0",
        seed=0,
        device="cpu",
    )
    columns = ["index", "name", "hemisphere", "volume_ml", "suvr"]
    return Synthesis(
        result=result,
        suvr=suvr,
        t1=template(),
        mask=mask,
        parcellation=labels,
        suvr_native=on_grid(suvr),
        regions=pd.DataFrame(rows, columns=columns),
        prompt="Age: 74 years.",
        matrix=np.eye(4),
        code="TEST01",
    )
