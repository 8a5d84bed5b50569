"""Which tools changed, read from the text of two modules."""

from __future__ import annotations

from toolbind.cli.output.toolchanges import describe


def module(**tools: str) -> bytes:
    listed = ", ".join(f"tool({name!r}, {text!r})" for name, text in tools.items())
    return f"raise SystemExit\nENTRIES: list[ToolEntry] = [{listed}]\n".encode()


def test_added_removed_and_changed_are_named() -> None:
    old = module(a="1", b="2", c="3")
    new = module(b="2", c="4", d="5")
    assert describe(old, new) == "tools: 1 added (d), 1 removed (a), 1 changed (c)"


def test_the_same_tools_are_no_news() -> None:
    assert describe(module(a="1"), module(a="1") + b"# more\n") == ""


def test_a_change_in_what_tools_share_is_a_change_of_each() -> None:
    text = """_P: dict[str, Any] = {"page": {"type": "TYPE"}, "size": {}}
ENTRIES: list[ToolEntry] = [tool("a", "", {"n": _P["page"]}), tool("b", "", {"n": _P["size"]})]
"""
    old, new = (text.replace("TYPE", kind).encode() for kind in ("integer", "string"))
    assert describe(old, new) == "tools: 1 changed (a)"


def test_layout_is_no_change() -> None:
    old = b'ENTRIES: list[ToolEntry] = [tool("a", "one two")]'
    new = b'ENTRIES: list[ToolEntry] = [\n    tool(\n"a",\n        ("one " "two"),\n)]'
    assert describe(old, new) == ""


def test_long_lists_are_cut() -> None:
    many = {f"t{number:02}": "" for number in range(12)}
    assert describe(None, module(**many)).endswith("t06, t07, and 4 more)")


def test_what_is_not_ours_says_nothing() -> None:
    for text in (None, b"\xff\x00", b"ENTRIES: x = f()", b"ENTRIES: x", b"def", b"ENTRIES = []"):
        assert describe(text, text) == ""
