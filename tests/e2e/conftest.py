"""Real servers for the end-to-end tests: the helpdesk on loopback, fresh for each test."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from tests.programs.demo.helpdesk import helpdesk


@pytest.fixture
def helpdesk_url() -> Iterator[str]:
    """Base URL of a helpdesk with its three tickets, served by uvicorn."""
    config = uvicorn.Config(helpdesk(), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the helpdesk did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
