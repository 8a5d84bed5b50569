"""Fetching over real connections: what is asked, from where, and how little it takes to refuse."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from toolbind.diagnostics import DocumentError, Report
from toolbind.read import Node, ReadOptions, fetch, library, load, read, source
from toolbind.read.fetch import Page

from tests.unit.read.reading import at, failure, tree
from tests.unit.read.serving import Answer, serving, trusting

NEAR = ReadOptions(allow_http=True, allow_private=True, max_seconds=10)
TEXT = json.dumps(tree()).encode()


def loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def fetched(url: str, options: ReadOptions = NEAR, **more: Any) -> Page:
    return fetch.fetch(url, Report(), options, **({"resolver": loopback} | more))


def refused(url: str, options: ReadOptions = NEAR, **more: Any) -> str:
    """Why nothing is fetched, in one line."""
    with pytest.raises(DocumentError) as caught:
        fetched(url, options, **more)
    assert str(caught.value).isprintable()
    return f"{caught.value.diagnostic.code}: {caught.value.diagnostic.message}"


# --- connections ----------------------------------------------------------------------------------


def test_the_name_is_kept_for_tls_and_host_while_the_connection_goes_to_the_address() -> None:
    with serving({"/api.json?v=1": Answer.of(TEXT)}, tls=True) as server:
        url = f"https://docs.example.org:{server.port}/api.json?v=1#part"
        page = fetched(url, ReadOptions(allow_private=True), ssl_context=trusting())
    assert page == Page(TEXT, url.removesuffix("#part"))
    [(_, headers)] = server.requests
    assert headers["host"] == f"docs.example.org:{server.port}"
    assert headers["accept-encoding"] == "identity"
    assert not headers.keys() & {"authorization", "cookie", "referer"}


def test_a_certificate_for_another_name_or_by_nobody_known_is_refused() -> None:
    with serving({"/": Answer.of(TEXT)}, tls=True) as server:
        options = ReadOptions(allow_private=True)
        port = server.port
        wrong = refused(f"https://wrong.example.org:{port}/", options, ssl_context=trusting())
        unknown = refused(f"https://docs.example.org:{port}/", options)
    assert wrong.startswith("document-unreadable")
    assert unknown.startswith("document-unreadable")
    assert server.requests == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1%1", "0.0.0.0"],
)
def test_a_name_that_means_a_private_address_is_refused(address: str) -> None:
    reason = refused("https://docs.example.org/", ReadOptions(), resolver=lambda *_: [address])
    assert reason.startswith("document-address")
    assert address in reason


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    options = ReadOptions()
    mixed = ["1.1.1.1", "127.0.0.1"]
    assert "document-address" in refused("https://a.test/", options, resolver=lambda *_: mixed)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "[::1]",
        "[::ffff:7f00:1]",
        "[::ffff:169.254.169.254]",
        "localhost",
        "127\u30020\u30020\u30021",
    ],
)
def test_private_addresses_are_refused_in_every_spelling_of_a_url(host: str) -> None:
    """With the system's own look-up, which takes octal, hexadecimal and short forms."""
    reason = refused(
        f"https://{host}/latest/meta-data", ReadOptions(), resolver=fetch.system_resolver
    )
    assert reason.startswith(("document-address", "document-unreadable"))
    assert "not fetched" not in reason, "a connection was tried"


def test_a_name_is_looked_up_once_so_that_it_cannot_change_its_meaning() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with serving({"/": Answer.of(TEXT)}) as server:
        fetched(f"http://docs.example.org:{server.port}/", resolver=rebinding)
    assert asked == ["docs.example.org"]


def test_further_addresses_are_tried_when_the_first_does_not_answer() -> None:
    with serving({"/": Answer.of(TEXT)}) as server:
        two = ["127.0.0.2", "127.0.0.1"]  # nothing listens on the first
        assert fetched(f"http://a.test:{server.port}/", resolver=lambda *_: two).data == TEXT


