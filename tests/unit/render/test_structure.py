"""The proof of what was rendered: real pages pass, anything that no template prints does not."""

from __future__ import annotations

import pytest
from toolbind.present import module_page, types_page
from toolbind.render import render_module
from toolbind.render.structure import StructureError, prove
from toolbind.render.templates import printed

from tests.unit.present.apis import ORIGIN, everything, petstore

MODULE = render_module(module_page(petstore(), ORIGIN))
METHODS = 6


def test_real_pages_pass() -> None:
    prove(MODULE, methods=METHODS)
    prove(printed("module.py.jinja", module_page(everything(str), ORIGIN)), methods=4)
    prove(printed("types.py.jinja", types_page(everything(str), ORIGIN)))


@pytest.mark.parametrize(
    "statement",
    [
        "import os",
        "from os import system",
        "from ..x import y",
        "from typing import *",
        "print('x')",
        "x = print('x')",
        "x = [print('x')]",
        "x = {'a': {'b': __import__('os')}}",
        "x = {print('x'): 1}",
        "x = {**y}",
        "x = [*y]",
        "x = (1, 2)",
        "x = f'{y}'",
        "x = [f'{y}']",
        "x = 'a' % y",
        "x = 'a'.format(y)",
        "x = lambda: 0",
        "x = [y for y in z]",
        "x = {'a': y}",
        "x = -y",
        "x = os.environ",
        "x.y = 1",
        "x = y = 1",
        "x += 1",
        "x: y() = 1",
        "x: 'y' | z() = 1",
        "x: TypeAlias = y()",
        "x: TypeAlias = (lambda: 0)",
        "x: TypeAlias = os.path",
        "x = TypedDict('x', {'a': y()})",
        "x = TypedDict('x', {y: int})",
        "x = TypedDict('x', {'a': int}, total=print())",
        "x = loads(y)",
        "x = loads('1', object_hook=y)",
        "x = _PARAMETERS[y]",
        "x = LazyModule(y())",
        "x = Api(client=y())",
        "x = Api(name=y + 'z')",
        "del x",
        "assert x",
        "raise x",
        "if x: y = 1",
        "if TYPE_CHECKING: y = print()",
        "for x in y: pass",
        "while x: pass",
        "with x: pass",
        "try:\n    pass\nexcept x:\n    pass",
        "global x",
        "pass",
        "...",
        "1",
        "x",
        "b'x'",
        "async def f(): pass",
        "def f(): pass",
        "@x\nclass A: pass",
        "class A(b()): pass",
        "class A(metaclass=b): pass",
        "class A:\n    x = 1",
        "class A:\n    print('x')",
        "class A:\n    x: int = print()",
        "class A:\n    class B: pass",
        "class A:\n    @x\n    def f(self): 'x'; return self._call('f')",
        "class A:\n    def f(self, x=y()): 'x'; return self._call('f', x=x)",
        "class A:\n    def f(self, x=OTHER): 'x'; return self._call('f', x=x)",
        "class A:\n    def f(self, x: y()): 'x'; return self._call('f', x=x)",
        "class A:\n    def f(self) -> y(): 'x'; return self._call('f')",
        "class A:\n    def f(self, *x): 'x'; return self._call('f')",
        "class A:\n    def f(self): 'x'; return self._call('f', x=y)",
        "class A:\n    def f(self, x, y): 'x'; return self._call('f', x=y)",
        "class A:\n    def f(self, x): 'x'; return self._call('f', **x)",
        "class A:\n    def f(self, x): 'x'; return self._call(x)",
        "class A:\n    def f(self): 'x'; return self._call('f')()",
        "class A:\n    def f(self): 'x'; return self._other('f')",
        "class A:\n    def f(self): 'x'; print('f'); return self._call('f')",
        "class A:\n    def f(self): f'x'; return self._call('f')",
        "class A:\n    def f(self): return self._call('f')",
        "class A:\n    def __init__(self, x): super().__init__(y)",
        "class A:\n    def __init__(self, x): super().other(x)",
        "class A:\n    def __init__(self, x): other().__init__(x)",
        "class A:\n    def __init__(self, x): super().__init__({'a': y})",
        "class A:\n    def __init__(self, x): super().__init__(**y)",
        "match x:\n    case 1: pass",
    ],
)
def test_nothing_else_passes(statement: str) -> None:
    with pytest.raises(StructureError):
        prove(f"{MODULE}\n{statement}\n", methods=METHODS)


@pytest.mark.parametrize("text", ["x = (", "x = 1 1", "  x = 1\n y = 1", "x = '\\N{nothing}'"])
def test_what_is_no_python_does_not_pass(text: str) -> None:
    with pytest.raises(StructureError, match="line "):
        prove(text)


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\x0c", "\r", "\ufeff", "\x85", "\xa0"])
def test_hidden_characters_do_not_pass(character: str) -> None:
    with pytest.raises(StructureError, match="hidden"):
        prove(f'"""A{character}B"""\n')


def test_a_method_too_many_does_not_pass() -> None:
    with pytest.raises(StructureError, match="6 methods where 5 were meant"):
        prove(MODULE, methods=5)
