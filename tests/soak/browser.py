"""A browser without a screen: one WebSocket session of a Streamlit app, with its cookies."""

import asyncio
import time
import urllib.request
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

LONGEST_S = 300


@dataclass
class Seen:
    """What one run of a page sent.

    Attributes:
        seconds: From the question to the end of the script.
        elements: All of them, in order of coming.
        size: Bytes.
        ended_well: Whether the script ended without an exception of its own.
    """

    seconds: float = 0.0
    elements: list[Element] = field(default_factory=list)
    size: int = 0
    ended_well: bool = False

    @property
    def text(self) -> str:
        """All markdown, alerts and headings."""
        return "\n".join(element.markdown.body or element.alert.body for element in self.elements)

    def buttons(self, label: str) -> list[str]:
        """Ids of the buttons of a label."""
        return [e.button.id for e in self.elements if e.HasField("button") and e.button.label == label]

    def keys(self, prefix: str) -> set[str]:
        """What follows a prefix in the keys of buttons."""
        ids = [e.button.id for e in self.elements if e.HasField("button")]
        return {found.rpartition(prefix)[2] for found in ids if prefix in found}


class Browser:
    """One session; `open` it first.

    Args:
        address: Of the app, "host:port".

    Attributes:
        beat_s: How often the page wants the part of it to be run that runs by itself.
    """

    def __init__(self, address: str) -> None:
        self.address, self.cookies, self.query = address, SimpleCookie(), ""
        self.pages: dict[str, str] = {}
        self.page = ""
        self._socket: ClientConnection | None = None
        self._fragment, self.beat_s = "", 1.0

    async def open(self) -> Seen:
        """Loads the page as a browser does, or loads it again; what the script sent."""
        await self.close()
        await asyncio.to_thread(self._visit)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        self._socket = await connect(
            f"ws://{self.address}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie},
            max_size=None,
            open_timeout=LONGEST_S,
            ping_timeout=None,
        )
        return await self.run()

    async def press(self, button: str) -> Seen:
        """Presses a button by its id."""
        return await self.run(WidgetState(id=button, trigger_value=True))

    async def go(self, page: str) -> Seen:
        """Goes to a page by its name in the address; "" is the first."""
        self.page = self.pages[page]
        return await self.run()

    async def beat(self) -> Seen:
        """Runs the part of the page that runs by itself, as a browser does on a clock."""
        return await self.run(fragment=self._fragment)

    async def run(self, *widgets: WidgetState, fragment: str = "") -> Seen:
        """Asks for a run of the page, or of a part of it, and waits for its end."""
        assert self._socket
        state = ClientState(query_string=self.query, page_script_hash=self.page)
        if fragment:
            state.fragment_id, state.is_auto_rerun = fragment, True
        state.widget_states.widgets.extend(widgets)
        seen, start = Seen(), time.monotonic()
        await self._socket.send(BackMsg(rerun_script=state).SerializeToString())
        async with asyncio.timeout(LONGEST_S):
            while not self._take(await self._socket.recv(), seen):
                pass
        seen.seconds = time.monotonic() - start
        return seen

    async def close(self) -> None:
        """Closes the window."""
        if self._socket:
            await self._socket.close()
            self._socket = None

    def _visit(self) -> None:
        for path in ("/", "/_stcore/health"):
            request = urllib.request.Request(f"http://{self.address}{path}")
            for name, morsel in self.cookies.items():
                request.add_header("Cookie", f"{name}={morsel.value}")
            with urllib.request.urlopen(request, timeout=LONGEST_S) as answer:
                for header in answer.headers.get_all("Set-Cookie", []):
                    self.cookies.load(header)

    def _take(self, raw: bytes | str, seen: Seen) -> bool:
        """Keeps what a message says; True where it is the end of the script."""
        assert isinstance(raw, bytes)
        message = ForwardMsg.FromString(raw)
        seen.size += len(raw)
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.HasField("new_element"):
            seen.elements.append(message.delta.new_element)
        elif kind == "new_session":
            seen.elements.clear()
            self.page = message.new_session.page_script_hash or self.page
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self.page = message.navigation.page_script_hash or self.page
        elif kind == "auto_rerun":
            self._fragment, self.beat_s = message.auto_rerun.fragment_id, message.auto_rerun.interval
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "script_finished":
            seen.ended_well = not any(element.HasField("exception") for element in seen.elements)
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False
