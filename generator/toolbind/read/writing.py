"""A tree of plain values as text, in the syntax and the layout of the text that it was made from.

What is written reads back as the same values, by YAML 1.2 as by 1.1: text that either takes for
something else is quoted. Walks without recursion. Imports `yaml_scalars`; PyYAML where it writes
YAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from toolbind.read.yaml_scalars import NotJsonError, plain

_INDENTED = re.compile(r"\s*[{\[]\r?\n([ \t]+)")


def as_json(value: Any, like: str) -> str:
    """JSON text, indented as the text `like` is; in one line if that is."""
    found = _INDENTED.match(like)
    if found is None and "\n" not in like.strip():
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    indent = found[1] if found else "  "
    return json.dumps(value, ensure_ascii=False, indent=indent) + "\n"


def as_yaml(value: Any) -> str:
    """YAML text in block style."""
    import yaml
    from yaml.cyaml import CDumper

    text: str = yaml.emit(_events(value), Dumper=CDumper, allow_unicode=True, width=1 << 20)
    return text


def _events(value: Any) -> Iterator[Any]:
    import yaml

    yield yaml.StreamStartEvent()
    yield yaml.DocumentStartEvent(explicit=False)
    todo: list[Any] = [value]
    while todo:
        here = todo.pop()
        if isinstance(here, yaml.Event):
            yield here
        elif isinstance(here, dict):
            yield yaml.MappingStartEvent(None, None, True, flow_style=not here)
            todo.append(yaml.MappingEndEvent())
            for key in reversed(here):
                todo += [here[key], key]
        elif isinstance(here, list):
            yield yaml.SequenceStartEvent(None, None, True, flow_style=not here)
            todo.append(yaml.SequenceEndEvent())
            todo += reversed(here)
        else:
            yield _scalar(here)
    yield yaml.DocumentEndEvent(explicit=False)
    yield yaml.StreamEndEvent()


def _scalar(value: Any) -> Any:
    import yaml

    if not isinstance(value, str):
        return yaml.ScalarEvent(None, None, (True, False), json.dumps(value))
    style = "|" if "\n" in value.strip("\n") else None
    return yaml.ScalarEvent(None, None, (_stays_text(value), True), value, style=style)


def _stays_text(value: str) -> bool:
    """Whether the text means itself where it is not quoted."""
    import yaml

    try:
        if plain(value) is not value:
            return False
    except NotJsonError:
        return False
    resolver: Any = yaml.resolver.Resolver()
    return bool(resolver.resolve(yaml.ScalarNode, value, (True, False)) == "tag:yaml.org,2002:str")
