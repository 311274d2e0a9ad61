import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from petgen.case import SYNTHETIC, InputError, Reference
from petgen.report import description_of, made_by_words, read_outputs, write_outputs


@pytest.fixture
def given(synthesis):
    """With a reference PET."""
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
    return dataclasses.replace(
        synthesis, reference=synthesis.suvr * 2, result=synthesis.result.model_copy(update={"reference": found})
    )


def test_what_is_written_is_read_back(tmp_path, given):
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


def test_every_file_says_what_made_it(tmp_path, given):
    """Version, weights, seed and inputs; the tables and the prompt lie beside `result.json`, which says it for them."""
    known = given.result
    write_outputs(dataclasses.replace(given, rim=given.t1), tmp_path)
    written = {ending: list(tmp_path.glob(f"*{ending}")) for ending in (".json", ".gz", ".png")}
    sidecars = [json.loads(file.read_text()) for file in written[".json"] if file.name.startswith("sub-")]
    assert len(sidecars) == len(written[".gz"]) > 10
    for said in sidecars:
        assert said["GeneratedBy"] == [{"Name": "petgen", "Version": known.petgen_version}]
        assert (said["WeightsSHA256"], said["Seed"]) == (known.weights_sha256, known.seed)
        assert said["ScanSHA256"] == known.made_from.scan_sha256
        assert said["ValuesSHA256"] == known.made_from.values_sha256
    assert len(written[".png"]) == 2
    for file in written[".png"]:
        assert Image.open(file).text["Description"] == made_by_words(known)
    assert known.made_from.scan_sha256 in made_by_words(known)
    assert len(made_by_words(known)) <= 400


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
