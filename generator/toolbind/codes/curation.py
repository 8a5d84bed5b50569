"""Codes of findings about what users ask for: `x-toolbind`, and its short form in settings.

Data only. Imports `row`.
"""

from __future__ import annotations

from toolbind.codes.row import Code

CURATION: dict[str, Code] = {
    "extension-member": Code(
        "error",
        "`x-toolbind` says something that cannot be done as it is said.",
        "What is asked for and not done would be a surprise later; nothing is half obeyed.",
        "Mend the member at the place shown; `toolbind explain settings` lists them all.",
    ),
    "binding-clash": Code(
        "error",
        "Two things want one name as an argument of the client.",
        "A constructor has one argument of a name: a credential, an option or something bound.",
        "Bind to another name.",
    ),
    "preset": Code(
        "error",
        "A preset names nothing, or costs more than it may.",
        "A preset is a choice of tools that is checked when the module is made.",
        "Mend its patterns, or raise its budget.",
    ),
    "curation-unused": Code(
        "warning",
        "The settings bind or hide an argument that no operation has.",
        "It has no effect; perhaps the document has changed, or the name is misspelt.",
        "Mend the name (as the document spells it), or take it out.",
    ),
}
