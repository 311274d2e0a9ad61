import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from petgen.benchmark import ablation
from petgen.benchmark.ablation import CHANGES, Plan, run_all
from petgen.benchmark.ablation_figures import OWN_LOAD, ablation_lines
from petgen.benchmark.wording import CONDITIONS, additions, other_units, other_words
from petgen.case import Biomarkers, InputError
from petgen.generator.config import VARIANTS
from petgen.language import prompt_fields

VALUES = Biomarkers(age=70, sex="F", education=9, p_tau217=0.71, nfl=22, abeta42_40=0.031)


def test_wording_changes_the_text_and_not_the_values():
    fields = prompt_fields(VALUES, 0.8)
    for change in (other_units, other_words, additions):
        changed = change(fields)
        assert [field.name for field in changed] == [field.name for field in fields]
        assert [field.text for field in changed] != [field.text for field in fields]
    units = {field.name: field.text for field in other_units(fields)}
    assert "710 fg/mL" in units["p_tau217"]
    assert "22 ng/L" in units["nfl"]
    assert units["abeta42_40"] == fields[7].text or "0.031" in units["abeta42_40"]
    assert "EDTA" in {field.name: field.text for field in other_words(fields)}["nfl"]


def test_hidden_panels_are_hidden():
    assert CONDITIONS["no blood"].change(VALUES) == Biomarkers(age=70, sex="F", education=9)
    assert CONDITIONS["no p-tau217, no GFAP"].change(VALUES).nfl == 22
    assert CONDITIONS["as trained"].change(VALUES) == VALUES


def test_a_comparison_runs_once_and_is_told(simulated, tmp_path):
    plan = Plan(simulated, tmp_path / "work", minutes=0.05, people=50, tested=2, alignment_steps=20)
    file = tmp_path / "ablation.json"
    said: list[str] = []
    shared = run_all(plan, ["t1-only", "numbers"], 1, tmp_path / "shared.json", said.append, jobs=2)
    found = run_all(plan, ["paper", "petgen, no places"], 1, file, said.append)
    for runs in (*shared.runs.values(), *found.runs.values()):
        assert list(runs) == [0]
        assert set(runs[0]) - {OWN_LOAD} == {"training", *CONDITIONS}
        assert np.isfinite(runs[0]["as trained"]["centiloid_mae"])
    alone, numbers = shared.runs["t1-only"][0], shared.runs["numbers"][0]
    np.testing.assert_equal(alone["no blood"], alone["as trained"])
    np.testing.assert_equal(numbers["other words"], numbers["as trained"])
    assert (OWN_LOAD in numbers, OWN_LOAD in found.runs["paper"][0]) == (True, False)
    bare = found.runs["petgen, no places"][0]
    assert bare["training"]["parameters"] < alone["training"]["parameters"]
    aligned = {file.name for file in (tmp_path / "work" / "seed0").glob("aligned-*")}
    assert aligned == {f"aligned-{name}-50-20.safetensors" for name in ("t1-only", "numbers", "petgen")}
    before = len(said)
    assert run_all(plan, ["paper"], 1, file, said.append).model_dump_json() == found.model_dump_json()
    assert len(said) == before
    assert math.isnan(found.runs["paper"][0]["as trained"]["auc_spet"])
    lines = ablation_lines({name: list(runs.values()) for name, runs in found.runs.items()}, found.setting)
    assert any(line.startswith("| petgen, no places | 1 |") for line in lines)
    assert any(line.startswith("| paper |") and line.endswith("| – |") for line in lines)
    assert "Simulated cohort, 3 mm" in lines[2]
    assert not set(CHANGES) & set(VARIANTS)
    with pytest.raises(InputError, match="another setting"):
        run_all(replace(plan, minutes=0.1), ["paper"], 1, file, said.append)
    file.write_text("{")
    with pytest.raises(InputError, match=r"ablation\.json"):
        run_all(plan, ["paper"], 1, file, said.append)


def test_a_change_begins_with_the_field_head_that_was_aligned_for_ours(simulated, tmp_path, monkeypatch):
    plan = Plan(simulated, tmp_path / "work", minutes=0.001, people=50, tested=1, alignment_steps=20)
    heads, aligned, train_generator = [], [], ablation.train_generator

    def seen(generator, *rest):
        heads.append({name: value.clone() for name, value in generator.fields.state_dict().items()})
        return train_generator(generator, *rest)

    monkeypatch.setattr(ablation, "train_generator", seen)
    monkeypatch.setattr(ablation, "measured", lambda *given: {})
    align = ablation.aligned_generator
    monkeypatch.setattr(ablation, "aligned_generator", lambda *given: aligned.append(1) or align(*given))
    run_all(plan, ["petgen, no places", "petgen, no structure"], 1, tmp_path / "ablation.json", lambda _: None)
    assert len(aligned) == 1
    torch.testing.assert_close(*heads)
