"""Servers: which URL requests go to, and which URLs are refused that honour."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.diagnostics import DocumentError
from toolbind.lower.document import urls

from tests.unit.lower.lowering import Result, lowered, tree


def served(servers: object, *, url: str = "", **options: Any) -> Result:
    return lowered(tree({"/x": {"get": {}}}, servers=servers), url=url, **options)


def base(result: Result) -> str | None:
    return result.api.servers[0].url if result.api.servers else None


def with_variable(url: str, default: object) -> dict[str, Any]:
    return {"url": url, "variables": {"v": {"default": default}}}


@pytest.mark.parametrize(
    ("server", "url"),
    [
        ({"url": "https://api.example.org"}, "https://api.example.org"),
        ({"url": "https://API.example.org:443/v1/"}, "https://api.example.org/v1"),
        ({"url": "https://api.example.org:8443/a b"}, ""),
        ({"url": "https://api.example.org/ü"}, "https://api.example.org/%C3%BC"),
        (with_variable("https://{v}.example.org", "eu"), "https://eu.example.org"),
        (with_variable("{v}/v1", "https://x.example.org"), "https://x.example.org/v1"),
        (with_variable("https://x.example.org:{v}", 8443), "https://x.example.org:8443"),
        ({"url": "//api.example.org/v2"}, "https://api.example.org/v2"),
        ({"url": "/v2"}, "/v2"),
        ({"url": "/"}, ""),
        ({"url": "api.example.org"}, ""),
    ],
)
def test_server_url(server: object, url: str) -> None:
    assert base(served([server])) == url


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("/v2", "https://docs.example.org/v2"),
        ("v2", "https://docs.example.org/specs/v2"),
        ("../v2", "https://docs.example.org/v2"),
        ("https://api.example.org", "https://api.example.org"),
    ],
)
def test_relative_server_is_resolved_against_the_documents_url(url: str, found: str) -> None:
    result = served([{"url": url}], url="https://docs.example.org/specs/api.json")
    assert base(result) == found


def test_without_servers_the_documents_own_host_serves() -> None:
    assert base(served([], url="https://docs.example.org/specs/api.json")) == (
        "https://docs.example.org"
    )
    nowhere = served([])
    assert base(nowhere) is None
    assert "server-none" in nowhere.codes


@pytest.mark.parametrize(
    "url",
    [
        "https://user:secret@api.example.org",
        "https://user@api.example.org",
        "https://api.example.org/#x",
        "https://api.example.org/?key=1",
        "https://api.example.org?",
        "ftp://api.example.org",
        "https://1.2.3.4.5",
        "https://api.example.org.1",
        "https://0000000000000000999.0.0.1",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://api.example.org/../admin",
        "https://api.example.org/%2e%2e/admin",
        "https://api.example.org\\@evil.example",
        "https://api.example.org/a\r\nX: y",
        "https://api.example.org:port",
        "https://api.example.org:99999",
        "https:///v1",
        "https://{undefined}.example.org",
        "/v1?key=1",
        "/v1/../admin",
        "//",
        "/a b",
        "https://api.example.org//x",
        "https://аpi.example.org",  # noqa: RUF001  Cyrillic
    ],
)
def test_unusable_server_gives_no_default(url: str) -> None:
    result = served([{"url": url}])
    assert base(result) == ""
    assert "server-unusable" in result.codes
    assert all("\n" not in each.line() for each in result.report)


def test_server_without_a_url_is_left_out() -> None:
    result = served([{"description": "nowhere"}, {"url": "https://api.example.org"}])
    assert base(result) == "https://api.example.org"
    assert "server-malformed" in result.codes


def test_variable_cannot_smuggle_in_another_host() -> None:
    server = {
        "url": "https://api.example.org/{path}",
        "variables": {"path": {"default": "..//evil.example/#"}},
    }
    assert base(served([server])) == ""


def test_default_outside_of_the_enum_gives_way_to_the_enum() -> None:
    server = {
        "url": "https://{host}.example.org",
        "variables": {"host": {"default": "evil", "enum": ["eu", "us"]}},
    }
    result = served([server])
    assert base(result) == "https://eu.example.org"
    assert "server-variable" in result.codes


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "api.localhost",
        "metadata.google.internal",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[fd00::1]",
        "[fe80::1]",
        "0000000000000000177.0.0.1",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
    ],
)
def test_private_hosts_are_no_default(host: str) -> None:
    result = served([{"url": f"http://{host}/v1"}])
    assert base(result) == ""
    assert "server-private" in result.codes


@pytest.mark.parametrize(
    "host", ["api.example.org", "8.8.8.8", "shop.local", "1.2.3.4.example", "[2606:4700::1111]"]
)
def test_public_hosts_are(host: str) -> None:
    assert base(served([{"url": f"https://{host}"}])) == f"https://{host}"


def test_plain_http_is_said() -> None:
    result = served([{"url": "http://api.example.org"}])
    assert base(result) == "http://api.example.org"
    assert "server-plain-http" in result.codes


SEVERAL = [
    {"url": "https://live.example.org", "description": "Production"},
    {"description": "Test", **with_variable("https://{v}.example.org", "t")},
]


@pytest.mark.parametrize(
    ("choice", "url"),
    [
        ("", "https://live.example.org"),
        ("0", "https://live.example.org"),
        ("1", "https://t.example.org"),
        ("test", "https://t.example.org"),
        ("https://{v}.example.org", "https://t.example.org"),
        ("https://t.example.org/", "https://t.example.org"),
    ],
)
def test_one_of_several_is_chosen(choice: str, url: str) -> None:
    assert base(served(SEVERAL, server=choice)) == url


def test_the_chosen_server_stands_first_and_the_others_are_listed() -> None:
    api = served(SEVERAL, server="1").api
    assert [server.url for server in api.servers] == [
        "https://t.example.org",
        "https://live.example.org",
    ]
    assert api.servers[0].description == "Test"


@pytest.mark.parametrize("choice", ["2", "staging", "https://other.example.org"])
def test_a_server_that_is_not_there_refuses(choice: str) -> None:
    with pytest.raises(DocumentError) as refused:
        served(SEVERAL, server=choice)
    assert refused.value.diagnostic.code == "server-choice"


# --- paths and operations with servers of their own ---------------------------------------------


def own(operation: dict[str, Any], item: dict[str, Any] | None = None, **root: Any) -> Result:
    return lowered(tree({"/x": {"get": operation, **(item or {})}}, **root))


@pytest.mark.parametrize(
    ("choice", "server"), [("https://b.example", None), ("2", "https://a.example")]
)
def test_a_choice_by_name_holds_for_operations_and_one_by_number_does_not(
    choice: str, server: str | None
) -> None:
    own = [{"url": "https://a.example"}, {"url": "https://b.example"}]
    document = tree({"/x": {"get": {"servers": own}}})
    document["servers"] = [{"url": "https://c.example"}, *own]
    found = lowered(document, server=choice).only.server
    assert found == server


def test_operation_level_wins_over_path_level() -> None:
    result = own(
        {"servers": [{"url": "https://op.example.org"}]},
        {"servers": [{"url": "https://path.example.org"}]},
    )
    assert result.only.server == "https://op.example.org"
    result = own({}, {"servers": [{"url": "https://path.example.org"}]})
    assert result.only.server == "https://path.example.org"
    assert "server-other-origin" in result.codes


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("https://api.example.org/v1", None),
        ("https://api.example.org/v2", "/v2"),
        ("https://API.example.org:443", "/"),
        ("/v2", "/v2"),
        ("https://files.example.org", "https://files.example.org"),
    ],
)
def test_same_origin_is_a_path_and_the_base_itself_is_nothing(url: str, server: str | None) -> None:
    assert own({"servers": [{"url": url}]}).only.server == server


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://169.254.169.254", "server-private"), ("https://u@x.example.org", "server-unusable")],
)
def test_operation_with_a_forbidden_server_is_skipped(url: str, code: str) -> None:
    api = lowered(
        tree({"/x": {"get": {}}, "/y": {"get": {"servers": [{"url": url}]}}}),
    ).api
    assert [each.path for each in api.skipped] == ["/y"]
    assert api.skipped[0].code == code
    assert api.skipped[0].place.pointer == "#/paths/~1y/get/servers/0"


def test_a_document_without_servers_takes_the_one_that_its_paths_agree_on() -> None:
    item = {"get": {}, "servers": [{"url": "https://all.example.org/v1"}]}
    value = tree({"/x": dict(item), "/y": dict(item)})
    del value["servers"]
    result = lowered(value)
    assert base(result) == "https://all.example.org/v1"
    assert [operation.server for operation in result.api.operations] == [None, None]
    assert "server-other-origin" not in result.codes


def test_private_base_and_operations_below_it_stay_together() -> None:
    servers = [{"url": "http://localhost:8000"}]
    result = own({"servers": [{"url": "http://localhost:8000/v2"}]}, servers=servers)
    assert base(result) == ""
    assert result.only.server == "/v2"


URLS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "http",
                "https",
                "://",
                "//",
                "a.b",
                "@",
                ":",
                "8",
                "/",
                "..",
                "%2e",
                "\\",
                "?",
                "#",
                "[::1]",
                "[",
                "]",
                "127.1",
                " ",
                "\n",
                "\x00",
                "ü",
                "\ud800",
                "%",
                "{",
                ";",
                "xn--a",
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=10,
).map("".join)


@given(st.one_of(URLS, URLS.map("https://".__add__), URLS.map("https://a.b/".__add__)))
def test_any_url_is_refused_or_normal(text: str) -> None:
    try:
        url = urls.parse(text)
    except urls.UrlError:
        return
    assert urls.parse(str(url)) == url
    assert str(url).isascii()
    assert str(url).isprintable()
    assert not set(str(url)) & set('?#\\ "<>')
    assert "@" not in url.origin
    assert not str(url).endswith("/")
    assert urlsplit(str(url)).hostname == url.host


@pytest.mark.parametrize("text", ["https://a.b/%zz", "https://a.b/x//y"])
def test_url_is_normalised_once(text: str) -> None:
    url = str(urls.parse(text))
    assert str(urls.parse(url)) == url
