"""Random overlays over small documents, and whole ones: the same for the same number.

Values lie under extensions, where no other rule of OpenAPI changes what an overlay did to them, and
in the parts of a document that people mend: paths, operations, parameters, servers, tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

Json = Any
Path = tuple[str | int, ...]

WORDS = ("a", "b", "c", "x-y", "it's", "/pets", "a.b", "ü")


def document(random: Random) -> dict[str, Json]:
    """A sound OpenAPI document with something of every kind in it."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1", "description": "d"},
        "servers": [{"url": "https://a.example"}, {"url": "https://b.example"}],
        "tags": [{"name": "one"}, {"name": "two"}],
        "paths": {
            path: {method: _operation(random) for method in random.sample(("get", "put"), 2)}
            for path in ("/pets", "/pets/{id}", "/it's")
        },
        "x-tree": value(random, 4, dict),
    }


def _operation(random: Random) -> dict[str, Json]:
    return {
        "summary": random.choice(("List", "Find", "Change")),
        "tags": random.sample(("one", "two", "three"), random.randint(0, 3)),
        "parameters": [
            {"name": name, "in": "query", "schema": {"type": "string"}}
            for name in random.sample(("limit", "page", "q"), random.randint(0, 3))
        ],
        "responses": {"200": {"description": "ok"}},
        "x-more": value(random, 2),
    }


def value(random: Random, depth: int, kind: type | None = None) -> Json:
    """A JSON value, of the kind that is asked for (`object`: neither object nor list)."""
    kinds = (dict, list, object, object) if depth > 0 else (object,)
    kind = kind or random.choice(kinds)
    if kind is dict:
        keys = random.sample(WORDS, random.randint(0, 3))
        return {key: value(random, depth - 1) for key in keys}
    if kind is list:
        return [value(random, depth - 1) for _ in range(random.randint(0, 3))]
    return random.choice((0, 1, -2, 1.5, True, False, None, "", "text", "one"))


def overlay(random: Random, tree: Json) -> dict[str, Json]:
    actions: list[Json] = []
    for _ in range(random.randint(1, 5)):
        action = _action(random, tree)
        if action not in actions:
            actions.append(action)
    return {"overlay": "1.1.0", "info": {"title": "o", "version": "1"}, "actions": actions}


def _action(random: Random, tree: Json) -> dict[str, Json]:
    target = _target(random, tree)
    draw = random.random()
    if draw < 0.25:
        return {"target": target, "remove": True}
    if draw < 0.5:
        return {"target": target, "copy": query(random, random.choice(list(places(tree))))}
    if draw < 0.6:
        return {"target": target, "update": value(random, 3)}
    place = random.choice(list(places(tree)))
    return {"target": query(random, place), "update": _fitting(random, at(tree, place), 3)}


def _fitting(random: Random, old: Json, depth: int) -> Json:
    """A value that can mostly be merged into `old`."""
    if isinstance(old, dict) and depth > 0:
        keys = random.sample(list(old), random.randint(0, min(2, len(old))))
        new = {key: _fitting(random, old[key], depth - 1) for key in keys}
        return new | {random.choice(("x-new", "x-other")): value(random, 2)}
    if isinstance(old, (dict, list)):
        return value(random, 2, type(old))
    return value(random, 0, object) if random.random() < 0.9 else value(random, 1)


SELECTORS = (
    "$.paths.*",
    "$.paths.*.get",
    "$.paths[*][*]",
    "$.paths['/pets', '/it\\'s'].put",
    "$.paths.*.get.parameters",
    "$.paths.*.get.parameters[?@.name == 'limit']",
    "$.paths.*.*.parameters[?@.name != 'limit' && @.in == 'query']",
    "$..parameters[0]",
    "$..parameters[-1]",
    "$..parameters[1:]",
    "$.paths[?@.get.summary == 'List'].get",
    "$.paths[?@.get.tags[?@ == 'one']].get",
    "$.paths.*.get.tags[?@ == 'one']",
    "$..tags",
    "$.servers[?@.url == 'https://b.example']",
    "$.servers[?search(@.url, '[ab]')]",
    "$.servers[?match(@.url, 'https://a.*')]",
    "$.servers[?length(@.url) > 3]",
    "$.tags[::-1]",
    "$.tags[0, 0]",
    "$.paths[?count(@.*) == 2]",
    "$['x-tree']",
    "$['x-tree'].*",
    "$['x-tree']..*",
    "$['x-tree']..a",
    "$['x-tree']..[0]",
    "$['x-tree']..[?@.a]",
    "$['x-tree']..[?!@.a]",
    "$['x-tree']..[?@ == 1]",
    "$['x-tree']..[?@ == null]",
    "$['x-tree']..[?@ == true || @ == false]",
    "$['x-tree']..[?@ > 0]",
    "$.info['description', 'version']",
    "$.nothing.there",
)


def _target(random: Random, tree: Json) -> str:
    if random.random() < 0.4:
        return random.choice(SELECTORS)
    return query(random, random.choice(list(places(tree))))


def places(tree: Json, here: Path = ()) -> Iterator[Path]:
    """Every place of a tree but the members that make the document one."""
    yield here
    members = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, member in members:
        if here or key in ("paths", "servers", "tags", "x-tree", "info"):
            if isinstance(member, (dict, list)):
                yield from places(member, (*here, key))
            else:
                yield (*here, key)


def at(tree: Json, place: Path) -> Json:
    for key in place:
        tree = tree[key]
    return tree


def query(random: Random, place: Path) -> str:
    """A place as JSONPath, in one of the ways in which people write it."""
    return "$" + "".join(_step(random, key) for key in place)


def _step(random: Random, key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if key.isalpha() and key.isascii() and random.random() < 0.7:
        return f".{key}"
    if "'" in key or random.random() < 0.3:
        return f'["{key}"]'
    return f"['{key}']"
