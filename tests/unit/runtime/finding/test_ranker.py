"""What is found, in which order, and when nothing is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind_runtime.finding.ranker import Finder

from tests.unit.runtime.finding.shop import SHOP, first, made, names, shop


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("list orders", "orders_list"),
        ("ordersList", "orders_list"),
        ("orders_create", "orders_create"),
        ("/orders/{order_id}/items", "order_items_list"),
        ("which orders are there?", "orders_list"),
        ("get rid of order 17", "orders_delete"),
        ("remove a customer", "customers_delete"),
        ("change order 3", "orders_update"),
        ("place a new order", "orders_create"),
        ("create web hook", "webhooks_create"),
        ("make a webhook", "webhooks_create"),
        ("check runs", "checkruns_list"),
        ("list repos", "repositories_list"),
        ("shut the ticket", "issues_close"),
        ("organise my invoices", "invoices_organize"),
        ("find a custmer", "customers_search"),
        ("customers by phone number", "customers_list"),
        ("what was returned", "orders_list"),
        ("who am I", "me_get"),
        ("money that we gave back: refunds", "refunds_list"),
        ("城市天气", "zh_tianqi"),
    ],
)
def test_people_and_models_find_what_they_mean(query: str, name: str) -> None:
    assert first(query) == name


@pytest.mark.parametrize(
    "query",
    [
        "what's the weather in Zurich tomorrow",
        "tell me a joke",
        "hi there, how are you?",
        "book a flight to Berlin",
        "1234 5678",
        '"orders"@example.com',
        "火星旅行",
    ],
)
def test_nothing_is_found_where_nothing_fits(query: str) -> None:
    found = shop().search(query)
    assert (found.fits, found.hits) == (False, ())


@pytest.mark.parametrize(
    "query",
    ["", " ", "x", "\x00\x01\x02\x1b", "{}", "???", "\ud800", "🍕", "the of and", "=" * 100_000],
)
def test_a_query_that_says_nothing_finds_nothing(query: str) -> None:
    assert not shop().search(query).hits


def test_a_query_of_100_kb_is_answered_by_its_beginning() -> None:
    finder = shop()
    assert names(finder, "list orders " + "blah " * 20_000)[:1] in ([], ["orders_list"])
    assert names(finder, "list orders " * 9_000)[0] == "orders_list"


def test_a_value_in_quotes_or_an_address_is_not_looked_up() -> None:
    assert first('create an order "refunds list" for refunds@customers.example') == "orders_create"


def test_a_name_inside_a_sentence_is_no_sign_that_nothing_fits() -> None:
    assert first("delete the order of Aloysius Pfefferkorn-Zwingli") == "orders_delete"
    assert not shop().search("delete the pfefferkorn of aloysius zwingli").fits


def test_an_owner_s_name_with_a_slash_is_no_sign_that_nothing_fits() -> None:
    assert first("which orders has torvalds/linux") == "orders_list"
    assert not shop().search("fly torvalds/linux to the moon").fits


def test_who_gives_the_identifier_comes_with_who_needs_it() -> None:
    hits = {hit.name: hit for hit in shop().search("delete a customer").hits}
    assert hits["customers_search"].gives == "customers_delete"
    assert hits["customers_delete"].gives == ""


def test_what_two_parts_of_a_request_need_are_both_found() -> None:
    assert {"customers_search", "orders_create"} <= set(
        names(shop(), "look up the customer and create an order")[:4]
    )


def test_near_duplicates_leave_room_for_others_and_are_named() -> None:
    owners = [
        made(f"{owner}_notes_list", "GET", f"/{owner}/{{id}}/notes", "List notes.")
        for owner in ("users", "groups", "sites", "teams", "rooms")
    ]
    other = made("notes_delete", "DELETE", "/notes/{note_id}", "Delete a note.")
    hits = Finder([*owners, other]).search("list notes", 3).hits
    assert [hit.name for hit in hits][2] == "notes_delete"
    assert len(hits[0].alike) == 3


def test_hits_say_where_they_go_and_scores_fall() -> None:
    hits = shop().search("list orders").hits
    assert (hits[0].method, hits[0].path) == ("GET", "/orders")
    ranked = [hit.score for hit in hits if not hit.gives]
    assert ranked == sorted(ranked, reverse=True)


def test_a_shortlist_holds_the_best_even_where_nothing_fits() -> None:
    found = shop().shortlist("an order of two large pizzas with extra cheese tonight", 3)
    assert not found.fits
    assert len(found.hits) == 3


def test_no_tools_no_hits() -> None:
    assert Finder([]).search("list orders").hits == ()


def test_the_order_of_tools_does_not_decide() -> None:
    shuffled = list(SHOP)
    random.Random(4).shuffle(shuffled)
    for query in ("list orders", "delete customer", "webhook", "refund an order"):
        assert names(Finder(shuffled), query) == names(shop(), query)


@given(st.text(max_size=400), st.integers(0, 12))
def test_any_text_is_answered_with_at_most_so_many_hits(text: str, most: int) -> None:
    found = shop().search(text, most)
    assert len(found.hits) <= most
    assert found.fits or not found.hits


@given(st.lists(st.sampled_from([entry.name for entry in SHOP]), min_size=1, max_size=1))
def test_every_tool_is_found_by_its_name(picked: list[str]) -> None:
    assert picked[0] in names(shop(), picked[0])
