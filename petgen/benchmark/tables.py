"""Metrics on disk: JSON, the same in Markdown, and a table of single people."""

from pathlib import Path

from petgen.benchmark.bootstrap import Figure
from petgen.benchmark.evaluate import Metrics

SHOWN = (
    ("ssim_paper", "SSIM, the paper's protocol"),
    ("ssim_brain", "SSIM in the brain"),
    ("ssim_skill", "SSIM, share of what noise leaves"),
    ("psnr_brain", "PSNR in the brain, dB"),
    ("mae_suvr", "mean absolute error, SUVR"),
    ("regional_r_within", "r over regions, within a person"),
    ("regional_r_across", "r over people, by region"),
    ("regional_r_within_default", "the first of them, of a perfect image at the median of the load"),
    ("regional_r_across_default", "the second"),
    ("regional_r_within_expected", "the first, of the regions expected over the posterior (so is the ceiling)"),
    ("regional_r_across_expected", "the second"),
    ("regional_r_given_load", "r over people, by region, the load taken out"),
    ("composite_mae", "error of the composite, SUVR"),
    ("centiloid_mae", "error of the Centiloid, CL"),
    ("centiloid_r", "r of the Centiloid"),
    ("auc_spet", "AUC of the synthetic PET"),
    ("accuracy_spet", "accuracy at 25 CL"),
    ("coverage_90_centiloid", "coverage of 90 % intervals, Centiloid"),
    ("coverage_90_regions", "coverage of 90 % intervals, regions"),
    ("interval_width_cl", "width of the interval, CL"),
)

COMPARED = {
    "centiloid_mae": "error of the Centiloid, CL",
    "centiloid_mae_ratio": "the same, as a ratio",
    "ssim_brain": "SSIM in the brain",
    "auc_spet": "AUC of the synthetic PET",
    "regional_r_within": "r over regions, within a person",
    "regional_r_across": "r over people, by region",
    "regional_r_within_default": "r within a person, against a perfect image at the median",
    "regional_r_across_default": "r over people, against a perfect image at the median",
    "regional_r_within_expected": "r within a person, expected regions against expected regions",
    "regional_r_across_expected": "r over people, expected regions against expected regions",
}


def write_metrics(metrics: Metrics, people: str, out: Path) -> list[Path]:
    """Writes `metrics.json`, `metrics.schema.json`, `metrics.md` and `people.tsv`.

    Args:
        metrics: As from `petgen.benchmark.evaluate.evaluate`.
        people: The table of single people, from there too.
        out: Folder; made when it is not there.

    Returns:
        The files.
    """
    import json

    out.mkdir(parents=True, exist_ok=True)
    files = [out / name for name in ("metrics.json", "metrics.schema.json", "metrics.md", "people.tsv")]
    texts = [
        metrics.model_dump_json(indent=1),
        json.dumps(Metrics.model_json_schema(), indent=1),
        "\n".join(_lines(metrics)),
        people,
    ]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text.rstrip() + "\n", encoding="utf-8")
    return files


def _lines(metrics: Metrics) -> list[str]:
    simulated = metrics.provenance == "simulated-cohort"
    ceiling = dict(metrics.ceiling)
    if "auc" in ceiling:
        ceiling["auc_spet"] = ceiling["auc"]
    columns = {**metrics.variants, **metrics.baselines, **({"ceiling": ceiling} if ceiling else {})}
    lines = [
        "# Generators, baselines and ceiling",
        "",
        f"{metrics.data}; {metrics.n_anatomies} {'anatomies' if simulated else 'persons'}; {metrics.provenance}; "
        f"petgen {metrics.petgen_version}. 95 % intervals by bootstrap over "
        f"{'anatomies and people' if simulated else 'people'}.",
        "",
        "| | " + " | ".join(name.replace("_", " ") for name in columns) + " |",
        "| --- |" + " --- |" * len(columns),
    ]
    for key, words in SHOWN:
        cells = [_cell(figures.get(key)) for figures in columns.values()]
        if any(cells):
            lines.append(f"| {words} | " + " | ".join(cells) + " |")
    lines += ["", "## petgen minus the others, paired", "", "| | figure | difference | 95 % interval |"]
    lines.append("| --- | --- | --- | --- |")
    for name, figures in metrics.difference.items():
        for key, words in COMPARED.items():
            if key in figures:
                value = figures[key]
                span = f"{value.ci95[0]:.3f} to {value.ci95[1]:.3f}"
                lines.append(f"| {name.replace('_', ' ')} | {words} | {value.value:.3f} | {span} |")
    if metrics.cells:
        lines += ["", "## Coverage of 90 % intervals by what is known at use", ""]
        lines += ["| zone / panel | people | Centiloid | regions |", "| --- | --- | --- | --- |"]
        for name, cell in metrics.cells.items():
            spans = f"{_cell(cell.coverage_90_centiloid)} | {_cell(cell.coverage_90_regions)}"
            lines.append(f"| {name} | {cell.n} | {spans} |")
    return lines


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    digits = 1 if abs(figure.value) >= 10 else 3
    low, high = figure.ci95
    return f"{figure.value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
