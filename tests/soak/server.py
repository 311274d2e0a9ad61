"""The real dashboard in a process of its own, with stand-in work in place of the pipeline."""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import petgen.pipeline
from petgen.case import Case, Step, Synthesis
from petgen.demos import demo_cases
from petgen.report import read_outputs

BUSY_S = 0.5


def synthesize(case: Case, models: object, keep: object = None) -> Iterator[Step | Synthesis]:
    """Two steps that keep a core busy, and the result of a bundled demo under the case's code and values."""
    del models, keep
    for number, name in enumerate(("Registration to the template", "Generator"), 1):
        yield Step(name, number, 2)
        end = time.monotonic() + BUSY_S
        while time.monotonic() < end:
            sum(range(1000))
    result = next(demo.result for demo in demo_cases() if demo.result)
    yield replace(read_outputs(result), code=case.code, biomarkers=case.biomarkers)


if __name__ == "__main__":
    petgen.pipeline.synthesize = synthesize
    petgen.models.load_models = lambda progress=None, name="": None
    from streamlit.web import cli

    options = ["--server.headless", "true", "--server.port", sys.argv[1]]
    sys.argv = ["streamlit", "run", "app.py", *options]
    cli.main()
