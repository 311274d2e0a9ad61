"""Memory, open files and threads of this process over many cases, and whether they grow."""

import os
from dataclasses import dataclass, field

import numpy as np
import psutil


@dataclass
class Growth:
    """What was seen after each case.

    Attributes:
        settled: Number of the case after which the process has loaded what it needs.
        most_mb: Growth from there to the last case, along the fitted line, that is a fault.
        seen: Memory in MB, open files and threads, a row a case.
    """

    settled: int
    most_mb: float
    seen: list[tuple[float, int, int]] = field(default_factory=list)

    def look(self) -> None:
        """Keeps what is so now."""
        process = psutil.Process(os.getpid())
        self.seen.append((process.memory_info().rss / 1e6, process.num_fds(), process.num_threads()))

    @property
    def mb_per_case(self) -> float:
        """Slope of the memory after the settled case, by least squares."""
        memory = [mb for mb, _, _ in self.seen[self.settled - 1 :]]
        return float(np.polyfit(np.arange(len(memory)), memory, 1)[0])

    def faults(self) -> list[str]:
        """What grew."""
        _, files, threads = np.transpose(self.seen[self.settled - 1 :])
        found = []
        if (grown := self.mb_per_case * (len(files) - 1)) > self.most_mb:
            found.append(f"memory grew by {grown:.0f} MB")
        if files[-1] > files[0] + 2 or threads[-1] > threads[0] + 1:
            found.append(f"open files {files[0]:.0f} to {files[-1]:.0f}, threads {threads[0]:.0f} to {threads[-1]:.0f}")
        return found

    def figures(self) -> dict[str, str]:
        """For the report."""
        settled, last = self.seen[self.settled - 1], self.seen[-1]
        return {
            f"memory after case {self.settled}, at the end, at most": (
                f"{settled[0]:.0f}, {last[0]:.0f}, {max(mb for mb, _, _ in self.seen):.0f} MB"
            ),
            "slope of the memory": f"{1000 * self.mb_per_case:+.0f} kB a case",
            f"open files after case {self.settled} and at the end": f"{settled[1]} and {last[1]}",
            "threads, likewise": f"{settled[2]} and {last[2]}",
        }
