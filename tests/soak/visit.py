"""What one visitor does, and what must not be seen on the way."""

import asyncio
import re
from dataclasses import dataclass, field

from tests.soak.browser import LONGEST_S, Browser, Seen

WALK = ("images", "regions", "quality")
LONGEST_WAIT_S = 300
_PLACE = re.compile(r"In the queue, place (\d+)")


@dataclass
class Visit:
    """What a visitor saw.

    Attributes:
        seconds: Answer times by kind of page.
        places: Places in the queue that were told.
        cases: Ids of the cases under History.
        faults: What was not as it has to be.
        browser: Theirs.
    """

    browser: Browser
    seconds: dict[str, list[float]] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    cases: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    async def all(self, number: int) -> None:
        """Opens a demo, walks the pages, runs the case, looks at the history and comes again.

        Args:
            number: Of the visitor; chooses the demo.
        """
        try:
            await self._walk(number)
        except TimeoutError:
            self.faults.append(f"visitor {number} waited {LONGEST_S} s for an answer")

    async def _walk(self, number: int) -> None:
        first = self.told("first page", await self.browser.open())
        demos = first.buttons("Open")
        self.told("open a demo", await self.browser.press(demos[number % len(demos)]))
        for page in WALK:
            self.told(page, await self.browser.go(page))
        await self._run_case()
        history = self.told("history", await self.browser.go("history"))
        self.cases = history.keys("open_")
        if len(self.cases) != 2:
            self.faults.append(f"visitor {number} has {len(self.cases)} cases and not 2")
        self.told("first page", await self.browser.open())
        again = self.told("history", await self.browser.go("history"))
        if again.keys("open_") != self.cases:
            self.faults.append(f"visitor {number} sees other cases after a reload")

    async def peeks(self, case: str) -> None:
        """Asks for another's case by its address."""
        self.browser.query, self.browser.page = f"case_id={case}", ""
        seen = self.told("first page", await self.browser.open())
        if "No case is open" not in seen.text:
            self.faults.append(f"another's case was opened: {seen.text[:200]}")

    def told(self, kind: str, seen: Seen) -> Seen:
        """Keeps the time of an answer, and a page that broke."""
        self.seconds.setdefault(kind, []).append(seen.seconds)
        if not seen.ended_well or "**SYNTHETIC" not in seen.text:
            self.faults.append(f"{kind} broke")
        return seen

    async def _run_case(self) -> None:
        form = self.told("case", await self.browser.go(""))
        seen = await self.browser.press(form.buttons("Synthesise amyloid PET")[0])
        self.told("submit", seen)
        deadline = asyncio.get_running_loop().time() + LONGEST_WAIT_S
        while seen.buttons("Cancel"):
            self.places += [int(place) for place in _PLACE.findall(seen.text)]
            if asyncio.get_running_loop().time() > deadline:
                self.faults.append("a case stayed in the queue")
                return
            await asyncio.sleep(self.browser.beat_s)
            seen = await self.browser.beat()
            self.seconds.setdefault("progress", []).append(seen.seconds)
        if not seen.buttons("Close case"):
            seen = self.told("result", await self.browser.run())
        if not seen.buttons("Close case"):
            self.faults.append(f"a case ended without its result: {seen.text[:200]}")
