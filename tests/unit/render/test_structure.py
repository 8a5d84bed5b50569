"""The proof of what was rendered: real pages pass, anything that no template prints does not."""

from __future__ import annotations

import pytest
from toolbind.render.structure import StructureError, prove

from tests.unit.present.apis import everything, files, petstore

MODULE = files(petstore())["petstore.py"]
METHODS = 3


def test_real_pages_pass() -> None:
    prove(MODULE, methods=METHODS, module="petstore")
    for api in (petstore(), everything(str)):
        for file, text in files(api, "any_name").items():
            counted = len(api.operations) if file in ("any_name.py", "any_name_async.py") else 0
            prove(text, methods=counted, module="any_name")


def test_files_of_another_module_are_not_imported() -> None:
    for text in files(petstore(), "other").values():
        if "from .other" in text:
            with pytest.raises(StructureError, match="no template prints this ImportFrom"):
                prove(text, methods=METHODS, module="petstore")


@pytest.mark.parametrize(
    "statement",
    [
        "import os",
        "import toolbind_runtime",
        "import toolbind_runtime as os",
        "import toolbind_runtime as _runtime, os",
        "from toolbind_runtime.transport import library",
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
        "if not TYPE_CHECKING: y = print()",
        "if -TYPE_CHECKING: y = 1",
        "if TYPE_CHECKING: from os import system",
        "if x: pass\nelse: from os import system",
        "from .petstore_types_b import Pet",
        "x = Api(tools=LazyModule(y()))",
        "x = Api(tools=Other('x'))",
        "class A:\n    _api = _API",
        "class A:\n    if not TYPE_CHECKING: _api = x",
        "class A:\n    if not TYPE_CHECKING: other = _API",
        "class A:\n    if not TYPE_CHECKING: from ._runtime import x",
        "x = [tool('a', route={'a': y})]",
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
        prove(f"{MODULE}\n{statement}\n", methods=METHODS, module="petstore")


@pytest.mark.parametrize("text", ["x = (", "x = 1 1", "  x = 1\n y = 1", "x = '\\N{nothing}'"])
def test_what_is_no_python_does_not_pass(text: str) -> None:
    with pytest.raises(StructureError, match="line "):
        prove(text)


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\x0c", "\r", "\ufeff", "\x85", "\xa0"])
def test_hidden_characters_do_not_pass(character: str) -> None:
    with pytest.raises(StructureError, match="hidden"):
        prove(f'"""A{character}B"""\n')


def test_a_method_too_many_does_not_pass() -> None:
    with pytest.raises(StructureError, match="3 methods where 2 were meant"):
        prove(MODULE, methods=2, module="petstore")
