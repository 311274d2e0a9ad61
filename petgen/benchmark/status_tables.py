"""The figures of the models of amyloid status on disk: JSON, Markdown, a reliability diagram."""

from pathlib import Path

from petgen.benchmark.bootstrap import Figure
from petgen.benchmark.status import PAPER, PAPER_READ, PanelScores, StatusMetrics
from petgen.diagnosis.evidence import MODELS, ModelName

NAMES: dict[ModelName, str] = {
    "t1": "MRI volumes, age, sex",
    "bbm": "blood",
    "inputs": "all inputs, no image",
    "spet": "synthetic PET",
    "spet_bbm": "synthetic PET and blood",
}
_FIGURES = ("auc", "brier", "calibration_error", "accuracy", "sensitivity", "specificity")


def write_status(metrics: StatusMetrics, out: Path) -> list[Path]:
    """Writes `status.json`, `status.md` and `reliability.png`.

    Args:
        metrics: As from `petgen.benchmark.status.measure_status`.
        out: Folder; made when it is not there.

    Returns:
        The files.
    """
    out.mkdir(parents=True, exist_ok=True)
    files = [out / name for name in ("status.json", "status.md", "reliability.png")]
    files[0].write_text(metrics.model_dump_json(indent=1) + "\n", encoding="utf-8")
    files[1].write_text("\n".join(_lines(metrics)) + "\n", encoding="utf-8")
    draw_reliability(StatusMetrics.model_validate_json(files[0].read_text(encoding="utf-8")), files[2])
    return files


def _lines(metrics: StatusMetrics) -> list[str]:
    simulated = metrics.provenance == "simulated-cohort"
    lines = ["# Models of amyloid status", ""]
    if simulated:
        lines += ["Simulated cohort: these figures say nothing about patients.", ""]
    lines += [
        f"People of {metrics.n_anatomies} anatomies that nothing was fitted on; positive means 25 Centiloids and above "
        "on the reference PET; 95 % intervals by resampling anatomies and people. A synthetic PET is a function of its "
        "inputs, so “all inputs, no image” is the honest opponent of “synthetic PET”.",
        "",
    ]
    for name, panel in metrics.panels.items():
        lines += [f"## {name.capitalize()}: {panel.n} people, {panel.positive:.0%} positive", "", *_panel(name, panel)]
    lines += [
        "## The reader's rule",
        "",
        "Loss of grey-white contrast by the rule of florbetapir's label, read by petgen on the synthetic and on the "
        f"reference PET of the same person. Physicians reading the paper's synthetic PET reached {PAPER_READ:.2f}.",
        "",
        "| | accuracy | sensitivity | specificity | kappa |",
        "| --- | --- | --- | --- | --- |",
        _row("reference PET against its 25 CL", metrics.reference_reader),
        *(_row(f"synthetic against reference PET, {name}", panel.reader) for name, panel in metrics.panels.items()),
        "",
        "| Centiloids of the reference PET | people | called positive |",
        "| --- | --- | --- |",
        *(f"| {reads.load} | {reads.n} | {reads.positive:.0%} |" for reads in metrics.reads_by_load),
    ]
    return lines


def _panel(name: str, panel: PanelScores) -> list[str]:
    papers = name == "the paper's values"
    head = ["model", "AUC", *(["the paper's AUC"] if papers else []), "Brier", "calibration error", "accuracy"]
    head += ["sensitivity", "specificity"]
    lines = [f"| {' | '.join(head)} |", "| " + " | ".join("---" for _ in head) + " |"]
    for model in MODELS:
        cells = [_words(panel.models[model].get(figure)) for figure in _FIGURES]
        if papers:
            cells.insert(1, f"{PAPER[model]:.2f}" if model in PAPER else "")
        lines.append(f"| {NAMES[model]} | {' | '.join(cells)} |")
    gap = panel.spet_minus_inputs
    said = ", ".join(f"{label} {_words(gap[key], '+.3f')}" for key, label in (("auc", "AUC"), ("brier", "Brier")))
    chance = ", ".join(f"{NAMES[model]} {panel.by_chance[model]:.3f}" for model in MODELS)
    return [
        *lines,
        "",
        f"Calibration error that chance alone would give if every probability were right: {chance}.",
        "",
        f"Synthetic PET minus all inputs: {said}.",
        "",
    ]


def _row(words: str, figures: dict[str, Figure]) -> str:
    cells = [_words(figures.get(name)) for name in ("accuracy", "sensitivity", "specificity", "kappa")]
    return f"| {words} | {' | '.join(cells)} |"


def _words(figure: Figure | None, form: str = ".3f") -> str:
    if figure is None:
        return ""
    low, high = figure.ci95
    return f"{figure.value:{form}} ({low:{form}} to {high:{form}})"


def draw_reliability(metrics: StatusMetrics, path: Path) -> None:
    """Writes a reliability diagram of every model, all values known that were measured, as a PNG."""
    from matplotlib.figure import Figure as Picture

    picture = Picture(figsize=(14, 3.8), layout="constrained")
    axes = picture.subplots(1, len(MODELS), sharey=True)
    panel = metrics.panels["all values"]
    for axis, model in zip(axes, MODELS, strict=True):
        bins = panel.reliability[model]
        axis.plot([0, 1], [0, 1], color="0.7", linewidth=1)
        axis.plot([point.said for point in bins], [point.seen for point in bins], "o-", color="#D55E00", markersize=4)
        error = panel.models[model]["calibration_error"].value
        axis.set_title(f"{NAMES[model]}\ncalibration error {error:.3f}", fontsize=9)
        axis.set_xlabel("probability said", fontsize=8)
        axis.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes[0].set_ylabel("share positive", fontsize=8)
    cohort = "simulated cohort" if metrics.provenance == "simulated-cohort" else "site cohort"
    picture.suptitle(f"Reliability, {panel.n} people, {cohort}", fontsize=10)
    picture.savefig(path, dpi=110)