def test_a_name_without_an_address_is_refused() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    assert "'a.test' is not known" in refused("http://a.test/", resolver=unknown)
    assert "has no address" in refused("http://a.test/", resolver=lambda *_: [])


def test_nothing_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine docs.example.org login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with serving({"/": Answer.of(TEXT)}) as server:
        fetched(f"http://docs.example.org:{server.port}/")
    assert "authorization" not in server.requests[0][1]


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://docs.example.org/",
        "ftp://docs.example.org/",
        "file:///etc/passwd",
        "https:///x",
        "https://",
        "https://user:secret@docs.example.org/",
        "https://docs.example.org\\@evil.test/",
        "https://docs.example.org:0/",
        "https://docs.example.org:99999/",
        "https://docs.example.org:x/",
        "https://[bad/",
        "https://%6c%6fcalhost/",
        "https://a b/",
        "https://[fe80::1%25eth0]/",
        "https://docs.example.org/\n",
        "x://y",
    ],
)
def test_urls_that_are_not_fetched(url: str) -> None:
    reason = refused(url, ReadOptions(allow_private=True))
    assert reason.startswith("document-address")
    assert "secret" not in reason


# --- redirects ------------------------------------------------------------------------------------


def test_a_redirect_is_followed_and_the_url_is_the_last_one() -> None:
    answers = {"/old": Answer.moved("/dir/new"), "/dir/new": Answer.of(TEXT)}
    with serving(answers) as server:
        page = fetched(f"http://docs.example.org:{server.port}/old")
    assert page.url == f"http://docs.example.org:{server.port}/dir/new"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_an_internal_host_is_judged_like_the_first_url(status: int) -> None:
    def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host == "public.test" else ["169.254.169.254"]

    judged: list[str] = []

    def judge(address: str) -> bool:
        judged.append(address)
        return address == "127.0.0.1"  # stands for a public one

    with pytest.MonkeyPatch.context() as patch, serving({}) as inner:
        patch.setattr(fetch, "is_public", judge)
        target = Answer.moved(f"http://metadata.test:{inner.port}/", status)
        with serving({"/": target}) as server:
            url = f"http://public.test:{server.port}/"
            reason = refused(url, ReadOptions(allow_http=True), resolver=resolver)
    assert "'metadata.test' is not on the public internet" in reason
    assert judged == ["127.0.0.1", "169.254.169.254"]
    assert inner.requests == []


def test_a_redirect_away_from_https_is_refused() -> None:
    with serving({"/": Answer.moved("http://docs.example.org/")}, tls=True) as server:
        options = ReadOptions(allow_private=True)
        url = f"https://docs.example.org:{server.port}/"
        assert "is not https" in refused(url, options, ssl_context=trusting())


@pytest.mark.parametrize("location", ["", "file:///etc/passwd", "https://[bad", "http://u:p@h/"])
def test_a_redirect_to_nowhere_is_refused(location: str) -> None:
    with serving({"/": Answer.moved(location)}) as server:
        reason = refused(f"http://docs.example.org:{server.port}/")
    assert reason.startswith("document-address" if location else "document-unreadable")


def test_redirects_end() -> None:
    with serving({"/": Answer.moved("/")}) as server:
        assert "redirected more than" in refused(f"http://docs.example.org:{server.port}/")
    assert len(server.requests) == 6


# --- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [204, 304, 401, 404, 500])
def test_only_an_answer_of_200_is_a_document(status: int) -> None:
    with serving({"/": Answer(status, {"Content-Length": "0"})}) as server:
        reason = refused(f"http://docs.example.org:{server.port}/")
    assert reason == f"document-unreadable: the answer is HTTP {status}"


