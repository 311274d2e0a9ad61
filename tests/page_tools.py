"""What the tests of pages share: pages run without a browser, on a store of their own."""

import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.parts import current_case, session
from petgen.report import write_outputs
from petgen.store import LOCAL

ROOT = Path(__file__).parents[1]
PAGES = sorted(path.name for path in (ROOT / "pages").glob("*.py") if path.name not in ("__init__.py", "front_door.py"))
BUTTON = "Synthesise amyloid PET"
ACTIVE = {"queued", "running"}


def page(name: str = "case.py") -> AppTest:
    """A page, entered through the front door and not yet run."""
    at = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=60)
    return at if name == "case.py" else at.run().switch_page(name)


def press(at: AppTest, label: str = BUTTON) -> AppTest:
    """The page after a press and after the end of what that began."""
    before = len(session.store().jobs.of(LOCAL))
    next(button for button in at.button if button.label == label).click().run()
    return finished(at) if len(session.store().jobs.of(LOCAL)) > before else at


def finished(at: AppTest) -> AppTest:
    """The page once no job is under way."""
    deadline = time.monotonic() + 30
    while any(job.state in ACTIVE for job in session.store().jobs.of(LOCAL)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return at.run()


def metrics(at: AppTest) -> dict[str, str]:
    """Numbers in large type, by label."""
    return {metric.label: metric.value for metric in at.metric}


def words(at: AppTest) -> str:
    """Everything that is said in text."""
    return " ".join(text.value for text in [*at.markdown, *at.caption])


def keep(synthesis, *, title: str = "Clear positive", source: str = "demo", **options) -> str:
    """Id of a new finished case in the store."""
    store = session.store()
    values = synthesis.biomarkers.model_dump(exclude_none=True, exclude={"assay"})
    row = store.cases.add(LOCAL, synthesis.code, source, title=title, values=values, options=options)
    store.save_result(row.id, LOCAL, lambda folder: write_outputs(synthesis, folder))
    return row.id


def opened(name: str, synthesis, **case) -> AppTest:
    """A page with a finished case open, run."""
    at = page(name)
    at.session_state[current_case.CASE] = keep(synthesis, **case)
    return at.run()
