"""A small API to find things in: what each tool is called, does and takes."""

from __future__ import annotations

from typing import Any

from toolbind_runtime.contract import Tool
from toolbind_runtime.finding.entries import Entry
from toolbind_runtime.finding.ranker import Finder


def made(
    name: str, method: str, path: str, description: str, *tags: str, **arguments: Any
) -> Entry:
    """An entry; `arguments` are schemas, or the choices that one has."""
    properties = {
        key: {"type": "string", "description": key, "enum": value}
        if isinstance(value, list)
        else {"type": "string", "description": key, **value}
        for key, value in arguments.items()
    }
    tool: Tool = {
        "name": name,
        "description": description,
        "parameters": {"type": "object", "properties": properties, "required": []},
    }
    return Entry(name, method, path, tool, tags)


# fmt: off
SHOP = (
    made("orders_list", "GET", "/orders", "List orders. Newest first.", "orders",
         status=["open", "shipped", "returned"]),
    made("orders_create", "POST", "/orders", "Create an order.", "orders", customer_id={}),
    made("orders_get", "GET", "/orders/{order_id}", "Get an order.", "orders", order_id={}),
    made("orders_update", "PATCH", "/orders/{order_id}", "Update an order.", "orders", order_id={}),
    made("orders_delete", "DELETE", "/orders/{order_id}", "Delete an order.", "orders",
         order_id={}),
    made("order_items_list", "GET", "/orders/{order_id}/items", "List the items of an order.",
         "orders", order_id={}),
    made("customers_list", "GET", "/customers", "List customers.", "customers", phone_number={}),
    made("customers_search", "GET", "/search/customers", "Search customers.", "customers",
         query={}),
    made("customers_delete", "DELETE", "/customers/{customer_id}", "Delete a customer.",
         "customers", customer_id={}),
    made("webhooks_create", "POST", "/webhooks", "Create a webhook.", "webhooks", url={}),
    made("checkruns_list", "GET", "/checkruns", "List check runs.", "checks"),
    made("repositories_list", "GET", "/repositories", "List repositories.", "repositories"),
    made("issues_close", "POST", "/issues/{issue_id}/close", "Close an issue.", "issues",
         issue_id={}),
    made("invoices_organize", "POST", "/invoices/organize", "Organize invoices.", "invoices"),
    made("me_get", "GET", "/me", "Get the authenticated user.", "users"),
    made("refunds_list", "GET", "/refunds", "List refunds.", "refunds"),
    made("zh_tianqi", "GET", "/tianqi", "查询城市的天气预报", "天气"),
)
# fmt: on


def shop() -> Finder:
    return Finder(SHOP)


def names(finder: Finder, query: str, most: int = 10) -> list[str]:
    return [hit.name for hit in finder.search(query, most).hits]


def first(query: str) -> str:
    """The best hit in the shop."""
    found = names(shop(), query)
    return found[0] if found else ""
