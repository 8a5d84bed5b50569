"""Names: how they read, that they are valid and unique, and that nothing unrelated moves them."""

from __future__ import annotations

import builtins
import inspect
import keyword
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from toolbind.lower.document.names import (
    ARGUMENTS,
    CREDENTIALS,
    NAME_LIMIT,
    OPERATIONS,
    RESERVED_CREDENTIALS,
    RESERVED_METHODS,
    TYPES,
    Scope,
    Wanted,
    assign,
    identifier,
    pascal_case,
    snake_case,
)
from toolbind_runtime import AsyncClient, SyncClient

VALID = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
SCOPES = {
    "operations": OPERATIONS,
    "arguments": ARGUMENTS,
    "credentials": CREDENTIALS,
    "types": TYPES,
}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("listPets", "list_pets"),
        ("HTTPServer", "http_server"),
        ("listV2Pets", "list_v2_pets"),
        ("getURLs", "get_urls"),
        ("getURLsForPet", "get_urls_for_pet"),
        ("userIDs", "user_ids"),
        ("getUserByID", "get_user_by_id"),
        ("repos/list-for-org", "repos_list_for_org"),
        ("pets.v1.list", "pets_v1_list"),
        ("GET_AddTags", "get_add_tags"),
        ("getOAuthToken", "get_oauth_token"),
        ("OAuth2Token", "oauth2_token"),
        ("v1beta1Thing", "v1beta1_thing"),
        ("s3Bucket", "s3_bucket"),
        ("IPv4Address", "ipv4_address"),
        ("X-Api-Version", "x_api_version"),
        ("filter[name]", "filter_name"),
        ("StartTime<", "start_time_lt"),
        ("StartTime>=", "start_time_gte"),
        ("+1", "plus_1"),
        ("-1", "minus_1"),
        ("naïve", "naive"),
        ("\ufb01le", "file"),  # a ligature
        ("créerUnÉlève", "creer_un_eleve"),
        ("already_fine", "already_fine"),
        ("获取", ""),
        ("---", ""),
        ("größe ändern", "grosse_andern"),
        ("Łódź-ærø", "lodz_aero"),
    ],
)
def test_snake_case_reads_well(text: str, name: str) -> None:
    assert snake_case(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pet", "Pet"),
        ("HTTPServer", "HTTPServer"),
        ("pet-store.v1", "PetStoreV1"),
        ("snake_case_thing", "SnakeCaseThing"),
        ("Élève", "Eleve"),
    ],
)
def test_pascal_case_keeps_inner_capitals(text: str, name: str) -> None:
    assert pascal_case(text) == name


@pytest.mark.parametrize(
    ("text", "scope", "name"),
    [
        ("class", OPERATIONS, "class_"),
        ("print", OPERATIONS, "print"),
        (
            "\uff50\uff52\uff49\uff4e\uff54",
            OPERATIONS,
            "print",
        ),  # Python folds it to print as well
        ("types", OPERATIONS, "types_"),
        ("match", OPERATIONS, "match"),
        ("2faEnable", OPERATIONS, "op_2fa_enable"),
        ("3DModel", TYPES, "Type3DModel"),
        ("list", OPERATIONS, "list_"),  # annotations are made of it
        ("self", ARGUMENTS, "self"),
        ("from", ARGUMENTS, "from"),
        ("type", ARGUMENTS, "type"),
        ("base_url", ARGUMENTS, "base_url"),
        ("base_url", CREDENTIALS, "base_url_"),
        ("Exception", TYPES, "Exception_"),
        ("__init__", OPERATIONS, "init"),
        ("123", OPERATIONS, ""),
    ],
)
def test_identifier_avoids_what_is_reserved(text: str, scope: Scope, name: str) -> None:
    assert identifier(text, scope) == name


def test_long_name_keeps_its_ends_and_a_digest_of_the_whole() -> None:
    one, two = "list" + "Things" * 15 + "One", "list" + "Things" * 15 + "Two"
    names = [identifier(text, OPERATIONS) for text in (one, two)]
    assert len(set(names)) == 2
    for name in names:
        assert len(name) <= NAME_LIMIT
        assert re.fullmatch(r"list(_things)+_(one|two)_[0-9a-f]{8}", name)


def test_clash_goes_to_the_one_that_is_spelt_so_itself() -> None:
    wanted = [
        Wanted(("/r0/{id}", "get"), ("get-user", "get /r0/{id}")),
        Wanted(("/r1/{id}", "get"), ("get_user", "get /r1/{id}")),
        Wanted(("/r2/{id}", "get"), ("getUser", "get /r2/{id}")),
    ]
    assert assign(wanted, OPERATIONS) == ("get_r0_id", "get_user", "get_r2_id")


def test_clash_of_equals_goes_to_the_smaller_identity_whatever_the_order() -> None:
    long = Wanted(("/pets/{id}/toys", "get"), ("read", "get pets toys"))
    short = Wanted(("/toys", "get"), ("read", "get toys"))
    assert assign([long, short], ARGUMENTS) == ("get_pets_toys", "read")
    assert assign([short, long], ARGUMENTS) == ("read", "get_pets_toys")


def test_a_digest_settles_what_no_spelling_does() -> None:
    names = assign(
        [Wanted((path, "get"), ("x", "get a b")) for path in ("/a-b", "/a.b", "/a_b")],
        OPERATIONS,
    )
    assert names[0] == "x"
    assert names[1] == "get_a_b"
    assert re.fullmatch(r"get_a_b_[0-9a-f]{8}", names[2])


def test_look_alikes_stay_apart() -> None:
    wanted = [
        Wanted(("/r0",), ("read", "get r0")),
        Wanted(("/r1",), ("r\u0435ad", "get r1")),  # Cyrillic
        Wanted(("/r2",), ("READ", "get r2")),
    ]
    assert assign(wanted, OPERATIONS) == ("read", "r_ad", "get_r2")


def test_equal_identities_are_refused() -> None:
    with pytest.raises(ValueError, match="one identity"):
        assign([Wanted(("a",), ("x",)), Wanted(("a",), ("y",))], OPERATIONS)


# --- properties ---------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(max_size=90),
    st.text(st.sampled_from("aAbB12_-. é/"), max_size=12),
    st.sampled_from([*keyword.kwlist, *dir(builtins), "get", "GET", "Get"]),
)


@st.composite
def wishes(draw: st.DrawFn, size: int = 8) -> list[Wanted]:
    identities = draw(st.lists(TEXTS, min_size=1, max_size=size, unique=True))
    return [
        Wanted((identity,), tuple(draw(st.lists(TEXTS, max_size=3)))) for identity in identities
    ]


@given(wishes(), st.sampled_from(sorted(SCOPES)))
def test_names_are_valid_and_unique_without_case(wanted: list[Wanted], scope: str) -> None:
    names = assign(wanted, SCOPES[scope])
    assert len(names) == len(wanted)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert VALID.fullmatch(name)
        assert len(name) <= SCOPES[scope].limit
        assert not keyword.iskeyword(name) or scope == "arguments"  # methods spell those apart
        assert name not in SCOPES[scope].reserved


@given(wishes(), st.randoms(use_true_random=False))
def test_names_do_not_depend_on_the_order(wanted: list[Wanted], random: object) -> None:
    shuffled = list(wanted)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis hands out a random.Random
    before = dict(zip(wanted, assign(wanted, OPERATIONS), strict=True))
    after = dict(zip(shuffled, assign(shuffled, OPERATIONS), strict=True))
    assert before == after


@given(wishes(), wishes(size=3))
def test_unrelated_neighbours_move_nothing(wanted: list[Wanted], more: list[Wanted]) -> None:
    strangers = [
        Wanted(("new", *each.identity), tuple(f"zq{index} {s}" for s in (*each.spellings, "")))
        for index, each in enumerate(more)
    ]
    mine = {identifier(s, OPERATIONS).casefold() for each in wanted for s in each.spellings}
    theirs = {identifier(s, OPERATIONS).casefold() for each in strangers for s in each.spellings}
    assume(not mine & theirs)
    together = assign([*strangers, *wanted], OPERATIONS)
    assert together[len(strangers) :] == assign(wanted, OPERATIONS)


# --- the reserved names are those of the runtime ------------------------------------------------


def _public(cls: type) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")}


def test_reserved_methods_cover_the_client_classes() -> None:
    attributes = _public(SyncClient) | _public(AsyncClient)
    unguarded = {name for name in attributes if identifier(name, OPERATIONS) == name}
    assert unguarded == set()
    assert {"self", "types"} <= set(RESERVED_METHODS)


def test_reserved_credentials_cover_the_constructors() -> None:
    parameters = {
        name
        for cls in (SyncClient, AsyncClient)
        for name, parameter in inspect.signature(cls.__init__).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD and not name.startswith("_")
    }
    assert parameters - {"credentials"} <= set(RESERVED_CREDENTIALS) | {"self"}
