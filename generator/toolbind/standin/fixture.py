"""The pytest fixture `workers_ai_standin`, for whoever asks for it in their `conftest.py`:

    pytest_plugins = ["toolbind.standin.fixture"]

No entry point of pytest's registers it, so that test runs that do not use it load nothing of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from toolbind.standin.server import StandIn


@pytest.fixture
def workers_ai_standin() -> Iterator[StandIn]:
    """A stand-in for Workers AI on loopback: `standin.play([...])`, `**standin.settings`.

    A script that is not played to its end fails the test; what requests should do better is
    warned of.
    """
    with StandIn() as standin:
        yield standin
    for each in dict.fromkeys(standin.warnings):
        warnings.warn(f"the stand-in for Workers AI: {each}", stacklevel=1)
    standin.check_played()
