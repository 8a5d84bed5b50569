"""From a node to its view: references followed, dialects levelled, compositions merged.

Views are built bottom-up over an explicit stack, each once, so neither deep nor cyclic nor
branching compositions can exhaust anything. Imports `keywords`, `merge`, `algebra`, `view`,
`read.document` and `read.trace`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from toolbind.lower.schemas.algebra import meet_types, ordered
from toolbind.lower.schemas.keywords import complain_of_schema, is_reference, read_keywords
from toolbind.lower.schemas.merge import first_texts, meet, restrict, unite, with_null
from toolbind.lower.schemas.own import own_view
from toolbind.lower.schemas.view import ANY, Either, Group, Joined, View, identity
from toolbind.lower.schemas.wishes import wishes_of
from toolbind.read.document import Document, Node
from toolbind.read.trace import Memo, Trace

COMPOSITIONS = ("allOf", "anyOf", "oneOf")

_COUNTS = frozenset({"$ref", "description", "nullable", "title", "example", "deprecated"})
"""What may stand beside a reference in 3.0: it is read, or nothing is lost with it."""

Key = tuple[str, ...]
"""File and pointer, one after the other; of all parts where several are joined."""


class Builder:
    """The views of one document. A view is made once and shared."""

    def __init__(self, document: Document, trace: Trace) -> None:
        self._document = document
        self._report = trace
        self._views: Memo[Key, View] = Memo(trace)

    def key(self, node: Node) -> Key:
        """What identifies the schema at `node` in memo tables: its place, or those that it joins.
        References are not followed."""
        return identity(node) if isinstance(node, Joined) else (node.file, node.pointer)

    def end_key(self, node: Node) -> Key:
        """The same, and all references to one schema have one key where they say nothing else."""
        while not isinstance(node, Joined) and len(node.value) == 1 and is_reference(node):
            node = self._target(node)
            if not isinstance(node.value, dict):
                break
        return self.key(node)

    def view(self, node: Node) -> View:
        """What the schema at `node` allows. Raises ReferenceFailure for a reference to nowhere."""
        known = self._views.known(self.key(node))
        if known is not None:
            return known[0]
        view = self._plain(node)
        return self._made(node) if view is None else view

    def _made(self, node: Node) -> View:
        stack = [node]
        waiting: set[Key] = set()
        while stack:
            top = stack[-1]
            key = self.key(top)
            if key in self._views or not isinstance(top.value, dict):
                stack.pop()
            elif key in waiting:
                self._views.get(key, partial(self._build, top))
                waiting.discard(key)
                stack.pop()
            else:
                waiting.add(key)
                stack.extend(
                    each
                    for each in self._composed_of(top)
                    if isinstance(each.value, dict) and self.key(each) not in waiting
                )
        return self._ready(node) or View(node)

    def _plain(self, node: Node) -> View | None:
        """The view of what is no object."""
        if isinstance(node.value, dict):
            return None
        if node.value is False:
            return View(node, types=())
        if node.value is not True:
            complain_of_schema(node, self._report)
        return View(node)

    def narrow(self, view: View, types: Sequence[str]) -> View:
        """What `view` allows of `types`; an alternative that is left alone is merged in."""
        narrowed = restrict(view, types)
        lone = [group for group in narrowed.groups if len(group.alternatives) < 2]
        if not lone:
            return narrowed
        rest = tuple(group for group in narrowed.groups if len(group.alternatives) > 1)
        parts = [self.view(group.alternatives[0]) for group in lone]
        merged, _ = meet([replace(narrowed, groups=rest), *parts], view.node)
        return restrict(merged, narrowed.types)

    def variants(self, view: View) -> tuple[View, ...]:
        """The alternatives of the first set, each met with what stands beside them."""
        if not view.groups:
            return ()
        rest = replace(view, groups=(), description="", title="")
        parts = ((each, self.view(each)) for each in view.groups[0].alternatives)
        return tuple(replace(meet([part, rest], each)[0], groups=()) for each, part in parts)

    # --- walking -------------------------------------------------------------------------------

    def _ready(self, node: Node) -> View | None:
        known = self._views.known(self.key(node))
        return known[0] if known else self._plain(node)

    def _composed_of(self, node: Node) -> Iterator[Node]:
        """The schemas whose views the view of `node` is made of."""
        if isinstance(node, Joined):
            yield from node.parts
            return
        if is_reference(node):
            yield self._target(node)
            if self._document.version == "3.0":
                return
        for name in COMPOSITIONS:
            listed = node.get(name)
            if listed is not None:
                yield from listed.elements()

    # --- building ------------------------------------------------------------------------------

    def _build(self, node: Node) -> View:
        if isinstance(node, Either):
            return self._one_of(node, node.parts, overlapping=False)
        if isinstance(node, Joined):
            return self._together([view for p in node.parts if (view := self._ready(p))], node)
        if is_reference(node):
            return self._referred(node, self._target(node))
        return self._said(node, ())

    def _target(self, node: Node) -> Node:
        """Where the reference at `node` leads: to the end in 3.0, one step in 3.1, where each
        link of a chain may say more. A reference to itself fails in either."""
        end = self._document.resolve(node)
        return end if self._document.version == "3.0" else self._document.target(node)

    def _referred(self, node: Node, target: Node) -> View:
        """A reference. In 3.0 what stands beside it has no force; a description describes."""
        view = self._ready(target)
        if view is None:
            self._report.say("schema-recursive", node.place, "the schema consists of itself")
            return View(node, exact=False)
        if isinstance(node.value["$ref"], list):
            message = "the value of `$ref` is a list of one; it is read as the text in it"
            self._report.say("reference-place", node.place, message)
        if len(node.value) == 1:
            return view
        if self._document.version == "3.0":
            return self._beside(node, view)
        return self._said(node, (view,))

    def _beside(self, node: Node, view: View) -> View:
        """What stands beside a reference in 3.0: of no force, but plainly meant where it describes,
        or says that null is allowed as well."""
        lost = [name for name in node.value if name not in _COUNTS and not name.startswith("x-")]
        if lost:
            listed = ", ".join(f"`{name}`" for name in lost[:5])
            message = f"beside a `$ref` of OpenAPI 3.0 {listed} has no effect"
            self._report.say("schema-siblings", node.place, message)
        wanted = wishes_of(node)
        view = replace(
            view,
            description=wanted.description or node.text("description") or view.description,
            annotations={**view.annotations, **wanted.annotations},
            hide=view.hide or wanted.hide,
        )
        return replace(with_null(view), exact=False) if node.flag("nullable") else view

    def _said(self, node: Node, parts: Sequence[View]) -> View:
        """The schema at `node` itself, together with what it refers to and is composed of."""
        found = read_keywords(node, self._document.version, self._report)
        own = own_view(node, found, self._document.version, self._report)
        views = [own, *parts]
        if "allOf" in found:
            views += self._all_of(node)
        for name in ("anyOf", "oneOf"):
            if name in found:
                views += self._choice(node, name)
        view = self._together(views, node) if len(views) > 1 else own
        if node.value.get("unevaluatedProperties") is False and self._says_all(view):
            view = replace(view, closed=True)
        return self._nullable(view, found) if found.get("nullable") else view

    def _nullable(self, view: View, found: Mapping[str, Any]) -> View:
        """`nullable` as it is meant: null is allowed, whatever else stands in the schema.

        To the letter (3.0.3, section 4.7.24.1) it needs a `type` beside it, and null among the
        values listed; in 3.1 it has no force at all.
        """
        to_the_letter = (
            self._document.version == "3.0"
            and "type" in found
            and None in found.get("enum", [None])
        )
        return replace(with_null(view), exact=view.exact and to_the_letter)

    def _says_all(self, view: View) -> bool:
        """Whether `view.properties` are all the members that the schema evaluates."""
        open_ended = view.additional is not None or view.patterned or view.groups
        return view.exact and not open_ended and "object" in view.types

    def _together(self, views: Sequence[View], node: Node) -> View:
        """The meet of `views`. Where only one says something, the result stands at its place."""
        speaking = [view for view in views if view.constrains]
        if len(speaking) < 2:
            only = speaking[0] if speaking else views[0]
            return replace(
                only,
                read_only=any(view.read_only for view in views),
                write_only=any(view.write_only for view in views),
                deprecated=any(view.deprecated for view in views),
                exact=all(view.exact for view in views),
                **first_texts(views),
            )
        merged, contradictions = meet(views, node)
        for words in contradictions:
            self._report.say("schema-contradiction", node.place, f"nothing satisfies it: {words}")
        return self._settled(merged)

    def _settled(self, view: View) -> View:
        """The view without alternatives that its types rule out."""
        if all(len(each) and meet_types(each, view.types) for g in view.groups for each in g.types):
            return view
        return self.narrow(view, view.types)

    def _all_of(self, node: Node) -> list[View]:
        listed = node.get("allOf")
        views = []
        for part in listed.elements() if listed else ():
            view = self._ready(part)
            if view is None:
                self._report.say("schema-recursive", part.place, "`allOf` leads back to itself")
                view = View(part, exact=False)
            views.append(view)
        return views

    def _choice(self, node: Node, name: str) -> list[View]:
        """`anyOf` or `oneOf` as a view to be met with the rest."""
        listed = node.get(name)
        nodes = list(listed.elements()) if listed else []
        if not any((self._ready(each) or View(each)).types for each in nodes):
            self._report.say("schema-contradiction", node.place, f"`{name}` allows nothing")
            return [View(node, exact=False)]
        return [self._one_of(node, nodes, overlapping=name == "oneOf")]

    def _one_of(self, node: Node, nodes: Sequence[Node], *, overlapping: bool) -> View:
        """What any of `nodes` allows."""
        views = [self._ready(each) or View(each, exact=False) for each in nodes]
        pairs = [(each, view) for each, view in zip(nodes, views, strict=True) if view.types]
        if any(not view.constrains for _, view in pairs):
            return View(node, exact=not overlapping and all(view.exact for view in views))
        some = [(each, view) for each, view in pairs if view.types != ("null",)]
        nullable = len(some) < len(pairs)
        chosen = self._one_of_many(node, some or pairs, overlapping)
        chosen = with_null(chosen) if nullable else chosen
        if chosen.types == ANY and all(_is_type_alone(view) for _, view in some):
            # all of JSON, spelt out: no type is spoken of more than another
            return View(node, exact=False, **first_texts([chosen]))
        return chosen

    def _one_of_many(
        self, node: Node, pairs: Sequence[tuple[Node, View]], overlapping: bool
    ) -> View:
        views = [view for _, view in pairs]
        if len(views) == 1:
            return views[0]
        if all(_only_needs(view) for view in views):
            return _needs(node, views, overlapping)
        united = unite(views, node)
        if united is not None:
            return replace(united, options=tuple(each for each, _ in pairs))
        tag, tags = self._tags(node, [each for each, _ in pairs])
        group = Group(
            alternatives=tuple(each for each, _ in pairs),
            types=tuple(view.types for view in views),
            exact=not overlapping,
            tag=tag,
            tags=tags,
        )
        types = ordered(t for view in views for t in view.types)
        exact = not overlapping and all(view.exact for view in views)
        return View(node, types=types, groups=(group,), exact=exact)

    def _tags(self, node: Node, alternatives: Sequence[Node]) -> tuple[str, tuple[str, ...]]:
        """The discriminator's member, and its value for each alternative that is a reference."""
        discriminator = node.get("discriminator")
        member = discriminator.text("propertyName") if discriminator else ""
        if not discriminator or not member:
            return "", ()
        mapping = discriminator.get("mapping")
        spelt = {
            each.value: name
            for name, each in (mapping.items() if mapping else ())
            if isinstance(each.value, str)
        }
        tags = []
        for each in alternatives:
            reference = each.text("$ref")
            tail = reference.rpartition("/")[2]
            tags.append(spelt.get(reference) or spelt.get(tail) or tail)
        return member, tuple(tags)


def _is_type_alone(view: View) -> bool:
    """Whether a view says which type, and at most what arrays and objects hold."""
    return not replace(view, types=ANY, items=None, additional=None).constrains


def _only_needs(view: View) -> bool:
    """Whether the view asks for members by name and for nothing else that a tool could say."""
    types = ANY if view.types == ("object",) else view.types
    return not replace(view, types=types, required=(), negated=None).constrains


def _needs(node: Node, views: Sequence[View], overlapping: bool) -> View:
    """The view of alternatives of which each only asks for members by name."""
    needs = tuple(dict.fromkeys(view.required for view in views))
    plain = all(view.exact and view.negated is None for view in views)
    return View(
        node,
        types=ordered(name for view in views for name in view.types),
        needs=(needs,) if () not in needs else (),
        exact=plain and not overlapping,
    )
