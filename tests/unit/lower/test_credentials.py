"""Arguments that are credentials: which are, which are not, and how the user decides otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.lower.lowering import Result, body, lowered, parameter, tree

STRING: dict[str, Any] = {"type": "string"}
KEY = {"type": "apiKey", "in": "header", "name": "SHOP-CLIENT-ID"}
BEARER = {"type": "http", "scheme": "bearer"}


def made(
    *parameters: Any,
    members: dict[str, Any] | None = None,
    needed: tuple[str, ...] = (),
    path: str = "/orders",
    method: str = "post",
    schemes: Any = None,
    security: Any = (),
    media_type: str = "application/json",
    **operation: Any,
) -> Result:
    operation |= {"parameters": list(parameters)}
    if members is not None:
        schema = {"type": "object", "properties": members, "required": list(needed)}
        operation["requestBody"] = body({media_type: {"schema": schema}}, required=True)
    components = {"securitySchemes": schemes or {}}
    paths = {path: {method: operation}}
    return lowered(tree(paths, components=components, security=list(security)))


def shown(result: Result) -> list[str]:
    return [each.wire for each in result.only.arguments]


def bound(result: Result) -> dict[str, str]:
    """What each argument that no tool has is bound to."""
    return {each.argument.wire: each.name or f"scheme {each.scheme}" for each in result.only.bound}


def said(text: str) -> dict[str, Any]:
    return {"type": "string", "description": text}


# --- by name and words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wire", "words", "name"),
    [
        ("key", "API key. Your API key identifies your project.", "api_key"),
        ("token", "Authentication token. Requires scope: `chat:write`", "token"),
        ("access_token", "OAuth access token.", "access_token"),
        ("accessToken", "The access token of the session", "access_token"),
        ("api_key", "Your API key", "api_key"),
        ("client_secret", "The client secret", "client_secret"),
        ("X-Auth-Token", "", "auth_token"),
        ("apikey", "", "api_key"),
        ("X-Shop-Access-Token", "", "shop_access_token"),
        ("secret", "Your API secret, found in the dashboard", "secret"),
    ],
)
@pytest.mark.parametrize("place", ["query", "header", "cookie"])
def test_credentials_by_name_and_words(wire: str, words: str, name: str, place: str) -> None:
    result = made(parameter(wire, place, description=words))
    assert shown(result) == []
    assert bound(result) == {wire: name}
    assert [(each.name, each.secret) for each in result.api.bindings] == [(name, True)]
    (message,) = result.said("credential-recognised")
    assert message == (
        f"{place} argument {wire!r} looks like a credential: it is {name!r} of the client"
    )


@pytest.mark.parametrize(
    ("wire", "words"),
    [
        ("page_token", "The token of the next page"),
        ("pageToken", "Authentication is not needed for this token"),
        ("key", "The key to look up"),
        ("key", ""),
        ("secret", "The secret word of the quiz"),
        ("token", "The token to translate"),
        ("client_token", "A client token that makes the request idempotent"),
        ("password", "The password of the new user"),
        ("device_token", "The access token of the device"),
        ("author", "Who wrote it"),
        ("captcha_token", "The token of the captcha"),
    ],
)
def test_what_only_sounds_like_one_is_shown(wire: str, words: str) -> None:
    for result in (
        made(parameter(wire, "query", description=words)),
        made(members={wire: said(words), "other": STRING}),
    ):
        assert wire in shown(result)
        assert result.codes.count("credential-recognised") == 0


@pytest.mark.parametrize("schema", [{"type": "integer"}, {"type": "string", "enum": ["a", "b"]}])
def test_only_free_text_is_a_credential(schema: Any) -> None:
    result = made(parameter("token", "query", schema, description="Authentication token"))
    assert shown(result) == ["token"]


@pytest.mark.parametrize(
    ("path", "method", "wire", "words"),
    [
        ("/oauth/revoke", "post", "token", "The access token to revoke"),
        ("/tokens/{token}", "delete", "token", "The API token"),
        ("/applications/{client_id}/token", "post", "access_token",
         "The OAuth access token used to authenticate to the API."),
        ("/users/{id}/keys", "post", "key", "The API key"),
        ("/login", "post", "password", "The password to authenticate with"),
        ("/oauth/token", "post", "client_secret", "The client secret"),
    ],
)  # fmt: skip
def test_what_an_operation_is_about_is_shown(path: str, method: str, wire: str, words: str) -> None:
    result = made(members={wire: said(words), "other": STRING}, path=path, method=method)
    assert wire in shown(result)


@pytest.mark.parametrize(
    ("path", "wire", "words"),
    [
        ("/transactions/refresh", "access_token", "The access token of the item"),
        ("/applications", "api_secret", "Find your API secret in your account overview"),
    ],
)
def test_what_only_sounds_like_a_subject_is_none(path: str, wire: str, words: str) -> None:
    result = made(members={wire: said(words), "other": STRING}, path=path)
    assert shown(result) == ["other"]


def test_the_requests_own_credential_is_hidden_whatever_it_is_about() -> None:
    words = "Authentication token. Requires scope: `tokens:write`"
    result = made(parameter("token", "query", description=words), path="/auth.revoke")
    assert shown(result) == []


# --- by schemes -----------------------------------------------------------------------------------

BOTH = {
    "clientId": KEY,
    "secret": {"type": "apiKey", "in": "header", "name": "SHOP-SECRET"},
}
IN_BODY = {
    "client_id": said("Your client id. May be given in the `SHOP-CLIENT-ID` header or the body."),
    "secret": said("Your secret. May be given in the `SHOP-SECRET` header or the body."),
    "name": STRING,
}


def test_a_member_that_repeats_what_a_header_carries_goes() -> None:
    asked: Any = [{"clientId": [], "secret": []}]
    result = made(members=IN_BODY, needed=("name",), schemes=BOTH, security=asked)
    assert shown(result) == ["name"]
    assert bound(result) == {}
    assert len(result.said("credential-hidden")) == 2
    assert result.only.security == (("clientId", "secret"),)


@pytest.mark.parametrize("media_type", ["application/json", "application/x-www-form-urlencoded"])
def test_a_member_that_must_be_there_is_sent_from_the_same_credential(media_type: str) -> None:
    asked: Any = [{"clientId": [], "secret": []}]
    needed = ("name", "client_id")
    result = made(
        members=IN_BODY, needed=needed, schemes=BOTH, security=asked, media_type=media_type
    )
    assert shown(result) == ["name"]
    assert bound(result) == {"client_id": "scheme clientId"}
    assert result.api.bindings == ()


def test_a_member_of_an_operation_that_asks_for_nothing_is_sent_from_the_scheme() -> None:
    result = made(members=IN_BODY, needed=("name",), schemes=BOTH)
    assert bound(result) == {"client_id": "scheme clientId", "secret": "scheme secret"}
    assert [each.name for each in result.api.schemes] == ["clientId", "secret"]


@pytest.mark.parametrize("place", ["query", "header"])
def test_a_token_is_that_of_the_scheme_of_tokens(place: str) -> None:
    words = "Authentication token. Requires scope: `chat:write`"
    token = parameter("token", place, description=words)
    asked: Any = [{"main": []}]
    needed = made({**token, "required": True}, schemes={"main": BEARER}, security=asked)
    assert bound(needed) == {"token": "scheme main"}
    spare = made(token, schemes={"main": BEARER}, security=asked)
    assert bound(spare) == {}
    assert shown(spare) == []


def test_a_token_in_a_body_is_anybodys() -> None:
    words = "The access token of the page"
    result = made(
        members={"access_token": said(words), "name": STRING},
        schemes={"main": BEARER},
        security=[{"main": []}],
    )
    assert bound(result) == {"access_token": "access_token"}


def test_a_credential_never_takes_the_name_of_a_schemes() -> None:
    key = parameter("api_key", "query", description="Your API key")
    scheme = {"type": "apiKey", "in": "header", "name": "X-Shop"}
    result = made(key, schemes={"main": scheme}, security=[{"main": []}])
    assert bound(result) == {"api_key": "api_key_query"}
    assert [each.credentials for each in result.api.schemes] == [("api_key",)]


def test_a_parameter_that_one_way_in_lacks_is_sent_where_the_client_has_it() -> None:
    key = {"type": "apiKey", "in": "query", "name": "k"}
    schemes = {"key": key, "login": BEARER}
    optional = made(parameter("k", "query"), schemes=schemes, security=[{"login": []}])
    assert optional.only.security == (("login", "key"), ("login",))
    needed = made(parameter("k", "query", required=True), schemes=schemes, security=[{"login": []}])
    assert needed.only.security == (("login", "key"),)


# --- what the user says ---------------------------------------------------------------------------


def test_the_user_decides() -> None:
    words: dict[str, Any] = {"description": "API key"}
    shown_ = made(parameter("api_key", "query", **words, **{"x-toolbind": {"credential": False}}))
    assert shown(shown_) == ["api_key"]
    assert shown_.codes == []
    said_ = made(parameter("api_key", "query", **words, **{"x-toolbind": {"credential": True}}))
    assert bound(said_) == {"api_key": "api_key"}
    assert said_.codes == []
    own = made(parameter("api_key", "query", **words, **{"x-toolbind": {"bind": "shop_key"}}))
    assert bound(own) == {"api_key": "shop_key"}
    assert own.codes == []
    member = made(
        members={"secret": {**said("Your API secret"), "x-toolbind": {"credential": False}}}
    )
    assert shown(member) == ["secret"]
