"""The explorer's page in a real browser: from disk, without a network, by keyboard, attacked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from toolbind.cli.commands.targets import generated, previews
from toolbind.explore import of_document, page
from toolbind.pipeline import examine

from tests.browser import Browser, Page
from tests.hostile.test_hostile import INDEX, document
from tests.programs.corpus.fetch import FetchError, fetch
from tests.unit.serve.test_explorer import exploring

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "specs"
WIDTHS = (390, 820, 1440)
SHOWN = "document.querySelector('#detail h1')"


def written(text: str | bytes, name: str, folder: Path) -> Path:
    """The page of a document, on disk."""
    found = examine(text)
    with generated(found.api, name) as module:
        subject = of_document(
            found.api, found.document, found.diagnostics, name=name, source=f"{name}.json"
        )
        made = page(subject, previews(module))
    path = folder / f"{name}.html"
    path.write_text(made, "utf-8")
    return path


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written((SPECS / "petstore.yaml").read_bytes(), "petstore", tmp_path_factory.mktemp("p"))


@pytest.fixture(scope="module")
def ocean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = (SPECS / "digitalocean.json").read_bytes()
    return written(text, "digitalocean", tmp_path_factory.mktemp("p"))


def opened(browser: Browser, path: Path, tool: str = "", **how: Any) -> Page:
    tab = browser.page(offline=True, **how)
    tab.open(path.as_uri() + (f"#tool={tool}" if tool else ""))
    tab.wait(SHOWN)
    return tab


def heading(tab: Page) -> Any:
    return tab.evaluate(f"{SHOWN}.textContent")


def focused(tab: Page) -> Any:
    return tab.evaluate("document.activeElement.textContent || document.activeElement.id")


def test_the_page_opens_from_disk_and_asks_for_nothing(chromium: Browser, shop: Path) -> None:
    tab = opened(chromium, shop)
    assert heading(tab) == "Petstore"
    assert tab.evaluate("document.querySelectorAll('.row').length") == 8
    for name in ("list_pets", "add_photo"):
        tab.evaluate(f"location.hash = 'tool={name}'")
        tab.wait(f"{SHOWN}.textContent === '{name}'")
    assert tab.requested == [shop.as_uri()]
    assert tab.complaints == []


@pytest.mark.slow
def test_a_tool_is_shown_with_its_words_arguments_and_calls(chromium: Browser, shop: Path) -> None:
    tab = opened(chromium, shop, "create_pet")
    text = tab.evaluate("document.querySelector('#detail').textContent")
    for each in ("POST", "/pets", "What a model reads", "Take a pet into the shop.", "required"):
        assert each in text
    assert '"cat"' in text
    assert "X-API-Key: ***" in text
    assert "client.create_pet(" in text


@pytest.mark.slow
def test_the_keyboard_alone_reaches_everything(chromium: Browser, shop: Path) -> None:
    tab = opened(chromium, shop)
    tab.press("/")
    assert tab.evaluate("document.activeElement.id") == "query"
    tab.type("photo")
    tab.wait("document.querySelectorAll('.row').length === 1")
    tab.press("ArrowDown")
    assert "add_photo" in focused(tab)
    tab.press(" ")  # chooses it
    assert tab.evaluate("document.querySelector('.row input').checked") is True
    assert "99 of 8,000" in tab.evaluate("document.querySelector('#tray').textContent")
    tab.press("Enter")
    tab.wait(f"{SHOWN} && {SHOWN}.textContent === 'add_photo'")
    tab.wait(f"document.activeElement === {SHOWN}")
    stops = []
    for _ in range(12):
        tab.press("Tab")
        stops.append(focused(tab))
    assert "Choose" in stops
    assert "Tool call" in stops
    tab.evaluate("document.querySelector('[role=tab]').focus()")
    tab.press("ArrowRight")
    assert focused(tab) == "Python"
    assert tab.evaluate("document.querySelector('[role=tabpanel]:not([hidden])').textContent")
    tab.press("Escape")
    assert "add_photo" in focused(tab)
    tab.press("ArrowUp")
    assert tab.evaluate("document.activeElement.id") == "query"
    tab.press("Escape")
    tab.wait("document.querySelectorAll('.row').length === 8")


@pytest.mark.slow
def test_a_served_page_finds_as_a_model_does(chromium: Browser) -> None:
    with exploring(calls=False) as live:
        tab = chromium.page()
        tab.open(f"http://127.0.0.1:{live.port}/?token={live.explorer.token}")
        tab.wait(SHOWN)
        tab.press("/")
        tab.type("put a new pet up for sale")
        tab.wait("document.querySelector('#list h2').textContent.startsWith('Best first')")
        shown = tab.evaluate("[...document.querySelectorAll('.row .name')].map(e => e.textContent)")
        found = live.explorer.module._API.finder.search("put a new pet up for sale", 40)
        assert shown == [hit.name for hit in found.hits]
        assert tab.complaints == []


OVERLAY = """\
overlay: 1.1.0
info: {title: Ours, version: "1"}
actions:
  - target: $.paths['/pets'].get
    update: {summary: "<img src=x onerror=alert(1)>Every pet."}
