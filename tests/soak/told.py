"""What a trial found, and the file in which all of them stand."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_HEAD = """# Load and faults

Trials with the real store, queue and dashboard; stand-in work in place of the generator, which writes the real files
of a bundled demo case. `python -m tests.soak NAME --out assets/benchmark/soak.md` runs one anew.
"""


@dataclass(frozen=True)
class Told:
    """A trial's figures.

    Attributes:
        title: What was tried.
        text: How, in a sentence or two.
        figures: Value by name.
        faults: What was not as it has to be; the trial failed where there are any.
    """

    title: str
    text: str
    figures: dict[str, str]
    faults: list[str]

    def markdown(self) -> str:
        """A section."""
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"
        rows = "\n".join(f"| {name} | {value} |" for name, value in self.figures.items())
        faults = "Nothing was found wrong." if not self.faults else "\n".join(f"- **{fault}**" for fault in self.faults)
        return f"## {self.title}\n\n{self.text} {machine}.\n\n| | |\n| --- | --- |\n{rows}\n\n{faults}\n"


def put(file: Path, told: Told) -> None:
    """Writes a trial's section into the file, in place of the earlier one of the same title."""
    sections = file.read_text(encoding="utf-8").split("\n## ")[1:] if file.exists() else []
    kept = {section.partition("\n")[0]: f"## {section}".strip() + "\n" for section in sections}
    kept[told.title] = told.markdown()
    file.write_text("\n".join([_HEAD, *(kept[title] for title in sorted(kept))]), encoding="utf-8")
