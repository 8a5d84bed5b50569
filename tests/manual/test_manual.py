"""The manual does what it says: each page is followed, each link leads somewhere.

What a page installs is there already, but for those that are followed from an empty environment.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from toolbind.standin import StandIn, Turn, call, say

from tests.e2e.conftest import helpdesk_url
from tests.manual.session import Session, blocks, prepared, prints
from tests.programs.demo.helpdesk import API_KEY

__all__ = ["helpdesk_url"]

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "generator" / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))

URGENT = [call("list_tickets", {"status": ["open"], "priority": "urgent"})]
ONE = [*URGENT, say("One: the printer on floor 2 eats paper.")]

MODEL: Mapping[str, Sequence[Turn]] = {
    "tutorial.md": [*ONE, call("delete_ticket", {"ticket_id": 42}), say("It is gone.")],
    "how-to/fastapi.md": ONE,
    "how-to/own-loop.md": ONE,
    "how-to/pydantic-ai.md": ONE,
    "how-to/streaming.md": ONE,
    "how-to/approvals.md": [
        *(call("delete_ticket", {"ticket_id": 42}), say("It is gone.")),
        *(call("delete_ticket", {"ticket_id": 43}), say("It is gone, too.")),
    ],
    "how-to/large-apis.md": [
        call("find_tools", {"query": "people"}),
        call("find_people", {}),
        say("Ben Osei."),
        say("Nobody."),
    ],
}
"""What the model says on a page."""

EMPTY = ("tutorial.md", "how-to/own-loop.md", "how-to/pydantic-ai.md")
"""Pages that install something: followed in an environment that holds nothing before."""

QUICK = ("how-to/streaming.md",)


@pytest.fixture
def model() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


def session(folder: Path, programs: Path, model: StandIn, desk: str, *skipped: str) -> Session:
    return Session(
        prepared(folder / "here", ROOT),
        programs,
        ports={
            "api.cloudflare.com": int(model.root.rpartition(":")[2]),
            "desk.example": int(desk.rpartition(":")[2]),
        },
        variables={
            "CLOUDFLARE_ACCOUNT_ID": model.settings["account_id"],
            "CLOUDFLARE_API_TOKEN": model.settings["api_token"],
            "HELPDESK_API_KEY": API_KEY,
        },
        skipped=skipped,
    )


def followed(page: str, run: Session, model: StandIn) -> None:
    script = MODEL.get(page, ())
    model.play(script)
    run.follow((DOCS / page).read_text())
    assert model.complaints == []
    assert len(model.requests) == len(script)


@pytest.mark.parametrize(
    "page",
    [
        page if page in QUICK else pytest.param(page, marks=pytest.mark.slow)
        for page in PAGES
        if page not in EMPTY and blocks((DOCS / page).read_text())
    ],
)
def test_a_page_does_what_it_says(
    page: str, tmp_path: Path, model: StandIn, helpdesk_url: str
) -> None:
    programs = Path(sys.executable).parent
    followed(page, session(tmp_path, programs, model, helpdesk_url, "pip install"), model)


@pytest.mark.slow
@pytest.mark.parametrize("page", EMPTY)
def test_a_page_begins_with_nothing(
    page: str, tmp_path: Path, model: StandIn, helpdesk_url: str
) -> None:
    """What a page needs is what it installs, and toolbind."""
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    programs = environment / "bin"
    run = session(tmp_path, programs, model, helpdesk_url)
    if "pip install ./toolbind" in (DOCS / page).read_text():
        (run.folder / "toolbind").symlink_to(ROOT)
    else:
        subprocess.run([programs / "pip", "install", "-q", str(ROOT)], check=True)
    followed(page, run, model)


def test_links_lead_somewhere() -> None:
    made = {"reference/commands.md", "reference/settings.md", "reference/codes.md"}
    made |= {"reference/modules.md"}
    wrong = []
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", (DOCS / page).read_text()):
            target = ((DOCS / page).parent / link).resolve()
            if "://" in link or target.is_file():
                continue
            if not target.is_relative_to(DOCS) or target.relative_to(DOCS).as_posix() not in made:
                wrong.append(f"{page}: {link}")
    assert wrong == []


def built(folder: Path) -> Path:
    """The manual as a site."""
    target = folder / "manual"
    command = [sys.executable, str(ROOT / ".ci" / "manual.py"), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.mark.slow
def test_the_manual_is_built_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    site = built(tmp_path)
    pages = {path.parent.relative_to(site).as_posix() for path in site.rglob("index.html")}
    assert {".", "tutorial", "how-to/worker", "reference/codes"} <= pages
    loaded = re.compile(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?//""")
    assert [path.name for path in site.rglob("*.html") if loaded.search(path.read_text())] == []
    assert not [path for path in site.rglob("*.css") if "//fonts." in path.read_text()]


@pytest.mark.slow
def test_the_reference_holds_all_that_the_program_goes_by(tmp_path: Path) -> None:
    from toolbind.cli.main import COMMANDS
    from toolbind.cli.plan.keys import KEYS
    from toolbind.codes import CODES

    from generated import petstore

    pages = built(tmp_path).with_name("manual-pages") / "docs" / "reference"

    def headings(page: str) -> set[str]:
        return set(re.findall(r"^## (.+)$", (pages / f"{page}.md").read_text(), re.MULTILINE))

    assert headings("commands") == set(COMMANDS)
    assert headings("codes") == set(CODES)
    assert headings("modules") == set(petstore.__all__)
    settings = (pages / "settings.md").read_text()
    assert [key.name for key in KEYS if f"| `{key.name}` |" not in settings] == []


def test_every_page_is_in_the_table_of_contents() -> None:
    named = re.findall(r'"([^"]+\.md)"', (DOCS / "zensical.toml").read_text())
    assert sorted(name for name in named if not name.startswith("reference/")) == PAGES


@pytest.mark.parametrize(
    ("told", "printed", "fits"),
    [
        ("", "anything", True),
        ("a\n", "a\n", True),
        ("a\n", "b\n", False),
        ("a ... c\n", "a b c\n", True),
        ("...\nc\n", "a\nb\nc\n", True),
        ("a\n...\n", "a\n", True),
        ("a\n", "a\nb\n", False),
    ],
)
def test_what_is_shown_is_compared(told: str, printed: str, fits: bool) -> None:
    assert prints(told, printed) is fits
