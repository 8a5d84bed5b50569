"""Security: schemes, who asks for which, the names of credentials, and what stays hidden."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.lower.lowering import STRING, Result, lowered, parameter, tree

API_KEY = {"type": "apiKey", "in": "header", "name": "X-Api-Key"}
BEARER = {"type": "http", "scheme": "bearer"}
BASIC = {"type": "http", "scheme": "Basic"}
CLIENT = {
    "type": "oauth2",
    "flows": {
        "clientCredentials": {
            "tokenUrl": "https://auth.example.org/token",
            "scopes": {"read": "", "write": ""},
        }
    },
}
IMPLICIT = {
    "type": "oauth2",
    "flows": {"implicit": {"authorizationUrl": "https://auth.example.org", "scopes": {}}},
}
OPENID = {"type": "openIdConnect", "openIdConnectUrl": "https://auth.example.org/.well-known"}


def secured(
    schemes: dict[str, Any], security: object, operation: dict[str, Any] | None = None
) -> Result:
    paths = {"/x": {"get": operation or {}}, "/y": {"get": {}}}
    return lowered(
        tree(paths, components={"securitySchemes": schemes}, security=security),
    )


def credentials(result: Result) -> dict[str, tuple[str, ...]]:
    return {scheme.name: scheme.credentials for scheme in result.api.schemes}


@pytest.mark.parametrize(
    ("scheme", "kind", "expected"),
    [
        (API_KEY, "apiKey", ("api_key",)),
        (BEARER, "bearer", ("token",)),
        (BASIC, "basic", ("username", "password")),
        (CLIENT, "oauth2", ("token", "client_id", "client_secret")),
        (IMPLICIT, "oauth2", ("token",)),
        (OPENID, "openIdConnect", ("token",)),
        ({"type": "http", "scheme": "Negotiate"}, "http", ("token",)),
    ],
)
def test_credentials_of_a_lone_scheme(
    scheme: dict[str, Any], kind: str, expected: tuple[str, ...]
) -> None:
    result = secured({"main": scheme}, [{"main": []}])
    assert credentials(result) == {"main": expected}
    assert result.api.schemes[0].kind == kind
    assert result.api.security == (("main",),)


def test_mutual_tls_takes_no_credentials() -> None:
    value = tree(
        {"/x": {"get": {}}},
        version="3.1.0",
        components={"securitySchemes": {"tls": {"type": "mutualTLS"}}},
        security=[{"tls": []}],
    )
    assert credentials(lowered(value)) == {"tls": ()}


def test_schemes_that_share_a_word_are_called_by_their_own_names() -> None:
    schemes = {
        "apiKeyAuth": API_KEY,
        "appKeyAuth": {"type": "apiKey", "in": "query", "name": "app"},
        "userToken": BEARER,
        "OAuth2": CLIENT,
        "login": BASIC,
    }
    result = secured(schemes, [{name: []} for name in schemes])
    assert credentials(result) == {
        "apiKeyAuth": ("api_key_auth",),
        "appKeyAuth": ("app_key_auth",),
        "userToken": ("user_token",),
        "OAuth2": ("oauth2", "oauth2_client_id", "oauth2_client_secret"),
        "login": ("username", "password"),
    }


def test_credentials_never_take_a_keyword_of_the_constructor() -> None:
    schemes = {
        "timeout": API_KEY,
        "base-url": {"type": "apiKey", "in": "query", "name": "k"},
        "class": {"type": "apiKey", "in": "cookie", "name": "k"},
    }
    found = credentials(secured(schemes, [{name: []} for name in schemes]))
    assert found == {"timeout": ("timeout_",), "base-url": ("base_url_",), "class": ("class_",)}


def test_only_schemes_in_use_are_kept() -> None:
    result = secured({"used": API_KEY, "unused": BEARER}, [{"used": []}])
    assert list(credentials(result)) == ["used"]
    paths: dict[str, Any] = {"/x": {"get": {"security": []}}}
    nobody = lowered(
        tree(paths, components={"securitySchemes": {"key": API_KEY}}, security=[{"key": []}])
    )
    assert (nobody.api.schemes, nobody.api.security) == ((), ())


def test_operation_security_replaces_the_documents() -> None:
    schemes = {"key": API_KEY, "token": BEARER}
    default: list[dict[str, Any]] = [{"key": []}, {"token": []}]

    def of(own: object) -> object:
        return secured(schemes, default, {"security": own}).api.operations[0].security

    assert of([]) == ()
    assert of([{}]) == ((),)
    assert of([{"token": []}, {}]) == (("token",), ())
    assert of([{"key": [], "token": []}]) == (("key", "token"),)
    assert secured(schemes, default).api.operations[0].security == (("key",), ("token",))


def test_unknown_scheme_is_treated_as_absent() -> None:
    result = secured({"key": API_KEY}, [{"nope": []}, {"key": [], "gone": []}])
    assert result.api.security == (("key",),)
    assert len(result.said("security-unknown")) == 2
    assert secured({}, [{"nope": []}]).api.operations[0].security == ()


@pytest.mark.parametrize(
    "scheme",
    [
        {"type": "apiKey", "in": "header", "name": "X-Key\r\nX-Evil: 1"},
        {"type": "apiKey", "in": "body", "name": "k"},
        {"type": "apiKey", "in": "header"},
        {"type": "http"},
        {"type": "http", "scheme": "bea rer"},
        {"type": "magic"},
    ],
)
def test_malformed_scheme_is_left_out(scheme: dict[str, Any]) -> None:
    result = secured({"main": scheme}, [{"main": []}])
    assert result.api.schemes == ()
    assert [operation.security for operation in result.api.operations] == [(), ()]
    assert [each for each in result.report if each.severity.label == "warning"]


def test_requirements_of_other_shapes_are_read_as_what_they_mean() -> None:
    result = secured({"key": API_KEY}, ["key", {"key": "all"}])
    assert result.api.security == (("key",),)
    assert "field-type" in result.codes
    dangling = {"$ref": "#/components/securitySchemes/nope"}
    assert secured({"key": dangling}, [{"key": []}]).api.schemes == ()


def test_relative_token_url_is_left_to_the_base_url() -> None:
    flow = {"tokenUrl": "/oauth/token", "scopes": {}}
    scheme = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    result = secured({"oauth": scheme}, [{"oauth": []}])
    assert result.api.schemes[0].token_url == "/oauth/token"


def test_scopes_in_use_are_asked_for() -> None:
    operation = {"security": [{"oauth": ["write", "read"]}]}
    result = secured({"oauth": CLIENT}, [{"oauth": ["read"]}], operation)
    scheme = result.api.schemes[0]
    assert sorted(scheme.scopes) == ["read", "write"]
    assert scheme.token_url == "https://auth.example.org/token"


@pytest.mark.parametrize(
    "url",
    [
        "http://auth.example.org/token",
        "https://169.254.169.254/token",
        "https://u:p@auth.example.org/token",
        "file:///token",
    ],
)
def test_token_url_must_be_https_and_public(url: str) -> None:
    flow = {"tokenUrl": url, "scopes": {}}
    scheme = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    result = secured({"oauth": scheme}, [{"oauth": []}])
    assert result.api.schemes[0].token_url == ""
    assert result.api.schemes[0].credentials == ("token",)
    assert "token-url" in result.codes


# --- credentials among the parameters -----------------------------------------------------------


def test_credentials_never_become_arguments() -> None:
    operation = {
        "parameters": [
            parameter("x-api-key", "header"),
            parameter("X-Api-Key", "query"),
            parameter("Authorization", "header"),
            parameter("Host", "header"),
            parameter("Content-Type", "header"),
            parameter("Cookie", "header"),
            parameter("X-Trace", "header"),
        ]
    }
    result = secured({"key": API_KEY}, [{"key": []}], operation)
    arguments = result.api.operations[0].arguments
    assert [(each.wire, each.place) for each in arguments] == [("X-Trace", "header")]


def test_required_credential_parameter_is_a_demand_for_its_scheme() -> None:
    query_key = {"type": "apiKey", "in": "query", "name": "key"}
    operation = {"security": [], "parameters": [parameter("key", "query", required=True)]}
    result = secured({"main": query_key}, [{"main": []}], operation)
    assert result.api.operations[0].arguments == ()
    assert result.api.operations[0].security == (("main",),)


def test_credential_of_a_scheme_that_nothing_asks_for_is_sent_where_the_client_has_it() -> None:
    operation = {"parameters": [parameter("X-Api-Key", "header", STRING)]}
    result = secured({"key": API_KEY}, [], operation)
    assert result.api.operations[0].arguments == ()
    assert result.api.operations[0].security == (("key",), ())
    assert result.api.operations[1].security == ()
    assert credentials(result) == {"key": ("api_key",)}


def test_a_scheme_that_neither_an_operation_nor_a_parameter_has_is_none() -> None:
    odd = {"type": "apiKey", "in": "nowhere", "name": "x"}
    result = secured({"key": API_KEY, "odd": odd}, [], {})
    assert result.api.schemes == ()
    assert result.codes == []
