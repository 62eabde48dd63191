"""The lines of a client card: company, people, deals, dealings. Pure text of exact width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salestui.models.vocabulary import DecisionRole
from salestui.queries.client_card import Branch, ClientCard, Medium, Person
from salestui.screens.sighting_lines import sighting_lines
from salestui.screens.wording import (
    deal_lines,
    dealing_lines,
    fitted,
    heading,
    joined,
    labelled,
    text_lines,
)
from salestui.text import cell, format_money
from salestui.widgets.line_list import Line, Piece, line

_MEDIA = ("phone", "e-mail", "web", "address")


def card_lines(card: ClientCard, width: int, *, with_dealings: bool) -> Iterator[Line]:
    """The whole card; its dealings stand apart where there is room beside it."""
    yield from _company(card, width)
    yield from _people(card, width)
    yield from _deals(card, width)
    yield from sighting_lines(card.sightings, width)
    if with_dealings:
        yield from timeline(card, width)


def _company(card: ClientCard, width: int) -> Iterator[Line]:
    client = card.client
    key = "client:"
    facts = joined(client.status, client.market, f"no. {client.number}")
    name_room = max(10, width - len(facts) - 3)
    yield Line((*fitted((client.name, name_room, "title")), Piece(facts, "accent")), key)
    place = joined(
        client.street, joined(client.postal_code, client.city, by=" "), client.region,
        client.country, by=", ",
    )  # fmt: skip
    owner = joined(client.owner or "nobody", _helpers(card))
    turnover = ""
    if client.turnover_minor is not None:
        turnover = format_money(client.turnover_minor, client.turnover_currency)
    yield from labelled(
        [
            ("Address", place),
            *_media(card.media),
            ("Owner", owner),
            ("Territory", client.territory or ""),
            ("Business", joined(client.line_of_business, client.sector)),
            ("Form", joined(client.legal_form, client.ownership_form)),
            ("Headcount", "" if client.headcount is None else f"{client.headcount:,}"),
            ("Turnover", turnover),
            ("Founded", "" if client.founded_year is None else str(client.founded_year)),
            ("Registration", client.registration_number),
            ("VAT number", client.vat_number),
            ("Part of", client.parent or ""),
            ("Source", client.source),
        ],
        width,
    )
    for branch in card.branches:
        yield _branch(branch, width)
    if client.notes:
        yield from text_lines("Notes", client.notes, width)
    yield line()


def _helpers(card: ClientCard) -> str:
    return (
        f"helped by {', '.join(name for _key, name in card.assistants)}" if card.assistants else ""
    )


def _media(media: Sequence[Medium]) -> Iterator[tuple[str, str]]:
    for kind in _MEDIA:
        values = [medium.value for medium in media if medium.kind == kind]
        yield kind.capitalize(), ", ".join(values)


def _branch(branch: Branch, width: int) -> Line:
    place = joined(
        branch.street, joined(branch.postal_code, branch.city, by=" "), branch.country, by=", "
    )
    reach = ", ".join(medium.value for medium in branch.media)
    shown = cell(joined(branch.name, place, reach), max(0, width - 14))
    return Line((Piece(cell("Branch", 14), "muted"), Piece(shown)), f"branch:{branch.branch_id}")


def _people(card: ClientCard, width: int) -> Iterator[Line]:
    yield heading(f"People ({len(card.people)})", width)
    if not card.people:
        yield line(("Nobody yet. Press c to add a contact.", "hint"))
    for prefix, person in organisation(card.people):
        yield _person(prefix, person, width)
    yield line()


def _person(prefix: str, person: Person, width: int) -> Line:
    name = min(38, max(16, width * 2 // 5))
    role = 17
    title = min(24, max(0, (width - name - role) // 3))
    rest = max(0, width - name - role - title - 2 - (1 if title else 0))
    is_key = person.decision_role == DecisionRole.DECISION_MAKER
    shown_role = "" if person.decision_role == DecisionRole.OTHER else person.decision_role
    reach = ", ".join(medium.value for medium in person.media)
    return Line(
        (
            *fitted(
                (f"{prefix}{person.name}", name, "title"),
                (shown_role, role, "accent" if is_key else "text"),
                (person.job_title, title, "muted"),
            ),
            Piece(cell(joined(reach, person.notes.split("\n")[0]), rest), "text"),
        ),
        f"contact:{person.contact_id}",
    )


def organisation(people: Sequence[Person]) -> Iterator[tuple[str, Person]]:
    """People below whom they report to or assist, each with the branch drawn before the name."""
    below: dict[str | None, list[Person]] = {}
    known = {person.contact_id for person in people}
    for person in people:
        above = person.reports_to_id or person.assists_id
        below.setdefault(above if above in known else None, []).append(person)
    told: set[str] = set()

    def walk(above: str | None, indent: str) -> Iterator[tuple[str, Person]]:
        listed = below.get(above, [])
        for number, person in enumerate(listed):
            if person.contact_id in told:
                continue
            told.add(person.contact_id)
            is_last = number == len(listed) - 1
            branch = "" if above is None else ("└ " if is_last else "├ ")
            yield f"{indent}{branch}", person
            deeper = "" if above is None else (indent + ("  " if is_last else "│ "))
            yield from walk(person.contact_id, deeper)

    yield from walk(None, "")
    # Someone assisting a person who reports to them would hang in the air.
    yield from (("", person) for person in people if person.contact_id not in told)


def _deals(card: ClientCard, width: int) -> Iterator[Line]:
    live = [deal for deal in card.deals if deal.is_active or deal.outcome == "postponed"]
    closed = [deal for deal in card.deals if deal not in live]
    yield heading(f"Open deals ({len(live)})", width)
    if not live:
        yield line(("No open deal. Press n for one.", "hint"))
    for deal in live:
        yield from deal_lines(deal, width, card.today, key=f"deal:{deal.deal_id}")
    yield line()
    if closed:
        yield heading(f"Closed deals ({len(closed)})", width)
        for deal in closed:
            yield from deal_lines(deal, width, card.today, key=f"deal:{deal.deal_id}")
        yield line()


def timeline(card: ClientCard, width: int) -> Iterator[Line]:
    """What was done and is planned with the client, newest first."""
    count = f"{len(card.dealings)}{'+' if card.has_more else ''}"
    yield heading(f"Dealings ({count})", width)
    if not card.dealings:
        yield line(("Nothing yet. Press a to log what was done, + to plan.", "hint"))
    for dealing in card.dealings:
        key = f"activity:{dealing.activity_id}"
        yield from dealing_lines(dealing, width, card.today, key=key, with_client=False)
    if card.has_more:
        yield line(("Older ones are in the activity log (4).", "hint"))
