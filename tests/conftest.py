"""One option for the whole suite: `--update` rewrites the goldens, and is refused in CI."""

from __future__ import annotations

import os
import signal
import ssl
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import effort
from tests.browser import Browser, browser, executable

ROOT = Path(__file__).parent.parent

# Compiled files are kept, whatever the environment says: the suite is hundreds of modules and
# starts dozens of Pythons, and compiling is most of what they would do.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the goldens of tests/cases")


def pytest_configure(config: pytest.Config) -> None:
    effort.QUICK = config.getoption("markexpr") == "not slow"
    # A busy machine is no failure, and a build is not to depend on luck: the same examples every
    # time, unless TOOLBIND_TEST_EFFORT=full asks for new ones.
    settings.register_profile(
        "steady",
        deadline=None,
        derandomize=not effort.FULL,
        max_examples=effort.examples(1000),
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("steady")
    if config.getoption("--update") and os.environ.get("CI"):
        raise pytest.UsageError("--update rewrites goldens; CI compares them and never writes")


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> Iterator[None]:
    """Ctrl-C works in tests and in what they start, also where the suite runs in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def one_context_for_all_clients() -> Iterator[None]:
    """httpx reads the whole list of authorities for every client, 20 to 40 ms; tests make a
    thousand of them and talk to loopback."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session")
def update(pytestconfig: pytest.Config) -> bool:
    """Whether goldens are to be rewritten instead of compared."""
    return bool(pytestconfig.getoption("--update"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless browser; tests that need one are skipped where there is none, except in CI."""
    if executable() is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium: .ci/run installs it")
        pytest.skip("there is no Chromium here (Debian: apt-get install chromium)")
    with browser() as running:
        yield running


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT
