"""Text of a document is never code: payloads in every string of documents that use every field.

The documents are swept in slices, so that each string, keys included, holds a payload once, or
each payload once with TOOLBIND_TEST_EFFORT=full. Then Hypothesis combines them. What comes out is
refused with one located line, or is a module that does what the benign one does.
"""

from __future__ import annotations

import builtins
import copy
import itertools
import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from toolbind.diagnostics import DocumentError
from toolbind.pipeline import generate

from tests.effort import FULL, examples
from tests.security.full_documents import FULL_2_0, FULL_3_0, FULL_3_2
from tests.security.imported import Package, hidden, look_at, shape

pytestmark = pytest.mark.slow

# written out, so that no two places share a value
DOCUMENTS: dict[str, Any] = json.loads(
    json.dumps({"3.2": FULL_3_2, "3.0": FULL_3_0, "2.0": FULL_2_0})
)
SLICE = 24 if FULL else 64
MARK = "toolbind_canary"
CODE = f"setattr(__import__('builtins'),'{MARK}',__import__('os').environ.setdefault('{MARK}','1'))"

PAYLOADS = (
    f'"""\n{CODE}\n"""',
    f"'''\n{CODE}\n'''",
    f'"+{CODE}+"',
    f"'+{CODE}+'",
    f'\\"+{CODE}+\\"',
    f"\\'+{CODE}+\\'",
    f"\n{CODE}\n#",
    f"\r{CODE}\r#",
    f"\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029{CODE}\n",
    f"x: {CODE} = 1",
    f"x(self, y={CODE}): pass\ndef z",
    f"]; {CODE}; [",
    f"}}); {CODE}; ({{",
    f"{{{CODE}}}",
    f"{{0.__class__}} %({CODE})s %s {{x!r:{{y}}}}",
    f"{{{{ {CODE} }}}}{{% for x in y %}}{{# #}}",
    f"Literal[{CODE}]",
    f"__import__\n{CODE}",
    f"# type: ignore\n# coding: latin-1\n{CODE}",
    f"\\N{{x}}\\x\\u12\\U0000\\777\\{CODE}",
    f"\\\n{CODE}\\",
    "\\",
    '"',
    '\\"""',
    f"\u202e\u2066{CODE}\u2069\u200b\ufeff\U000e0041\ue000",
    f"\ud800{CODE}\udfff",
    f"\x00\x1b[2J{CODE}\x7f\x9b",
    f"\uff02\uff02\uff02\n{CODE}\n\uff02\uff02\uff02\uff45\uff56\uff41\uff4c",
    "class",
    "__init__",
    "self",
    "",
    " ",
    "A" * 5000,
    "[" * 500,
    "../../../x",
    "//evil.example/x",
    "#/components/schemas/Cat",
    "-1e999",
)
"""Ways out of a string, a comment, a name, an annotation, a template; and odd names."""

Keys = tuple[Any, ...]


def places(value: Any, keys: Keys = ()) -> Iterator[Keys]:
    """Every string of a document: a value by the keys that lead to it, a key with `None` behind."""
    if isinstance(value, str):
        yield keys
    elif isinstance(value, dict):
        for key, member in value.items():
            yield (*keys, key, None)
            yield from places(member, (*keys, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from places(member, (*keys, index))


def altered(document: Any, changes: dict[Keys, str], *, added: bool) -> Any:
    """A copy with payloads in place of strings, or behind them; what is inside comes first."""
    result = copy.deepcopy(document)
    for keys in sorted(
        changes, key=lambda each: len(each) - 1.5 * (each[-1] is None), reverse=True
    ):
        is_key = keys[-1] is None
        *path, last = keys[:-1] if is_key else keys
        holder = result
        for key in path:
            holder = holder[key]
        old = last if is_key else holder[last]
        new = old + changes[keys] if added else changes[keys]
        if is_key:
            members = {new if key == last else key: each for key, each in holder.items()}
            holder.clear()
            holder.update(members)
        else:
            holder[last] = new
    return result


ODD_KEYS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Keys that no class can hold", "version": "1"},
    "servers": [{"url": "https://api.example"}],
    "paths": {
        "/x": {
            "get": {
                "responses": {
                    "200": {
                        "description": "It.",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "description": "Odd.",
                                    "properties": {
                                        "x-y": {"type": "string", "description": "Odd."},
                                        "in": {"type": ["integer", "null"], "enum": [1, None]},
                                    },
                                    "required": ["x-y"],
                                }
                            }
                        },
                    }
                }
            }
        }
    },
}
"""A harmless document whose answer is a TypedDict that is written as a call."""


