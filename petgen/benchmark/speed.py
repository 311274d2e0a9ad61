"""How fast and how large: the paper's generator at its full size against ours, in one run."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from pydantic import BaseModel

from petgen.assess import what_if
from petgen.benchmark.predictor import load_predictor
from petgen.case import Biomarkers
from petgen.generator.at_load import OnSubject, slope_of
from petgen.generator.config import PADDED, VARIANTS, GeneratorConfig
from petgen.generator.device import autocast, channels_last
from petgen.generator.network import Generator
from petgen.generator.synthesise import Encoded, encode
from petgen.generator.weights import make_generator
from petgen.imaging.grid import template, template_mask
from petgen.quantify import centiloid_cortex, parcellation, whole_cerebellum

FULL = (128, 128, 128)
"""Grid of the paper."""
CASE = Biomarkers(age=74, sex="F", education=9, mmse=24, abeta42_40=0.034, p_tau181=2.1, nfl=21, p_tau217=0.71)


class Timing(BaseModel):
    """One part's time: median and range over the repetitions, seconds."""

    seconds: float
    fastest: float
    slowest: float


class Speed(BaseModel):
    """What `petgen benchmark` writes.

    Attributes:
        threads: Threads of torch.
        parts: Time by part.
        ratio: The paper's generator at 128 cubed over our whole generator (encoder, posterior, decoder).
        parameters: Trainable numbers by generator.
        peak_mb: Peak memory of a process that runs one generator once, by generator, MB.
        by_grid: Seconds of our whole generator by padded grid.
        by_batch: Seconds of our whole generator by batch size.
    """

    threads: int
    parts: dict[str, Timing]
    ratio: float
    parameters: dict[str, int]
    peak_mb: dict[str, float]
    by_grid: dict[str, float]
    by_batch: dict[str, float]


def timed(work: Callable[[], object], repeats: int) -> Timing:
    """Median and range of a call's time, after one call that is not counted."""
    work()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return Timing(seconds=float(np.median(taken)), fastest=min(taken), slowest=max(taken))


def measure_speed(weights: Path, repeats: int, progress: Callable[[str], None]) -> Speed:
    """Times both generators and the parts of a what-if.

    Args:
        weights: Folder of our weights.
        repeats: Repetitions of each part; the paper's generator runs a third as often.
        progress: Told what is being timed.
    """
    progress("the paper's generator at 128 cubed")
    paper = _paper()
    text = torch.zeros(1, len(VARIANTS["paper"].fields), VARIANTS["paper"].text_features)
    full = torch.rand(1, 1, *FULL)
    parts = {"paper, whole (128 cubed, fp32)": timed(lambda: _run(paper, full, text), max(repeats // 3, 2))}
    progress("our generator")
    predictor = load_predictor(weights, "petgen")
    network, conditioning = predictor.network, predictor.conditioning
    assert isinstance(network, Generator)
    features = torch.from_numpy(conditioning.features(CASE))[None]
    t1 = torch.from_numpy(template())[None, None]
    encoded = encode(network, template(), parcellation())
    load, on = torch.tensor([50.0]), _on_template()
    slope = slope_of(network, encoded, on, conditioning.features(CASE))
    parts |= {
        "petgen, whole": timed(lambda: _run(network, t1, features), repeats),
        "petgen, encode": timed(lambda: encode(network, template(), parcellation()), repeats),
        "petgen, decode": timed(lambda: _decode(network, encoded, features, load), repeats),
        "petgen, fields": timed(_changing(lambda values: conditioning.features(values)), repeats),
        "petgen, what-if update": timed(
            _changing(lambda values: what_if(network, encoded, on, conditioning, values, slope=slope)),
            repeats,
        ),
    }
    progress("grids, batches, memory")
    return Speed(
        threads=torch.get_num_threads(),
        parts=parts,
        ratio=parts["paper, whole (128 cubed, fp32)"].seconds / parts["petgen, whole"].seconds,
        parameters={"paper": _count(paper), "petgen": _count(network)},
        peak_mb={name: _peak(name, grid) for name, grid in (("paper", FULL), ("petgen", PADDED))},
        by_grid={"x".join(map(str, grid)): _on_grid(grid, 1) for grid in ((64, 80, 64), PADDED, FULL)},
        by_batch={str(size): _on_grid(PADDED, size) for size in (1, 2, 4)},
    )


@torch.inference_mode()
def _run(network: torch.nn.Module, t1: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    if not isinstance(network, Generator):
        found: torch.Tensor = network(t1, features)
        return found
    with autocast(t1.device):
        made: torch.Tensor = network(t1, torch.zeros_like(t1, dtype=torch.long), features)
    return made


@torch.inference_mode()
def _decode(network: Generator, encoded: Encoded, features: torch.Tensor, load: torch.Tensor) -> torch.Tensor:
    with autocast(encoded.t1.device):
        return network.decode(encoded.t1, encoded.levels, encoded.places, encoded.volumes, features, load)


def _changing(work: Callable[[Biomarkers], object]) -> Callable[[], object]:
    """A call that gives a value never seen before every time, as a dragged slider does."""
    values = iter(np.random.default_rng().uniform(0.1, 2.0, 10000).round(4).tolist())
    return lambda: work(CASE.model_copy(update={"p_tau217": next(values)}))


def _on_template() -> OnSubject:
    return OnSubject(template_mask(), parcellation(), centiloid_cortex(), whole_cerebellum())


def _paper() -> torch.nn.Module:
    return make_generator(VARIANTS["paper"].model_copy(update={"padded": FULL})).eval()


def _count(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def _on_grid(grid: tuple[int, int, int], batch: int) -> float:
    network = channels_last(make_generator(GeneratorConfig(padded=grid)).eval())
    t1, features = torch.rand(batch, 1, *grid), torch.zeros(batch, len(network.config.fields), 640)
    return timed(lambda: _run(network, t1, features), 3).seconds


def _peak(name: str, grid: Sequence[int]) -> float:
    """Peak resident memory of a fresh process that runs a generator once, MB."""
    code = f"from petgen.benchmark.speed import run_once; run_once({name!r}, {tuple(grid)})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def run_once(name: str, grid: Sequence[int]) -> None:
    """Runs a generator once on a grid and prints the peak memory of the process, MB."""
    network = _paper() if name == "paper" else channels_last(make_generator(GeneratorConfig()).eval())
    config = VARIANTS[name]
    _run(network, torch.rand(1, 1, *grid), torch.zeros(1, len(config.fields), config.text_features))
    sys.stdout.write(f"{_highest_memory():.0f}\n")


def _highest_memory() -> float:
    """Peak resident memory of this process, MB; where Linux tells it, without what the parent held before it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
