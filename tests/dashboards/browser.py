"""A real browser, headless, driven over Chrome's own protocol (https://chromedevtools.github.io/devtools-protocol/)."""

import base64
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-port=0", "about:blank",
)  # fmt: skip
_SECONDS = 30.0


class Browser:
    """One tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._sent = 0
        self.problems: list[str] = []
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; `problems` collects what the page logs meanwhile."""
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=_SECONDS))
            if message.get("id") == self._sent:
                assert "error" not in message, message["error"]
                found: dict[str, Any] = message["result"]
                return found
            self._note(message)

    def run(self, script: str) -> Any:
        """Return the value of an expression of JavaScript in the page."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, script: str, seconds: float = _SECONDS) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + seconds
        while not self._is_true(script):
            assert time.monotonic() < deadline, f"not within {seconds:g} s: {script}\n{self.text()}"
            time.sleep(0.1)

    def _is_true(self, script: str) -> bool:
        """Say whether an expression is true; a page that is being left has no body, or answers with an error."""
        try:
            return bool(self.run(f"document.body !== null && !!({script})"))
        except AssertionError:
            return False

    def open(self, address: str, width: int = 1280, height: int = 900) -> None:
        """Open an address in a window of a size."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        self.call("Page.navigate", url=address)

    def settle(self) -> None:
        """Wait until Streamlit has drawn the page that was asked for."""
        self.wait("document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'")
        self.wait("!document.querySelector('[data-stale=true], [data-testid=stSkeleton]')")

    def text(self) -> str:
        """Return all text of the page."""
        return str(self.run("document.body.innerText"))

    def click(self, script: str) -> None:
        """Click the element that an expression finds, with the mouse."""
        self.wait(f"!!({script})")
        self.run(f"({script}).scrollIntoView({{block: 'center'}})")
        place = self.run(
            f"(r => [r.x + r.width / 2, r.y + r.height / 2])(({script}).getBoundingClientRect())"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1
            )

    def type(self, text: str) -> None:
        """Type into the focused element, and press Enter."""
        self.call("Input.insertText", text=text)
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13
            )

    def shoot(self, file: Path) -> None:
        """Save a picture of the whole page."""
        width = self.run("window.innerWidth")
        height = self.run(
            "(e => e ? e.scrollHeight + 40 : 900)(document.querySelector('[data-testid=stMain]'))"
        )
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=min(int(height), 8000), deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        time.sleep(0.8)
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def _note(self, message: dict[str, Any]) -> None:
        details = message.get("params", {})
        if "method" not in message:
            return
        if message["method"] == "Runtime.exceptionThrown":
            self.problems.append(str(details["exceptionDetails"]))
        elif message["method"] == "Log.entryAdded" and details["entry"]["level"] in ("error", "warning"):
            self.problems.append(f"{details['entry']['text']} {details['entry'].get('url', '')}")
        elif message["method"] == "Runtime.consoleAPICalled" and details["type"] in ("error", "assert"):
            self.problems.append(str([part.get("value") for part in details["args"]]))


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """Start the browser with an empty profile; end it afterwards."""
    assert CHROMIUM is not None, "ask for CHROMIUM before"
    log = profile / "log"
    profile.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        process = subprocess.Popen(
            [CHROMIUM, f"--user-data-dir={profile}", *_OPTIONS], stdout=output, stderr=subprocess.STDOUT
        )
    try:
        port = _waited(lambda: re.search(r"DevTools listening on ws://[^:]+:(\d+)/", log.read_text()))[1]
        tabs = _waited(lambda: requests.get(f"http://127.0.0.1:{port}/json/list", timeout=10).json())
        page = next(tab for tab in tabs if tab["type"] == "page")
        with connect(page["webSocketDebuggerUrl"], max_size=None) as socket:
            yield Browser(socket)
    finally:
        process.terminate()
        process.wait(20)


def _waited(find: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + _SECONDS
    while not (found := find()):
        assert time.monotonic() < deadline, "the browser did not start"
        time.sleep(0.1)
    return found