@cache
def benign() -> frozenset[tuple[Any, ...]]:
    """What modules of harmless documents are made of."""
    found: set[tuple[Any, ...]] = set()
    cases = sorted((Path(__file__).parent.parent / "cases").glob("*/spec.*"))
    known = [json.dumps(document) for document in (*DOCUMENTS.values(), ODD_KEYS)]
    for text in known + [path.read_text("utf-8") for path in cases]:
        for file in generate(text, name="full").files.values():
            found |= shape(file)
    return frozenset(found)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    made = Package(tmp_path_factory.mktemp("security"), "hostile_modules")
    yield made
    made.forget()


def survives(document: Any, package: Package) -> bool:
    """Whether a module came of it; in any case nothing has fired and nothing is broken."""
    refused = None
    try:
        made = generate(json.dumps(document), name="full")
    except DocumentError as error:
        refused = error
    if refused is not None:
        line = str(refused)
        assert line.isascii()
        assert line.isprintable()
        assert refused.diagnostic.place.line > 0
        return False
    for diagnostic in made.diagnostics:
        assert diagnostic.line().isprintable()
    for text in made.files.values():
        assert not hidden(text)
        strange = shape(text) - benign()
        assert not strange
    look_at(package.load(made.files, "full"))
    assert not hasattr(builtins, MARK)
    assert MARK not in os.environ
    return True


def sweep(document: Any, changes: dict[Keys, str], added: bool, package: Package) -> None:
    """All changes at once; where the document is refused, one of them hid the others: by halves."""
    if survives(altered(document, changes, added=added), package) or len(changes) < 2:
        return
    pairs = list(changes.items())
    for half in (pairs[: len(pairs) // 2], pairs[len(pairs) // 2 :]):
        sweep(document, dict(half), added, package)


SWEEPS = [(version, added) for version in DOCUMENTS for added in (False, True)]


@pytest.mark.parametrize(("version", "added"), SWEEPS if FULL else SWEEPS[::2] + SWEEPS[1:2])
def test_a_payload_in_every_string(version: str, added: bool, package: Package) -> None:
    document = DOCUMENTS[version]
    everywhere = list(places(document))
    for turn in range(len(PAYLOADS) if FULL else 1):
        payloads = itertools.cycle(PAYLOADS[turn:] + PAYLOADS[:turn])
        changes = dict(zip(everywhere, payloads, strict=False))
        for start in range(0, len(everywhere), SLICE):
            chosen = {keys: changes[keys] for keys in everywhere[start : start + SLICE]}
            sweep(document, chosen, added, package)


@settings(max_examples=examples(300))
@given(st.data())
@example(None)
def test_payloads_in_several_strings_at_once(package: Package, data: st.DataObject | None) -> None:
    if data is None:
        assert all(survives(document, package) for document in DOCUMENTS.values())
        return
    document = DOCUMENTS[data.draw(st.sampled_from(sorted(DOCUMENTS)))]
    chosen = data.draw(
        st.lists(st.sampled_from(list(places(document))), min_size=2, max_size=12, unique=True)
    )
    payload = st.sampled_from(PAYLOADS) | st.lists(
        st.sampled_from(PAYLOADS), min_size=2, max_size=3
    ).map("".join)
    changes = {keys: data.draw(payload) for keys in chosen}
    survives(altered(document, changes, added=data.draw(st.booleans())), package)


# --- nothing is forgotten, and nobody goes another way -------------------------------------------

GENERATOR = Path(__file__).parent.parent.parent / "generator" / "toolbind"
ASKS = re.compile(r"\.(?:get|text|flag)\(\s*f?[\"']([$\w-]+)[\"']")
OF_OTHERS = {"name", "default"}


def keys_of(value: Any) -> Iterator[str]:
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            yield from keys_of(each)
    yield from value if isinstance(value, dict) else ()


def test_every_field_that_is_read_is_attacked() -> None:
    """What lowering asks a document for stands in the documents that are attacked."""
    asked: set[str] = set()
    for path in [*GENERATOR.glob("lower/**/*.py"), *GENERATOR.glob("read/swagger/*.py")]:
        asked |= set(ASKS.findall(path.read_text("utf-8")))
    assert len(asked) > 60
    assert asked - {key for each in DOCUMENTS.values() for key in keys_of(each)} <= set()


def test_nobody_else_quotes() -> None:
    """Quotes and backslashes are escaped by one module; a second way would be a forgotten one."""
    for room in ("present", "render"):
        for path in (GENERATOR / room).glob("*.py"):
            if path.name != "literals.py":
                text = path.read_text("utf-8")
                assert not re.search(r"""\.replace\(\s*(?:'"'|"'"|"\\\\"|'\\\\')""", text), (
                    path.name
                )
