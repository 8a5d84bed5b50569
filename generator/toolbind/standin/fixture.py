"""The pytest fixture `workers_ai_standin`, registered as a plugin by the package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from toolbind.standin.server import StandIn


@pytest.fixture
def workers_ai_standin() -> Iterator[StandIn]:
    """A stand-in for Workers AI on loopback: `standin.play([...])`, `**standin.settings`."""
    with StandIn() as standin:
        yield standin
