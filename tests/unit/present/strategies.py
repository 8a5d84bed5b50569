"""Hypothesis strategies: text as documents hold it, JSON values, types and operations of the IR."""

from __future__ import annotations

from hypothesis import strategies as st
from toolbind import ir
from toolbind.present.hints import PLAIN

from tests.unit.present.apis import argument, operation

PIECES = (
    "word ",
    "The end. Begin ",
    "a",
    " ",
    '"',
    "'",
    '"""',
    "\\",
    "\\N{BULLET}",
    "\n",
    "\r",
    "\t",
    "\0",
    "\x1b[31m",
    "\x85",
    "\u2028",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\ud800",
    "\U000e0041",
    "{x}",
    "{{ 7*7 }}",
    "{% for %}",
    "%s",
    "# ",
    "é",
    "日本語",
    "ไทย",
    "🎉",
    "e\u0301",
    "https://example.com/an/address/that/does/not/fit/into/a/line/of/eighty-eight/columns/at/all ",
)

texts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.lists(st.sampled_from(("word ", "and ")), min_size=5, max_size=60).map("".join),
    st.text(alphabet="\"' a", min_size=60, max_size=110),
)

scalars = st.one_of(
    texts,
    st.none(),
    st.booleans(),
    st.integers(-(10**120), 10**120),
    st.floats(allow_nan=False, allow_infinity=False),
)

values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=8), st.dictionaries(texts, inner, max_size=8)),
    max_leaves=25,
)


def deep(value: object, depth: int) -> object:
    """`value` inside `depth` lists and objects."""
    for level in range(depth):
        value = {"k": value} if level % 2 else [value]
    return value


names = st.text(alphabet="abcdefgh", max_size=58).map(lambda text: "name_" + text)
type_names = ("Pet", "Owner" + "Of" * 10, "T" * 64)


def types(known: tuple[str, ...] = type_names) -> st.SearchStrategy[ir.TypeRef]:
    """Types of the IR; `known` are the names of defined ones."""
    leaves = st.one_of(
        st.sampled_from([ir.Plain(name) for name in PLAIN if name != "None"]),
        st.sampled_from([ir.Named(name) for name in known]),
        st.lists(
            st.one_of(texts, st.integers(-9, 10**6), st.booleans(), st.none()),
            min_size=1,
            max_size=8,
        ).map(lambda choices: ir.Choice(tuple(choices))),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            inner.map(ir.Listed),
            inner.map(ir.Mapped),
            st.lists(inner, min_size=1, max_size=4).map(lambda each: ir.Either(tuple(each))),
        ),
        max_leaves=6,
    )


def _argument(name: str, kind: ir.TypeRef, required: bool, said: str) -> ir.Argument:
    schema = {"type": "string", "description": said}
    return argument(name, "query", kind, schema, required=required)


@st.composite
def operations(draw: st.DrawFn) -> ir.Operation:
    """Operations with arguments of all types; names are those that `lower` could have given."""
    wanted = draw(st.lists(names, max_size=5, unique=True))
    arguments = [
        _argument(name, draw(types()), draw(st.booleans()), draw(texts)) for name in wanted
    ]
    return operation(
        draw(names),
        "get",
        "/x",
        *arguments,
        summary=draw(texts),
        description=draw(texts),
        deprecated=draw(st.booleans()),
        returns=draw(st.one_of(types(), st.just(ir.Plain("None")))),
    )


keys = st.one_of(
    names, texts, st.sampled_from(("in", "x-y", "__x", "__doc__", "str", "list", "Pet", "日本"))
)


@st.composite
def definitions(draw: st.DrawFn, name: str) -> ir.TypeDefinition:
    """A TypedDict or an alias called `name`."""
    if draw(st.booleans()):
        return ir.TypeDefinition(name, draw(texts), None, draw(types()))
    members = tuple(
        ir.Member(key, draw(types()), draw(st.booleans()), draw(texts))
        for key in draw(st.lists(keys, max_size=5, unique=True))
    )
    return ir.TypeDefinition(name, draw(texts), members)


all_definitions = st.tuples(*(definitions(name) for name in type_names))
