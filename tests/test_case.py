import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petgen.case import ANALYTES, Biomarkers, InputError, Result, check_biomarkers, read_biomarkers, reference_interval

GOOD = {"age": 74, "sex": "F", "education": 12, "mmse": 24, "abeta42_40": 0.025, "p_tau217": 0.71, "nfl": 24}


def test_every_value_may_be_missing():
    assert check_biomarkers({}).measured() == {}
    assert check_biomarkers({"age": 70, "sex": "M"}).measured() == {"age": 70.0, "sex": "M"}


def test_empty_form_fields_are_missing():
    assert check_biomarkers({"age": "", "sex": "", "nfl": None}).measured() == {}


@pytest.mark.parametrize(("word", "sex"), [("female", "F"), (" M ", "M"), ("f", "F")])
def test_sex_is_read_in_words(word, sex):
    assert check_biomarkers({"sex": word}).sex == sex


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"nfl": 24000}, "nfl"),
        ({"abeta42_40": 0.09}, "Quanterix Simoa"),
        ({"p_tau181": -1}, "p_tau181"),
        ({"age": "7,4"}, "point"),
        ({"age": "old"}, "number"),
        ({"mmse": True}, "number"),
        ({"sex": "X"}, "F or M"),
        ({"apoe4": 1.5}, "apoe4"),
        ({"ptau": 1}, "p_tau217"),
        ({"gfap": math.nan}, "gfap"),
        ({"assay": {"p_tau217": "Lumipulse"}}, "ALZpath"),
        ({"assay": {"age": "Simoa"}}, "age"),
        ({"abeta40": 100, "abeta42": 4, "abeta42_40": 0.07}, "0.0400"),
        ({"abeta40": 1000, "abeta42": 0.3}, "give a ratio of 0.0003"),
    ],
)
def test_what_cannot_be_is_refused_by_name(values, named):
    with pytest.raises(InputError, match="values: ") as caught:
        check_biomarkers(values)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_default_assay_may_be_spelled_out():
    assay = {"nfl": "Simoa", "p_tau217": "ALZpath", "abeta40": "quanterix simoa"}
    assert check_biomarkers({**GOOD, "assay": assay}).nfl == 24


def test_ratio_is_derived_from_its_parts():
    assert check_biomarkers({"abeta40": 100, "abeta42": 4}).measured()["abeta42_40"] == pytest.approx(0.04)


def test_values_outside_the_reference_interval_are_warned_of():
    found = check_biomarkers({"age": 55, "nfl": 24, "p_tau217": 0.3}).warnings()
    assert found == ["NfL 24 pg/mL is above its reference limit of 20.8 pg/mL."]
    assert check_biomarkers({"age": 85, "nfl": 24}).warnings() == []
    assert "outside" in check_biomarkers({"age": 95}).warnings()[0]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from([*ANALYTES, "sex"]), st.one_of(st.floats(), st.text(), st.none(), st.booleans()))
)
def test_any_values_are_taken_or_refused_in_words(values):
    try:
        measured = check_biomarkers(values).measured()
    except InputError as error:
        measured = {}
        refused = error.what
        assert refused, "an error without words"
    for name, value in measured.items():
        if not isinstance(value, str):
            low, high = ANALYTES[name].plausible
            assert low <= value <= high


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"age": 1e400}', '{"age": [1]}', "[" * 100_000])
def test_a_bad_file_is_named(tmp_path, text):
    path = tmp_path / "values.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"values\.json"):
        read_biomarkers(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.json: no such file"):
        read_biomarkers(tmp_path / "none.json")


def test_a_file_is_read(tmp_path):
    path = tmp_path / "values.json"
    path.write_text(json.dumps(GOOD))
    assert read_biomarkers(path) == Biomarkers(**GOOD)


def test_nfl_limit_rises_with_age():
    limits = [reference_interval("nfl", age)[1] for age in (50, 65, 75, 85)]
    assert limits == sorted(limits)
    assert reference_interval("nfl") == (0.0, 51.2)
    assert reference_interval("age") is None


def test_schema_names_every_promised_field():
    promised = {
        "composite_suvr", "centiloid", "centiloid_equation", "amyloid_status", "p_amyloid_positive", "intervals",
        "timings_s", "warnings", "model_version", "weights_sha256", "petgen_version", "seed", "device", "provenance",
        "made_from",
    }  # fmt: skip
    assert promised <= set(Result.model_json_schema()["properties"])
