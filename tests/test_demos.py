import hashlib

import numpy as np
import pytest

from petgen.assets import asset
from petgen.case import InputError
from petgen.demos import demo_case, demo_cases, demo_pet
from petgen.report import read_outputs

CODES = [demo.code for demo in demo_cases()]


def test_there_are_six_kinds():
    assert len(CODES) >= 6
    assert len({demo.title for demo in demo_cases()}) == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_demo_has_a_result_of_the_bundled_weights_and_its_own_values(code):
    demo = demo_case(code)
    found = read_outputs(demo.result)
    assert (
        found.result.weights_sha256 == hashlib.sha256(asset("weights", "petgen.safetensors").read_bytes()).hexdigest()
    )
    assert found.biomarkers == demo.biomarkers
    assert found.code == code
    assert found.result.reference.simulated
    like = np.corrcoef(found.suvr[found.mask], found.reference[found.mask])[0, 1]
    assert like > 0.6 or found.result.light.level == "red"
    assert demo_pet(demo).shape == (91, 109, 91)


@pytest.mark.parametrize(("code", "level"), [("demo01", "green"), ("demo02", "green"), ("demo06", "red")])
def test_the_light_of_demos(code, level):
    assert read_outputs(demo_case(code).result).result.light.level == level


def test_the_clear_cases_come_out_clear():
    assert read_outputs(demo_case("demo01").result).result.amyloid_status == "positive"
    assert read_outputs(demo_case("demo02").result).result.amyloid_status == "negative"


def test_an_unknown_demo_is_refused():
    with pytest.raises(InputError, match="demo99"):
        demo_case("demo99")
