"""A headless Chromium for tests, spoken to over a pipe in the DevTools protocol.

Needs Debian's `chromium` (or any Chrome on the PATH) and nothing of Python. Everything that the
page asks of the network, logs, or pops up is kept, so that a test can say that there was none.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
PATIENCE = 30.0
KEYS = {"Enter": "\r", "Tab": "\t", " ": " "}
"""Keys that also bring text."""


def executable() -> str | None:
    """The browser, or None if there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One browser process and its pages."""

    def __init__(self, process: subprocess.Popen[bytes], read: int, write: int) -> None:
        self._process = process
        self._read, self._write = read, write
        self._numbers = itertools.count(1)
        self._rest = b""
        self._events: list[dict[str, Any]] = []

    def send(self, method: str, session: str = "", **parameters: Any) -> Any:
        """Ask for something and wait for its result. Raises AssertionError where it fails."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        message |= {"sessionId": session} if session else {}
        os.write(self._write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while True:
            found = self._receive(deadline)
            if found.get("id") == number:
                assert "error" not in found, f"{method}: {found['error']}"
                return found["result"]
            self._events.append(found)

    def events(self, session: str, method: str) -> list[dict[str, Any]]:
        """What a page has reported so far, of one kind."""
        return [
            each["params"]
            for each in self._events
            if each.get("method") == method and each.get("sessionId") == session
        ]

    def _receive(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self._read], [], [], max(left, 0))
            assert ready, "the browser is mute"
            data = os.read(self._read, 1 << 20)
            assert data, "the browser is gone"
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(line)
        return found

    def page(
        self, *, width: int = 1280, height: int = 900, dark: bool = False, offline: bool = False
    ) -> Page:
        """An empty page of this size, which remembers what it asks for."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
            self.send(f"{domain}.enable", session)
        self.send(
            "Emulation.setDeviceMetricsOverride",
            session,
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.send("Emulation.setEmulatedMedia", session, features=scheme)
        if offline:
            self.send(
                "Network.emulateNetworkConditions",
                session,
                offline=True,
                latency=0,
                downloadThroughput=-1,
                uploadThroughput=-1,
            )
        return Page(self, session)


class Page:
    """One tab."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session

    def send(self, method: str, **parameters: Any) -> Any:
        return self._browser.send(method, self._session, **parameters)

    def open(self, where: str | Path) -> None:
        """Go there, and wait until the page's script says that it is ready."""
        url = where.absolute().as_uri() if isinstance(where, Path) else where
        self.send("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def evaluate(self, script: str) -> Any:
        """The value of an expression, awaited. Raises AssertionError for one that throws."""
        found = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, condition: str) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + PATIENCE
        while not self.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < deadline, f"never: {condition}"
            time.sleep(0.02)

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key, as a person at the keyboard."""
        told: dict[str, Any] = {"key": key, "modifiers": 8 if shift else 0}
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36}
        codes |= {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
        told["windowsVirtualKeyCode"] = codes.get(key, ord(key[0].upper()))
        text = KEYS.get(key, key if len(key) == 1 else "")
        told |= {"text": text} if text and key != "Tab" else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", **told)
        told.pop("text", None)
        self.send("Input.dispatchKeyEvent", type="keyUp", **told)

    def type(self, text: str) -> None:
        """Put text where the focus is, as typing it would."""
        self.send("Input.insertText", text=text)

    def media(self, media: str) -> None:
        """Show the page as on `screen` or in `print`."""
        self.send("Emulation.setEmulatedMedia", media=media)

    def screenshot(self, path: Path, *, whole: bool = False) -> None:
        found = self.send("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(found["data"]))

    @property
    def requested(self) -> list[str]:
        """All addresses that the page has asked for, its own among them."""
        self.evaluate("1")
        sent = self._browser.events(self._session, "Network.requestWillBeSent")
        return [each["request"]["url"] for each in sent]

    @property
    def complaints(self) -> list[str]:
        """What went wrong on the page: errors, refusals of its policy, dialogs."""
        self.evaluate("1")
        events = self._browser.events
        found = [
            str(each["exceptionDetails"].get("exception", {}).get("description"))
            for each in events(self._session, "Runtime.exceptionThrown")
        ]
        found += [each["entry"]["text"] for each in events(self._session, "Log.entryAdded")]
        found += [
            "dialog: " + each["message"]
            for each in events(self._session, "Page.javascriptDialogOpening")
        ]
        found += [
            str(each["issue"]["code"])
            for each in events(self._session, "Audits.issueAdded")
            if "Policy" in each["issue"]["code"]
        ]
        return found


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a profile of its own, which goes away with it."""
    found = executable()
    assert found, "no browser"
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    with tempfile.TemporaryDirectory(
        prefix="toolbind-browser-", ignore_cleanup_errors=True
    ) as home:

        def pipes() -> None:
            # the protocol wants 3 and 4, which may be taken: first out of the way, then there
            high_in, high_out = os.dup2(theirs_in, 103), os.dup2(theirs_out, 104)
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        process = subprocess.Popen(
            [found, *FLAGS, f"--user-data-dir={home}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=False,
            preexec_fn=pipes,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            yield Browser(process, ours_in, ours_out)
        finally:
            os.close(ours_out)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            if process.poll() is None:
                process.kill()
                process.wait(5)
            os.close(ours_in)
