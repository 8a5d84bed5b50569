"""The one environment that prints HTML: everything is escaped but what this project wrote itself.

Imports this room's `templates` for where they are.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from toolbind.render.templates import folder

PAGES = "explorer"
"""The folder of the explorer's page among the templates: `page.html.jinja` and what it holds."""


def html(template: str, **values: Any) -> str:
    """A page filled in. Text is escaped; `own` and `data` give what stands as it is."""
    return _environment().get_template(f"{PAGES}/{template}").render(values)


def own(name: str) -> Markup:
    """A style or a script of this project, which stands in a page as it is."""
    return Markup((folder() / PAGES / name).read_text("utf-8").strip())


_SPECIAL = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def data(value: Any) -> Markup:
    """JSON for an element of data: nothing in it can end the element or begin another."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(_SPECIAL))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
    )
