"""The table of settings: one row for each key, from which flags, checks and help are made.

A key is spelt the same in a settings file and as a flag (`media-type`, `--media-type`).
Imports the standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "texts", "number", "flag", "folder", "files", "table", "lists"]
SHAPES: dict[Kind, str] = {
    "text": "string",
    "texts": "list of strings",
    "number": "number above 0",
    "flag": "true or false",
    "folder": "path of a folder",
    "files": "list of paths",
    "table": "table of text",
    "lists": "table of lists of strings, or of {tools = [...], budget = N}",
}
"""What a settings file must hold for each kind."""

Scope = Literal["project", "module", "both"]


@dataclass(frozen=True, slots=True)
class Key:
    """One setting. `scope` says where it may stand: at the top, in a module's table, or in both.

    `flag` is false for keys that only a settings file has. A `folder` and `files` are relative to
    the settings file. `singular` is the flag of a key that is named for many; a `negative` one can
    be switched off by its flag. `choices` are the values of a text that has no others.
    """

    name: str
    kind: Kind
    scope: Scope
    help: str
    metavar: str = ""
    flag: bool = True
    singular: str = ""
    choices: tuple[str, ...] = ()
    negative: bool = False

    @property
    def option(self) -> str:
        """How the flag is spelt."""
        return f"--{self.singular or self.name}"

    @property
    def shape(self) -> str:
        """What a settings file must hold for it."""
        return f"one of {', '.join(self.choices)}" if self.choices else SHAPES[self.kind]


KEYS: tuple[Key, ...] = (
    Key("output", "folder", "project", "Folder that gets the modules.", "DIR", flag=False),
    Key("specs", "texts", "project", "Documents: paths, globs, https URLs.", "SPEC", flag=False),
    Key("strict", "flag", "project", "Any warning fails (exit 3) and nothing is written."),
    Key(
        "runtime",
        "text",
        "project",
        "Runtime of modules: installed; else vendored.",
        "WHERE",
        choices=("vendored", "installed"),
    ),
    Key("overwrite", "flag", "project", "Replace generated files that were changed by hand."),
    Key("spec", "text", "module", "The module's document: a path or an https URL.", flag=False),
    Key(
        *("overlays", "files", "both", "Overlay to mend the document by; in order.", "FILE"),
        singular="overlay",
    ),
    Key(
        *("accepted", "texts", "both", "Changes that `diff` lets pass: their fingerprints.", "ID"),
        flag=False,
    ),
    Key(
        *("max-tools", "number", "project"),
        "Tools offered at once; else 24.",
        flag=False,
    ),
    Key(
        *("max-tool-tokens", "number", "project"),
        "Tokens they may take; else 8000.",
        flag=False,
    ),
    Key("include", "texts", "both", "Keep only operations that match.", "PATTERN"),
    Key("exclude", "texts", "both", "Leave out operations that match.", "PATTERN"),
    Key("server", "text", "both", "Server to use: number, description or URL.", "WHICH"),
    Key("media-type", "texts", "both", "Body type to prefer over the others.", "TYPE"),
    Key("budget", "number", "both", "Tokens that one tool may cost; else 1500.", "TOKENS"),
    Key(
        "prose",
        "text",
        "both",
        "Words in tools: full or brief; else balanced.",
        "STYLE",
        choices=("full", "balanced", "brief"),
    ),
    Key(
        "list-style",
        "text",
        "both",
        "Lists where the document is silent.",
        "STYLE",
        choices=("repeat", "comma", "brackets", "indices"),
    ),
    Key("bind", "table", "both", "Argument that the client has.", "A=NAME"),
    Key("hide", "texts", "both", "Argument that is in no tool.", "ARG"),
    Key("security", "text", "both", "Login to add: bearer, basic, header:NAME.", "LOGIN"),
    Key("headers", "table", "both", "Header of every request.", "H=TEXT", singular="header"),
    Key("presets", "lists", "both", "Choice of tools.", "NAME=P,P", singular="preset"),
    Key("deprecated", "flag", "both", "false: deprecated operations are left out.", negative=True),
    Key("ref-root", "folder", "both", "Folder that references must stay in.", "DIR"),
    Key("allow-remote", "texts", "both", "Host that references may be fetched from.", "HOST"),
    Key("max-size", "number", "both", "Megabytes that SPEC may have; else 67.", "MB"),
    Key("allow-http", "flag", "both", "Fetch SPEC over plain http, too."),
    Key("allow-private", "flag", "both", "Fetch SPEC from private addresses, too."),
)

BY_NAME: dict[str, Key] = {key.name: key for key in KEYS}
PROJECT_KEYS: tuple[str, ...] = tuple(key.name for key in KEYS if key.scope != "module")
MODULE_KEYS: tuple[str, ...] = tuple(key.name for key in KEYS if key.scope != "project")
FLAG_KEYS: tuple[Key, ...] = tuple(key for key in KEYS if key.flag and key.scope == "both")
READING_KEYS = ("ref-root", "allow-remote", "max-size", "allow-http", "allow-private")
"""What decides what reading a document may touch."""

CURATION_KEYS = ("bind", "hide", "security", "headers", "presets")
"""What is said about arguments and tools: the short form of `x-toolbind`."""

PLACES = "places"
"""Among the options of a document, not in a file: where the settings say such things."""

MODULES = "modules"
"""The table of the tables that belong to one module each: `[tool.toolbind.modules.petstore]`."""
