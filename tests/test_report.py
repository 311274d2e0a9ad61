import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from petgen.case import SYNTHETIC, InputError, Reference
from petgen.report import description_of, read_outputs, write_outputs


def test_what_is_written_is_read_back(tmp_path, synthesis):
    found = Reference(
        tracer="florbetapir",
        simulated=True,
        composite_suvr=1.4,
        centiloid=64,
        centiloid_equation="CL",
        fwhm_mm=None,
        ssim_brain=0.9,
        mae_suvr=0.1,
        regional_r=0.9,
    )
    given = dataclasses.replace(
        synthesis, reference=synthesis.suvr * 2, result=synthesis.result.model_copy(update={"reference": found})
    )
    write_outputs(given, tmp_path)
    back = read_outputs(tmp_path)
    assert back.result == given.result
    assert back.biomarkers == given.biomarkers
    assert (back.code, back.prompt, back.rim) == (given.code, given.prompt, None)
    for name in ("suvr", "t1", "mask", "parcellation", "negative", "positive", "spread", "cortex", "cerebellum"):
        np.testing.assert_allclose(getattr(back, name), getattr(given, name), atol=1e-6, err_msg=name)
    np.testing.assert_allclose(back.reference, given.reference)
    np.testing.assert_allclose(back.matrix, given.matrix)
    np.testing.assert_allclose(back.suvr_native.affine, given.suvr_native.affine)
    pd.testing.assert_frame_equal(back.regions, given.regions, check_exact=False, atol=1e-3)


def test_the_header_of_a_volume_says_what_made_it(synthesis):
    result = synthesis.result
    found = description_of(result)
    assert "SYNTHETIC" in found
    assert f"w{'0' * 8} t1 {'1' * 8}" in found
    long = result.model_copy(update={"petgen_version": "10.11.12.dev345+gabcdef012"})
    assert len(description_of(long).encode()) <= 79
    assert description_of(result.model_copy(update={"made_from": None})) == SYNTHETIC


def test_a_result_written_before_inputs_were_recorded_opens(tmp_path, synthesis):
    write_outputs(synthesis, tmp_path)
    file = tmp_path / "result.json"
    old = json.loads(file.read_text())
    old.pop("made_from")
    file.write_text(json.dumps(old))
    assert read_outputs(tmp_path).result == synthesis.result.model_copy(update={"made_from": None})


@pytest.mark.parametrize("lost", ["result.json", "values.json", "regions.tsv", "*synthetic_pet.nii.gz", "*dseg.nii.gz"])
def test_a_lost_file_is_said_with_the_folder(tmp_path, synthesis, lost):
    write_outputs(synthesis, tmp_path)
    for file in tmp_path.glob(lost):
        file.unlink()
    with pytest.raises(InputError, match=tmp_path.name):
        read_outputs(tmp_path)


def test_half_a_file_is_said(tmp_path, synthesis):
    write_outputs(synthesis, tmp_path)
    file = next(tmp_path.glob("*label-brain_mask.nii.gz"))
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(InputError, match="cannot be read"):
        read_outputs(tmp_path)