def endless() -> Iterator[bytes]:
    while True:
        yield b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {"Content-Length": str(10**12)}),
        Answer(200, {"Transfer-Encoding": "chunked"}, endless),
        Answer(200, {"Content-Length": "9" * 5000}),
        Answer.of(b"x" * 100_001),
    ],
)
def test_the_size_of_an_answer_has_a_cap(answer: Answer) -> None:
    with serving({"/": answer}) as server:
        options = ReadOptions(allow_http=True, allow_private=True, max_bytes=100_000)
        reason = refused(f"http://docs.example.org:{server.port}/", options)
    assert reason.startswith(("document-size", "document-unreadable"))


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "identity, gzip"])
def test_a_compressed_answer_is_refused_not_inflated(encoding: str) -> None:
    answer = Answer.of(gzip.compress(b" " * 10**6), Content_Encoding=encoding)
    with serving({"/": answer}) as server:
        assert "encoded as" in refused(f"http://docs.example.org:{server.port}/")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {"X": "y" * 60}, trickle=0.05),
        Answer(200, {"Content-Length": "5"}, lambda: iter([b"ab"])),
    ],
)
def test_an_answer_that_drips_or_breaks_off_is_given_up(answer: Answer) -> None:
    options = ReadOptions(allow_http=True, allow_private=True, max_seconds=0.3)
    with serving({"/": answer}) as server:
        reason = refused(f"http://docs.example.org:{server.port}/", options)
    assert reason.startswith("document-unreadable: not fetched")


def test_nothing_is_begun_after_the_deadline() -> None:
    with serving({"/": Answer.of(TEXT)}) as server:
        options = ReadOptions(allow_http=True, allow_private=True, max_seconds=0)
        assert "too long" in refused(f"http://docs.example.org:{server.port}/", options)
    assert server.requests == []


# --- documents and references over the network ----------------------------------------------------


