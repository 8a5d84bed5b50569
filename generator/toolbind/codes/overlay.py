"""Codes of findings about overlays.

Data only. Imports `row`.
"""

from __future__ import annotations

from toolbind.codes.row import Code

OVERLAY: dict[str, Code] = {
    "overlay-invalid": Code(
        "error",
        "A file that is given as an overlay is none.",
        "Overlay 1.0 and 1.1 say which members an overlay has; half of one is not applied.",
        "Mend the file at the place shown: it needs `overlay`, `info` and `actions`.",
    ),
    "overlay-query": Code(
        "error",
        "A target or a copy of an overlay is no JSONPath.",
        "Targets are queries of RFC 9535, which begin with `$`; what they select is changed.",
        "Mend the query; names with other characters than letters stand in `['...']`.",
    ),
    "overlay-merge": Code(
        "error",
        "A value of an overlay does not fit where it is to go.",
        "Objects are merged with objects, lists are joined to lists, other values replace others.",
        "Give a value of the target's kind, or remove the target in an action before.",
    ),
    "overlay-copy": Code(
        "error",
        "A copy of an overlay has not one source, or goes into itself.",
        "`copy` selects a single place of the document, which must lie outside its targets.",
        "Let `copy` select exactly one place, and the target another one.",
    ),
    "overlay-size": Code(
        "error",
        "An overlay is too large, or makes the document too large.",
        "Reading is bounded, so that no document and no overlay can use up the machine.",
        "Split the overlay, or let its targets select fewer places.",
    ),
    "overlay-unmatched": Code(
        "warning",
        "A target of an overlay matches nothing in the document.",
        "The action has no effect; perhaps the document has changed, or the name is misspelt.",
        "Mend the target, or take the action out.",
    ),
    "overlay-unchanged": Code(
        "warning",
        "An action of an overlay changes nothing.",
        "The document says already what the action would make it say, or the action says nothing.",
        "Take the action out.",
    ),
    "overlay-extends": Code(
        "note",
        "An overlay says that it was made for another document.",
        "Its `extends` names another file than the one that it is applied to.",
        "Nothing needs doing if the overlay is meant for this document, too.",
    ),
}
