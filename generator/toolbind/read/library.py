"""The files that a document consists of: itself, and what its references name.

Each is read once, and only if it is allowed: by default regular files inside the document's own
folder, links followed before that is judged; hosts only as named. Imports `diagnostics`, `fetch`
(when something remote is allowed), `limits`, `nodes`, `options`, `parse`, `source`, `urls`.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from toolbind.diagnostics import DocumentError, Place, Report, shown
from toolbind.read.limits import MAX_FILES, too_large
from toolbind.read.nodes import ReferenceFailure
from toolbind.read.options import ReadOptions
from toolbind.read.parse import Parsed, parse
from toolbind.read.source import read_file
from toolbind.read.urls import https_host, joined

if TYPE_CHECKING:
    from toolbind.read.overlay import Mended

_ADDRESS_WITH_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")


@dataclass(slots=True)
class Tree:
    """One file. `value` is its tree as lowered, `parsed` the text that it was made from.

    `url` is where it was fetched from, `path` the file it was read from; both empty for text.
    `self_address` is the `$self` of OpenAPI 3.2, another name of the same file. `mended` is what
    overlays have made of the text, if there are any.
    """

    name: str
    value: Any
    parsed: Parsed
    url: str = ""
    path: Path | None = None
    self_address: str = ""
    mended: Mended | None = None
    _mentioned: dict[str, bool] = field(default_factory=dict)

    def mentions(self, keyword: str) -> bool:
        """Whether a keyword stands anywhere in the text: mostly all one needs to know."""
        known = self._mentioned.get(keyword)
        if known is None:
            texts = self.mended.texts.values() if self.mended else ()
            known = any(keyword in each.text for each in (self.parsed, *texts))
            self._mentioned[keyword] = known
        return known

    @property
    def written(self) -> Any:
        """The tree as it was before anything was upgraded."""
        return self.mended.value if self.mended else self.parsed.value


class Library:
    """The files of one document, by the names under which messages show them.

    `root` is the name of the document itself; `digests` has the SHA-256 of each other file, by
    path or URL.
    """

    def __init__(self, root: Tree, options: ReadOptions, report: Report) -> None:
        self.root = root.name
        self._root = root
        self.digests: dict[str, str] = {}
        self._options = options
        self._report = report
        self._trees: dict[str, Tree] = {root.name: root}
        self._overlays = dict(root.mended.texts) if root.mended else {}
        self._names: dict[str, str] = {}  # by path or URL
        self._bytes_left = options.max_bytes
        folder = options.ref_root or (root.path.parent if root.path else None)
        self._folder = folder.resolve() if folder else None
        if root.path is not None:
            self._names[str(root.path.resolve())] = root.name
        if root.url:
            self._names[root.url] = root.name

    def tree(self, name: str) -> Tree:
        """A file that has been read."""
        return self._trees[name]

    def has(self, name: str) -> bool:
        return name in self._trees

    def text(self, name: str) -> Parsed | None:
        """The text of a file that has been read, overlays included."""
        if name in self._overlays:
            return self._overlays[name]
        return self._trees[name].parsed if name in self._trees else None

    def open(self, address: str, base: Tree, place: Place) -> Tree:
        """The file at the address of a reference (without its fragment) that stands in `base`.

        Raises ReferenceFailure, at `place`, if it must not or cannot be read.
        """
        if self._root.self_address and joined(base.url, address) == self._root.self_address:
            return self._root
        if base.url or _ADDRESS_WITH_HOST.match(address):
            return self._remote(joined(base.url, address), place)
        return self._local(address, base, place)

    def seen_from(self, viewer: str, reference: str, file: str) -> str:
        """A reference that stands in `file`, as it has to be written in the file `viewer`."""
        address, mark, fragment = reference.partition("#")
        tree, base = self._trees[file], self._trees[viewer]
        if tree.url or _ADDRESS_WITH_HOST.match(address):
            return joined(tree.url, address) + mark + fragment
        assert tree.path is not None, "a file refers to other files only if it is one"
        assert base.path is not None, "a file refers to other files only if it is one"
        try:
            target = (tree.path.parent / unquote(address) if address else tree.path).resolve()
        except (
            OSError,
            RuntimeError,
            ValueError,
        ):  # no name of a file: that is told when it is used
            return reference
        seen = os.path.relpath(target, base.path.resolve().parent)
        return quote(seen.replace(os.sep, "/")) + mark + fragment

    # --- files ----------------------------------------------------------------------------------

    def _local(self, address: str, base: Tree, place: Place) -> Tree:
        if base.path is None or self._folder is None:
            message = f"{address!r} is not looked for: the document is not a file in a folder"
            raise ReferenceFailure("reference-file", place, message)
        relative = unquote(address)
        try:
            path = (base.path.parent / relative).resolve()
        except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL
            message = f"{address!r} is no name of a file"
            raise ReferenceFailure("reference-file", place, message) from None
        if (known := self._names.get(str(path))) is not None:
            return self._trees[known]
        if not path.is_relative_to(self._folder):
            message = f"{address!r} is outside the folder of the document"
            raise ReferenceFailure("reference-file", place, message)
        name = os.path.normpath(PurePath(base.name).parent / relative)
        private = Report()
        try:
            data = read_file(path, Place(name), private, self._bytes_left)
            return self._keep(str(path), name, data, private, path=path)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            message = f"{address!r} cannot be read: {reason.lower()}"
            raise ReferenceFailure("reference-unreadable", place, message) from None
        except DocumentError as error:
            raise _unreadable(address, error, place) from None

    # --- other hosts ------------------------------------------------------------------------------

    def _remote(self, url: str, place: Place) -> Tree:
        if (known := self._names.get(url)) is not None:
            return self._trees[known]
        host = https_host(url)
        if host is None:
            message = f"{shown(url)!r} is not an https address; nothing else is fetched"
            raise ReferenceFailure("reference-remote", place, message)
        if host not in {allowed.lower() for allowed in self._options.allow_remote}:
            message = f"{shown(url)!r} is not fetched: the host {host!r} is not allowed"
            raise ReferenceFailure("reference-remote", place, message)
        from toolbind.read.fetch import fetch

        private = Report()
        try:
            page = fetch(url, private, self._options, hosts=self._options.allow_remote)
            tree = self._keep(url, shown(url), page.data, private, url=page.url)
            self._names.setdefault(page.url, tree.name)
            return tree
        except DocumentError as error:
            raise _unreadable(shown(url), error, place) from None

    def _keep(
        self,
        key: str,
        name: str,
        data: bytes,
        private: Report,
        *,
        url: str = "",
        path: Path | None = None,
    ) -> Tree:
        """Parse and remember a file; raises DocumentError if it cannot be parsed."""
        if len(self._trees) >= MAX_FILES:
            message = f"the document consists of more than {MAX_FILES} files"
            raise private.refuse("document-size", Place(name), message)
        if len(data) > self._bytes_left:
            message = too_large("the files together have", self._options.max_bytes)
            raise private.refuse("document-size", Place(name), message)
        self._bytes_left -= len(data)
        self.digests[key] = hashlib.sha256(data).hexdigest()
        if name in self._trees:
            name = f"{name} ({len(self._trees)})" if url else key  # URLs that differ in secrets
        parsed = parse(data, name, private)
        for finding in private:
            self._report.say(finding.code, finding.place, finding.message)
        tree = self._trees[name] = Tree(name, parsed.value, parsed, url, path)
        self._names[key] = name
        return tree


def _unreadable(address: str, error: DocumentError, place: Place) -> ReferenceFailure:
    found = error.diagnostic
    message = f"{address!r} cannot be used: {found.place}: {found.message}"
    return ReferenceFailure("reference-unreadable", place, message)