def test_a_document_from_a_url_knows_where_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"/old": Answer.moved("/v1/api.json"), "/v1/api.json": Answer.of(TEXT)}) as server:
        url = f"http://127.0.0.1:{server.port}/old"
        found = read(load(url, Report(), NEAR), Report())
    assert found.url == f"http://127.0.0.1:{server.port}/v1/api.json"
    assert found.root.file == url
    with pytest.raises(DocumentError, match="document-address"):
        load("https://127.0.0.1/api.json", Report())


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server over TLS at docs.example.org, and the real fetch led there."""
    answers = {
        "/common.json": Answer.of(b'{"Pet": {"$ref": "more/tag.yaml#/Tag"}}'),
        "/more/tag.yaml": Answer.of(b"Tag: {$ref: '#/Name'}\nName: {type: string}\n"),
        "/moved.json": Answer.moved("/more/tag.yaml"),
        "/large.json": Answer.of(b" " * 390 + b"{}"),
        "/away.json": Answer.moved("https://other.example.org/x.json"),
    }
    with serving(answers, tls=True) as server:
        original = fetch.fetch

        def led(url: str, report: Report, options: ReadOptions, **more: Any) -> Page:
            more |= {"resolver": loopback, "ssl_context": trusting()}
            return original(url, report, options, **more)

        monkeypatch.setattr(fetch, "fetch", led)
        yield server


def referring(
    server: Any, reference: str, allowed: str = "docs.example.org", max_bytes: int = 10_000
) -> Any:
    base = f"https://docs.example.org:{server.port}"
    given = {"A": {"$ref": reference.replace("BASE", base)}}
    text = json.dumps(tree(openapi="3.1.0", components={"schemas": given})).encode()
    hosts = (f"{allowed}:{server.port}",) if allowed else ()
    options = ReadOptions(allow_remote=hosts, allow_private=True, max_bytes=max_bytes)
    found = read(source.Source("shop.json", text), Report(), options)
    return found, at(found, "components", "schemas", "A")


def test_remote_references_are_followed_to_allowed_hosts_each_file_once(remote: Any) -> None:
    found, node = referring(remote, "BASE/common.json#/Pet")
    for _ in range(2):
        end = found.resolve(node)
        assert (end.value, end.pointer) == ({"type": "string"}, "#/Name")
        assert end.file == f"https://docs.example.org:{remote.port}/more/tag.yaml"
    assert [path for path, _ in remote.requests] == ["/common.json", "/more/tag.yaml"]
    assert len(found.files) == 2


def test_fetched_files_together_have_a_limit(remote: Any) -> None:
    found, node = referring(remote, "BASE/more/tag.yaml#/Name", max_bytes=400)
    assert found.resolve(node).value == {"type": "string"}
    url = f"https://docs.example.org:{remote.port}/large.json"
    failed = failure(found, Node({"$ref": url}, "#/x", "shop.json"))
    assert "the files together have more than 400 bytes" in failed.message


def test_a_redirected_file_is_one_file_under_both_addresses(remote: Any) -> None:
    found, node = referring(remote, "BASE/moved.json#/Tag")
    assert found.resolve(node).value == {"type": "string"}
    url = f"https://docs.example.org:{remote.port}/more/tag.yaml#/Name"
    assert found.resolve(Node({"$ref": url}, "#/x", "shop.json")).value == {"type": "string"}
    assert [path for path, _ in remote.requests] == ["/moved.json", "/more/tag.yaml"]


@pytest.mark.parametrize(
    "allowed", ["", "example.org", "evil-docs.example.org", "DOCS.example.com"]
)
def test_remote_references_to_other_hosts_are_not_fetched(remote: Any, allowed: str) -> None:
    found, node = referring(remote, "BASE/common.json#/Pet", allowed)
    assert failure(found, node).code == "reference-remote"
    assert remote.requests == []


def test_a_remote_reference_is_not_redirected_to_another_host(remote: Any) -> None:
    found, node = referring(remote, "BASE/away.json")
    failed = failure(found, node)
    assert failed.code == "reference-unreadable"
    assert "'other.example.org' is not allowed" in failed.message
    assert len(remote.requests) == 1


def test_http_is_never_allowed_for_references(remote: Any) -> None:
    reference = f"http://docs.example.org:{remote.port}/common.json"
    found, node = referring(remote, reference)
    assert failure(found, node).code == "reference-remote"


@pytest.mark.parametrize(
    "reference",
    [
        "https://docs.example.org:PORT@evil.test/x.json",
        "https://evil.test\\@docs.example.org:PORT/x.json",
        "https://docs.example.org:PORT\\.evil.test/x.json",
        "https://user@docs.example.org:PORT/common.json",
    ],
)
def test_urls_that_two_parsers_read_differently_are_not_fetched(
    remote: Any, reference: str
) -> None:
    found, node = referring(remote, reference.replace("PORT", str(remote.port)))
    assert failure(found, node).code in ("reference-remote", "reference-unreadable")
    assert remote.requests == []


def test_files_beside_the_document_are_found_in_its_folder_not_on_the_host(tmp_path: Path) -> None:
    """`$id` and `$self` name a place on the web; what is read is the file beside the document."""
    (tmp_path / "tag.json").write_text('{"type": "string"}')
    given = {"A": {"$id": "https://docs.example.org/schemas/a", "$ref": "tag.json"}}
    (tmp_path / "shop.json").write_text(
        json.dumps(tree(openapi="3.1.0", components={"schemas": given}))
    )
    found = read(load(str(tmp_path / "shop.json"), Report()), Report())
    assert found.resolve(at(found, "components", "schemas", "A")).value == {"type": "string"}


def test_fetching_is_the_only_road_to_a_socket() -> None:
    """Nothing else in the room imports what can connect."""
    rooms = Path(library.__file__).parent
    for path in rooms.rglob("*.py"):
        text = path.read_text()
        if path.name != "fetch.py":
            assert "import socket" not in text, path.name
            assert "httpx" not in text.replace("httpx's", ""), path.name
            assert "urllib.request" not in text, path.name