"""


@pytest.mark.slow
def test_what_an_overlay_gave_stands_beside_its_tool(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(OVERLAY)
    command = [sys.executable, "-m", "toolbind", "explore", str(SPECS / "petstore.yaml")]
    made = tmp_path / "petstore.html"
    more = ["--overlay", "ours.yaml", "-o", str(made)]
    subprocess.run([*command, *more], cwd=tmp_path, check=True)
    tab = opened(chromium, made, "list_pets")
    told = tab.evaluate(
        "[...document.querySelectorAll('.part')].map(e => e.innerText)"
        ".find(text => text.startsWith('Changed by an overlay'))"
    )
    assert "summary: <img src=x onerror=alert(1)>Every pet." in told
    assert "ours.yaml:5:" in told
    assert tab.complaints == []


@pytest.mark.slow
def test_arrows_walk_through_the_list_and_tab_leaves_it(chromium: Browser, ocean: Path) -> None:
    tab = opened(chromium, ocean)
    tab.evaluate("document.querySelector('#query').focus()")
    for _ in range(3):
        tab.press("ArrowDown")
    assert "account_get" in focused(tab)
    tab.press("End")
    last = tab.evaluate("[...document.querySelectorAll('.row .name')].pop().textContent")
    assert last in focused(tab)
    tab.press("Home")
    assert "one_clicks_list" in focused(tab)
    tab.press("Tab")
    assert tab.evaluate("document.querySelector('#list').contains(document.activeElement)") is False


@pytest.mark.slow
def test_who_cannot_see_the_page_is_told_of_it(chromium: Browser, shop: Path) -> None:
    """Every control has a name; landmarks, headings, lists and meters are what they look like."""
    for tool in ("", "list_pets"):
        tab = opened(chromium, shop, tool)
        tab.send("Accessibility.enable")
        nodes = [
            (node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in tab.send("Accessibility.getFullAXTree")["nodes"]
            if not node["ignored"]
        ]
        named = {"button", "link", "textbox", "searchbox", "checkbox", "tab", "meter", "navigation"}
        assert [role for role, name in nodes if role in named and not name.strip()] == []
        roles = {role for role, _ in nodes}
        assert {"navigation", "main", "heading", "list", "searchbox", "checkbox"} <= roles
        assert {"meter"} <= roles
        levels = tab.evaluate(
            "[...document.querySelectorAll('#detail h1,#detail h2,#detail h3')].map(e => e.tagName)"
        )
        assert levels.count("H1") == 1
        assert levels[0] == "H1"


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_page_and_all_can_be_read(
    chromium: Browser, ocean: Path, width: int, dark: bool
) -> None:
    for tool in ("", "apps_create"):
        tab = opened(chromium, ocean, tool, width=width, dark=dark)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert tab.evaluate(wide) <= 0
        assert tab.evaluate(CONTRASTS) == []


CONTRASTS = """
(() => {
  const light = (text) => {
    const [r, g, b] = text.match(/[0-9.]+/g).slice(0, 3).map(Number).map((one) => {
      const part = one / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (!/rgba\\(.*, 0\\)|transparent/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const weak = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
    if (!own || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (["SCRIPT", "STYLE", "NOSCRIPT", "TITLE"].includes(element.tagName)) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) weak.add(element.className + ": " + ratio.toFixed(2));
  }
  return [...weak];
})()
"""


@pytest.mark.slow
def test_a_printed_tool_shows_every_spelling_and_no_buttons(chromium: Browser, shop: Path) -> None:
    tab = opened(chromium, shop, "list_pets")
    tab.media("print")
    visible = "(e) => e.getClientRects().length > 0"
    assert tab.evaluate(f"[...document.querySelectorAll('pre')].slice(0, 4).every({visible})")
    assert not tab.evaluate(f"[...document.querySelectorAll('button, .rail')].some({visible})")


@pytest.mark.slow
def test_a_browser_that_cannot_unpack_says_so(chromium: Browser, shop: Path) -> None:
    tab = chromium.page(offline=True)
    tab.send("Page.addScriptToEvaluateOnNewDocument", source="delete window.DecompressionStream")
    tab.open(shop.as_uri() + "#tool=list_pets")
    tab.wait("document.querySelector('#detail .notice')")


MARKUP = (
    "<script>fetch('https://evil.example/1')</script>",
    "<img src=https://evil.example/2 onerror=alert(2)>",
    "</script></style><svg onload=alert(3)>",
    "javascript:alert(4)",
    "[x](javascript:alert(5)) ![y](https://evil.example/5)",
    "<!--<script>alert(6)",
    '"><iframe srcdoc="<script>alert(7)</script>">',
    "</noscript><link rel=stylesheet href=https://evil.example/8>",
    "__proto__",
    "constructor",
)


def attacking() -> str:
    """A document whose every text is markup."""
    paths = {}
    for number, text in enumerate(MARKUP):
        parameter = {
            "name": text,
            "in": "query",
            "required": True,
            "description": text,
            "schema": {"type": "string", "enum": [text], "default": text, "pattern": text},
        }
        body = {"type": "object", "properties": {text: {"type": "string", "description": text}}}
        paths[f"/{number}"] = {
            "post": {
                "operationId": text,
                "summary": text,
                "description": text * 3,
                "tags": [text],
                "parameters": [parameter, {**parameter, "name": "other", "style": text}],
                "requestBody": {"content": {"application/json": {"schema": body}}},
                "responses": {"200": {"description": text}},
            }
        }
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": MARKUP[0], "version": MARKUP[1], "description": MARKUP[2]},
            "servers": [{"url": "https://shop.example", "description": MARKUP[6]}],
            "tags": [{"name": each, "description": each} for each in MARKUP],
            "paths": paths,
        }
    )


def unharmed(tab: Page, path: Path) -> None:
    """Visit every tool of the page; nothing may run, be asked for, or be made into an element."""
    count = tab.evaluate("document.querySelectorAll('.row a').length")
    for number in range(min(count, 12)):
        tab.evaluate(f"document.querySelectorAll('.row a')[{number}].click()")
        tab.wait(f"document.body.dataset.view === 'tool' && {SHOWN}")
    assert tab.requested == [path.as_uri()]
    assert [each for each in tab.complaints if "dialog" in each] == []
    foreign = "iframe, object, embed, link, img, svg, form, base, [onload], [onerror], [onclick]"
    assert tab.evaluate(f"document.querySelectorAll('{foreign}').length") == 0
    assert tab.evaluate("document.scripts.length") == 3
    links = tab.evaluate("[...document.querySelectorAll('a')].map((each) => each.protocol)")
    assert set(links) == {"file:"}


@pytest.mark.slow
def test_a_document_made_of_markup_runs_nothing(chromium: Browser, tmp_path: Path) -> None:
    path = written(attacking(), "evil", tmp_path)
    tab = opened(chromium, path)
    assert heading(tab)
    unharmed(tab, path)
    assert tab.complaints == []


@pytest.mark.slow
def test_no_hostile_document_gets_through(chromium: Browser, tmp_path: Path) -> None:
    shown = 0
    for name in sorted(INDEX):
        if not name.endswith((".json", ".yaml")) or (tmp_path / f"{name}.html").exists():
            continue
        data = document(name)
        if len(data) > 1 << 20:
            continue
        try:
            path = written(data, "hostile", tmp_path)
        except Exception:  # refused, as it should be: other tests say how
            continue
        tab = opened(chromium, path)
        unharmed(tab, path)
        tab.send("Page.close")
        shown += 1
    assert shown > 60


@pytest.mark.slow
def test_github_is_a_small_page_that_is_there_at_once(chromium: Browser, tmp_path: Path) -> None:
    try:
        folder = fetch()
    except FetchError as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(reason))
    text = (folder / "@octokit/openapi/generated/api.github.com.json").read_bytes()
    path = written(text, "github", tmp_path)
    assert path.stat().st_size <= 1_500_000
    tab = opened(chromium, path)
    tab.wait("document.querySelectorAll('.row').length > 1200")
    took = tab.evaluate("performance.measure('list', undefined, 'list').duration")
    print(f"\n{path.stat().st_size:,} bytes, first list after {took:.0f} ms")
    started = time.monotonic()
    tab.evaluate("location.hash = 'tool=issues_create'")
    tab.wait(f"{SHOWN}.textContent === 'issues_create'")
    assert time.monotonic() - started < 10
    assert tab.complaints == []
