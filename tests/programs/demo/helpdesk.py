"""A small helpdesk API made with FastAPI: the demo's and the end-to-end tests' real server.

Its own `/openapi.json` is `specs/helpdesk.json`; a test holds the two together. State lives in the
application object, so every test gets a fresh one from `helpdesk()`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, FastAPI, File, Header, HTTPException, Path, Query, UploadFile
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field

API_KEY = "helpdesk-demo-key"
"""The only key that the server takes. It guards nothing but the demo's own data."""


class Status(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    URGENT = "urgent"


class Person(BaseModel):
    id: int
    name: str
    team: str


class NewTicket(BaseModel):
    """What is needed to open a ticket."""

    title: str = Field(min_length=3, max_length=120, description="What is wrong, in one line.")
    text: str = Field(default="", description="Everything that helps to understand it.")
    priority: Priority = Field(
        default=Priority.NORMAL, description="How soon it has to be looked at."
    )
    reporter: int = Field(description="Number of the person who reports it.")
    labels: list[str] = Field(default_factory=list, max_length=5)


class TicketChange(BaseModel):
    """The fields to change; the others stay as they are."""

    status: Status | None = None
    priority: Priority | None = None
    assignee: int | None = Field(default=None, description="Number of a person; null: nobody.")


class Comment(BaseModel):
    author: int = Field(description="Number of the person who writes.")
    text: str = Field(min_length=1)


class Ticket(NewTicket):
    id: int
    status: Status = Status.OPEN
    assignee: int | None = None
    opened: datetime
    comments: list[Comment] = Field(default_factory=list)
    attachments: list[str] = Field(default_factory=list)


class Attachment(BaseModel):
    filename: str
    size: int = Field(description="Size in bytes.")


class Desk:
    """The data of one server."""

    def __init__(self) -> None:
        self.people = [
            Person(id=1, name="Ana Ruiz", team="front office"),
            Person(id=2, name="Ben Osei", team="it"),
            Person(id=3, name="Chen Wei", team="it"),
        ]
        morning = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
        self.tickets = {
            ticket.id: ticket
            for ticket in (
                Ticket(
                    id=41,
                    title="Printer on floor 2 eats paper",
                    priority=Priority.URGENT,
                    reporter=1,
                    labels=["printer"],
                    opened=morning,
                ),
                Ticket(
                    id=42,
                    title="New screen for the front desk",
                    priority=Priority.LOW,
                    reporter=1,
                    opened=morning,
                ),
                Ticket(
                    id=43,
                    title="VPN drops every hour",
                    priority=Priority.URGENT,
                    reporter=3,
                    status=Status.WAITING,
                    assignee=2,
                    labels=["network", "vpn"],
                    opened=morning,
                ),
            )
        }

    def ticket(self, ticket_id: int) -> Ticket:
        if ticket_id not in self.tickets:
            raise HTTPException(404, f"there is no ticket {ticket_id}")
        return self.tickets[ticket_id]

    def person(self, person_id: int) -> Person:
        for person in self.people:
            if person.id == person_id:
                return person
        raise HTTPException(404, f"there is no person {person_id}")


def _named_after_function(route: APIRoute) -> str:
    return route.name


TicketId = Annotated[int, Path(description="Number of the ticket.")]

_KEY = APIKeyHeader(name="X-Helpdesk-Key", scheme_name="helpdesk_key")


def _authorized(given: Annotated[str, Depends(_KEY)]) -> None:
    if given != API_KEY:
        raise HTTPException(401, "the key is not known")


def helpdesk() -> FastAPI:
    """A fresh helpdesk application with its three tickets."""
    desk = Desk()
    app = FastAPI(
        title="Helpdesk",
        version="2.0.0",
        summary="Tickets, the people who report them, and what was said about them.",
        dependencies=[Depends(_authorized)],
        generate_unique_id_function=_named_after_function,
    )

    @app.get("/tickets", tags=["tickets"])
    def list_tickets(
        status: Annotated[list[Status] | None, Query(description="Any of these states.")] = None,
        priority: Annotated[Priority | None, Query(description="Only this priority.")] = None,
        reporter: Annotated[int | None, Query(description="Number of a person.")] = None,
        words: Annotated[str | None, Query(description="Words in the title.")] = None,
        limit: Annotated[int, Query(ge=1, le=50, description="Most tickets to return.")] = 20,
    ) -> list[Ticket]:
        """List tickets, oldest first."""
        found = [
            ticket
            for ticket in desk.tickets.values()
            if (not status or ticket.status in status)
            and (priority is None or ticket.priority is priority)
            and (reporter is None or ticket.reporter == reporter)
            and (words is None or words.lower() in ticket.title.lower())
        ]
        return found[:limit]

    @app.post("/tickets", status_code=201, tags=["tickets"])
    def open_ticket(
        new: NewTicket,
        idempotency_key: Annotated[
            str | None, Header(description="The same key opens a ticket only once.")
        ] = None,
    ) -> Ticket:
        """Open a ticket."""
        desk.person(new.reporter)
        number = max(desk.tickets) + 1
        desk.tickets[number] = Ticket(
            id=number, opened=datetime(2026, 3, 2, 9, 0, tzinfo=UTC), **new.model_dump()
        )
        return desk.tickets[number]

    @app.get("/tickets/{ticket_id}", tags=["tickets"])
    def get_ticket(ticket_id: TicketId) -> Ticket:
        """Read one ticket with its comments."""
        return desk.ticket(ticket_id)

    @app.patch("/tickets/{ticket_id}", tags=["tickets"])
    def change_ticket(ticket_id: TicketId, change: TicketChange) -> Ticket:
        """Change status, priority or assignee of a ticket."""
        ticket = desk.ticket(ticket_id)
        if change.assignee is not None:
            desk.person(change.assignee)
        desk.tickets[ticket_id] = ticket.model_copy(update=change.model_dump(exclude_unset=True))
        return desk.tickets[ticket_id]

    @app.post("/tickets/{ticket_id}/comments", status_code=201, tags=["tickets"])
    def add_comment(ticket_id: TicketId, comment: Comment) -> Ticket:
        """Say something about a ticket."""
        desk.person(comment.author)
        desk.ticket(ticket_id).comments.append(comment)
        return desk.ticket(ticket_id)

    @app.post("/tickets/{ticket_id}/attachments", status_code=201, tags=["tickets"])
    def attach_file(
        ticket_id: TicketId, file: Annotated[UploadFile, File(description="A log or a picture.")]
    ) -> Attachment:
        """Attach a file to a ticket."""
        name = file.filename or "unnamed"
        desk.ticket(ticket_id).attachments.append(name)
        return Attachment(filename=name, size=len(file.file.read()))

    @app.delete("/tickets/{ticket_id}", status_code=204, tags=["tickets"])
    def delete_ticket(ticket_id: TicketId) -> None:
        """Delete a ticket for good."""
        desk.ticket(ticket_id)
        del desk.tickets[ticket_id]

    @app.get("/people", tags=["people"])
    def find_people(
        name: Annotated[str, Query(description="Part of the name.")] = "",
    ) -> list[Person]:
        """Find people by name."""
        return [person for person in desk.people if name.lower() in person.name.lower()]

    return app
