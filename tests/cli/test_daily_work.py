"""A rep's day by commands: deals go their way, activities are logged, tasks get done."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from salestui.text import clean
from tests.cli.conftest import Command
from tests.team import HOSTILE


def _deal(team: Command, number: str = "1") -> dict[str, object]:
    card: dict[str, dict[str, object]] = team("deal", "show", number, "--json").json
    return card["deal"]


# Deals


def test_a_deal_goes_from_stage_to_stage_and_is_won(team: Command) -> None:
    assert team("deal", "move", "1").out == "Moved Pumps to Offer\n"
    assert team("deal", "move", "pumps", "order").out == "Moved Pumps to Order\n"
    assert team("deal", "move", "1", "--back").out == "Moved Pumps to Negotiation\n"
    assert team("deal", "win", "1", "--amount", "11500").out == "Won Pumps\n"
    deal = _deal(team)
    assert (deal["outcome"], deal["closed_on"]) == ("won", date.today().isoformat())
    assert deal["amount"] == {"amount": "11500.00", "currency": "EUR"}
    assert team("deal", "reopen", "1").out == "Reopened Pumps\n"
    assert team("undo").out == "Undone: Reopened Pumps\n"
    assert _deal(team)["outcome"] == "won"


def test_its_card_tells_its_way_and_its_dealings(team: Command) -> None:
    team("deal", "move", "1")
    team("add", "activity", "--deal", "1", "--agreed", "A quote")
    out = team("deal", "show", "1").out
    for words in ("Pumps  (number 1)", "Client: Łódź Foods", "Amount: 12,000.00 EUR", "A quote"):
        assert words in out
    events = team("deal", "show", "1", "--json").json["history"]
    assert [event["stage"] for event in events] == ["Enquiry", "Offer"]


def test_its_card_tells_which_stages_it_skipped_or_came_back_to(team: Command) -> None:
    assert "Out of order" not in team("deal", "show", "1").out
    for stage in ("Negotiation", "Offer", "Negotiation"):
        team("deal", "move", "1", stage)
    assert "Out of order: late to Offer; back to Negotiation" in team("deal", "show", "1").out
    steps = team("deal", "show", "1", "--json").json["steps"]
    assert steps["late"] == ["Offer"] and steps["again"] == ["Negotiation"]
    assert steps["done"][0] == "Enquiry" and steps["skipped"] == []


def test_a_deal_is_lost_to_a_competitor_for_a_reason(team: Command) -> None:
    team("competitor", "add", "Rival")
    said = team(
        "deal", "lose", "1", "--reason", "price", "--competitor", "riv", "--notes", "Too dear"
    )
    assert said.out == "Lost Pumps: Price\n"
    deal = _deal(team)
    assert (deal["loss_reason"], deal["competitor"], deal["notes"]) == (
        "Price",
        "Rival",
        "Too dear",
    )


def test_a_deal_rests_and_is_handed_on(team: Command) -> None:
    assert team("deal", "assign", "1", "jonas").out == "Assigned Pumps to Jonas\n"
    assert team("deal", "postpone", "1", "--until", "+2w").code == 0
    deal = _deal(team)
    until = (date.today() + timedelta(days=14)).isoformat()
    assert (deal["owner"], deal["outcome"], deal["postponed_until_on"]) == (
        "Jonas",
        "postponed",
        until,
    )
    assert f"postponed until {until}" in team("deal", "show", "1").out


@pytest.mark.parametrize(
    "line",
    [
        ("add", "deal", "Silo", "--owner", "jonas"),
        ("add", "client", "Acme", "--owner", "jonas"),
        ("edit", "client", "1", "--owner", "jonas"),
        ("edit", "assistants", "1", "jonas"),
        ("deal", "assign", "1", "jonas"),
        ("add", "task", "Ring", "--due", "today", "--rep", "jonas"),
    ],
)
def test_nothing_is_given_to_who_left(team: Command, line: tuple[str, ...]) -> None:
    team("rep", "edit", "jonas", "--left", "2026-01-31")
    said = team(*line)
    assert said.code == 2
    assert said.err.endswith("Jonas left on 2026-01-31: choose someone else.\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("move", "1", "--back"), "first stage of Sales"),
        (("move", "1", "Order", "--back"), "Either a STAGE or --back"),
        (("move", "1", "Nowhere"), "no stage 'Nowhere'"),
        (("move", "1", "--pipeline", "Sales"), "Name the STAGE"),
        (("lose", "1"), "--reason"),
        (("lose", "1", "--reason", "Weather"), "There are: 'Price'"),
        (("postpone", "1", "--until", "yesterday"), "after today"),
        (("postpone", "1", "--until", "some day"), "some day"),
        (("win", "1", "--amount", "lots"), "lots"),
        (("reopen", "1"), "open already"),
        (("assign", "1", "Nobody"), "no rep 'Nobody'"),
        (("move", "1", ""), "no stage ''"),
        (("lines", "1", ""), "A line is empty"),
        (("lines", "1", "99999999999999999999 Pump"), "up to a billion"),
        (("lines", "1", "9223372036854775 Pump @ 0"), "up to a billion"),
        (("show", "77"), "no deal 77"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    team: Command, line: tuple[str, ...], said: str
) -> None:
    refused = team("deal", *line)
    assert refused.code == 2
    assert said in refused.err
    assert len(refused.err.splitlines()) == 1
    assert _deal(team)["stage"] == "Enquiry"


def test_the_last_stage_names_the_way_on(team: Command) -> None:
    team("deal", "move", "1", "Order")
    assert "salestui deal win 1" in team("deal", "move", "1").err


def test_a_closed_deal_says_that_it_is(team: Command) -> None:
    team("deal", "move", "1", "Order")
    team("deal", "win", "1")
    assert "is won: reopen it" in team("deal", "move", "1").err
    said = team("deal", "win", "1", "--amount", "5")
    assert said.code == 2
    assert "won already" in said.err


def test_a_currency_stays_while_products_have_prices_in_it(team: Command) -> None:
    team("deal", "lines", "1", "Pump")
    said = team("edit", "deal", "1", "--amount", "5", "--currency", "JPY")
    assert said.code == 2
    assert "prices in EUR" in said.err
    team("deal", "lines", "1", "--clear")
    assert team("edit", "deal", "1", "--amount", "5", "--currency", "JPY").code == 0


def test_a_deal_is_made_with_its_products(team: Command) -> None:
    team("product", "add", "Hose", "--price", "40")
    said = team("add", "deal", "Irrigation", "--client", "lodz", "--line", "2 Pump @ 1000 -10%",
                "--line", "hose")  # fmt: skip
    assert said.out == "Created deal 2 Irrigation in Enquiry\n"
    rows = team("deal", "lines", "2", "--json").json
    assert [(row["product"], row["quantity"], row["discount_percent"]) for row in rows] == [
        ("Pump", 2.0, 10.0),
        ("Hose", 1.0, 0.0),
    ]
    assert _deal(team, "2")["amount"] == {"amount": "1840.00", "currency": "EUR"}
    assert team("undo").out == "Undone: Created deal 2 Irrigation in Enquiry\n"
    assert team("deal", "show", "2").code == 2
    assert team("edit", "deal", "1", "--title", "Hoses", "--line", "3 Hose").code == 0
    assert _deal(team)["amount"] == {"amount": "120.00", "currency": "EUR"}


def test_a_client_nobody_has_yet_is_made_with_the_deal(team: Command) -> None:
    assert team("add", "deal", "Silo", "--new-client", "Acme").code == 0
    assert _deal(team, "2")["client"] == "Acme"
    assert team("edit", "deal", "1", "--new-client", "Acme Sud").code == 0
    assert _deal(team)["client"] == "Acme Sud"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("--line", "2 Silo"), "no product 'Silo'"),
        (("--line", "0 Pump"), "quantity above 0"),
        (("--line", ""), "A line is empty"),
        (("--line", "Pump", "--amount", "5"), "Either --amount or --line"),
        (("--line", "Pump", "--currency", "USD"), "give a USD price"),
        (("--client", "lodz", "--new-client", "Acme"), "Either --client or --new-client"),
    ],
)
def test_of_a_deal_that_cannot_be_made_nothing_is(
    team: Command, line: tuple[str, ...], said: str
) -> None:
    for command in (("add", "deal", "Silo"), ("edit", "deal", "1", "--title", "Silo")):
        refused = team(*command, *line)
        assert refused.code == 2
        assert said in refused.err
        assert len(refused.err.splitlines()) == 1
    assert [row["deal"] for row in team("board", "--deals", "--json").json] == ["Pumps"]
    assert len(team("clients", "--json").json) == 1


def test_deals_of_one_title_are_told_apart_by_number(team: Command) -> None:
    team("add", "deal", "Pumps")
    said = team("deal", "win", "pumps")
    assert said.code == 2
    assert "1 'Pumps', 2 'Pumps'. Type its number." in said.err


# Editing


def test_fields_of_a_deal_are_changed_and_taken_away(team: Command) -> None:
    said = team(
        "edit", "deal", "1", "--title", "Silos", "--contact", "rasa", "--amount", "900",
        "--category", "commit", "--kind", "repeat",
    )  # fmt: skip
    assert said.out == "Changed deal 1 Silos\n"
    deal = _deal(team)
    assert (deal["contact"], deal["forecast_category"], deal["kind"]) == (
        "Rasa",
        "commit",
        "repeat",
    )
    assert team("edit", "deal", "1", "--amount", "", "--close", "", "--contact", "").code == 0
    deal = _deal(team)
    assert (deal["amount"], deal["expected_close_on"], deal["contact"]) == (None, None, None)


def test_a_contact_stays_behind_with_the_client_before(team: Command) -> None:
    team("edit", "deal", "1", "--contact", "rasa")
    team("add", "client", "Acme")
    said = team("edit", "deal", "1", "--client", "acme")
    assert said.out == "Changed deal 1 Pumps; without contact: Rasa is at the client before\n"
    assert (_deal(team)["client"], _deal(team)["contact"]) == ("Acme", None)
    refused = team("edit", "deal", "1", "--contact", "rasa")
    assert refused.code == 2
    assert "no contact 'rasa'" in refused.err


def test_a_deal_goes_to_another_client_with_its_contact_there(team: Command) -> None:
    team("edit", "deal", "1", "--contact", "rasa")
    team("add", "client", "Acme")
    team("add", "contact", "acme", "Jon")
    said = team("edit", "deal", "1", "--client", "acme", "--contact", "jon")
    assert said.out == "Changed deal 1 Pumps\n"
    assert (_deal(team)["client"], _deal(team)["contact"]) == ("Acme", "Jon")
    assert "without contact: Jon" in team("edit", "deal", "1", "--client", "").out


def test_a_client_is_changed_field_by_field(team: Command) -> None:
    said = team(
        "edit", "client", "lodz", "--name", "Łódź Group", "--headcount", "40", "--turnover",
        "1 200 000", "--turnover-currency", "PLN", "--founded", "1990", "--status", "customer",
        "--owner", "jonas", "--phone", "+48 1", "--phone", "+48 2",
    )  # fmt: skip
    assert said.out == "Changed client Łódź Group\n"
    card = team("client", "1", "--json").json
    assert card["client"]["turnover"] == {"amount": "1200000.00", "currency": "PLN"}
    assert (card["client"]["headcount"], card["client"]["founded_year"]) == (40, 1990)
    assert "Turnover: 1,200,000.00 PLN" in team("client", "1").out
    assert (card["client"]["owner"], card["client"]["status"]) == ("Jonas", "customer")
    assert [medium["value"] for medium in card["media"]] == ["+48 1", "+48 2"]
    assert team("edit", "client", "1", "--owner", "", "--headcount", "").code == 0
    client = team("client", "1", "--json").json["client"]
    assert (client["owner"], client["headcount"]) == (None, None)


def test_assistants_branches_and_contacts_of_a_client(team: Command) -> None:
    assert team("edit", "assistants", "lodz", "Ona", "jonas").code == 0
    assert team("add", "branch", "lodz", "Gdańsk", "--city", "Gdańsk").code == 0
    said = team("edit", "contact", "lodz", "rasa", "--branch", "gda", "--role", "user")
    assert said.out == "Changed contact Rasa\n"
    card = team("client", "lodz", "--json").json
    assert {name for _, name in card["assistants"]} == {"Ona", "Jonas"}
    assert team("edit", "branch", "lodz", "gda", "--street", "Długa 1").code == 0
    assert team("client", "lodz", "--json").json["branches"][0]["street"] == "Długa 1"
    (person,) = card["people"]
    assert person["decision_role"] == "user"
    assert team("edit", "assistants", "lodz").code == 0
    assert team("client", "lodz", "--json").json["assistants"] == []


def test_addresses_and_private_notes(team: Command, db: Path) -> None:
    team("add", "client", "Łódź South", "--part-of", "1", "--address", "P.O. Box 7")
    card = team("client", "2", "--json").json
    assert card["client"]["parent"] == "Łódź Foods"
    assert [(each["kind"], each["value"]) for each in card["media"]] == [("address", "P.O. Box 7")]
    assert team("edit", "client", "2", "--address", "", "--part-of", "").code == 0
    card = team("client", "2", "--json").json
    assert (card["client"]["parent"], card["media"]) == (None, [])
    team("add", "contact", "2", "Jon", "--address", "Long Lane 1", "--private-notes", "Sails")
    assert team("edit", "contact", "2", "jon", "--private-notes", "Sails, skis").code == 0
    (person,) = team("client", "2", "--json").json["people"]
    assert "private_notes" not in person  # they are read in the program alone
    with sqlite3.connect(db) as kept:
        assert ("Sails, skis",) in kept.execute("SELECT private_notes FROM contact").fetchall()
    assert person["media"][0]["value"] == "Long Lane 1"


@pytest.mark.parametrize(
    "line",
    [
        ("client", "lodz"),
        ("contact", "lodz", "rasa"),
        ("deal", "1"),
    ],
)
def test_nothing_named_is_nothing_changed(team: Command, line: tuple[str, ...]) -> None:
    said = team("edit", *line)
    assert said.code == 2
    assert "Nothing to change" in said.err


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_kept_and_shown_as_text(team: Command, hostile: str) -> None:
    assert team("edit", "deal", "1", "--title", hostile, "--notes", hostile).code == 0
    assert _deal(team)["title"] == clean(hostile)
    assert clean(hostile) in team("deal", "show", "1").out


# Deleting


def test_what_was_entered_by_mistake_is_deleted_and_comes_back(team: Command) -> None:
    team("add", "branch", "lodz", "Gdańsk")
    team("add", "task", "Ring", "--due", "today")
    key = team("log", "--json").json[0]["key"]
    for line, said in (
        (("activity", key), "Deleted call: Ring"),
        (("deal", "1"), "Deleted deal 1 Pumps"),
        (("contact", "lodz", "rasa"), "Deleted contact Rasa"),
        (("branch", "lodz", "gdańsk"), "Deleted branch Gdańsk"),
        (("client", "lodz foods"), "Deleted client Łódź Foods"),
    ):
        assert team("delete", *line).out == f"{said}\n"
    assert team("client", "lodz").code == 2
    for _ in range(5):
        assert team("undo").code == 0
    assert len(team("client", "lodz", "--json").json["deals"]) == 1


def test_what_is_in_use_stays(team: Command) -> None:
    said = team("delete", "client", "1")
    assert said.code == 2
    assert "still needed by 1 deal." in said.err
    assert team("delete", "activity", "abcdef").code == 2


def test_nothing_is_deleted_by_a_guess(team: Command) -> None:
    for line in (("client", "lodz"), ("deal", "pum")):
        said = team("delete", *line)
        assert said.code == 2
        assert "Name it by its number or its whole name: 1 '" in said.err
    assert "by its whole name: 'Rasa'" in team("delete", "contact", "lodz", "ras").err
    assert team("delete", "deal", "#1").code == 0


def test_a_number_is_nobodys_phone(team: Command) -> None:
    assert team("client", "600100200").code == 0
    for typed in ("600", "#600", "2"):
        said = team("edit", "client", typed, "--name", "Stranger")
        assert said.code == 2
        assert said.err.strip().endswith(f"There is no client {typed}.")


def test_one_of_two_contacts_of_a_name_by_phone(team: Command) -> None:
    for phone in ("+370 1", "+370 2"):
        team("add", "contact", "lodz", "Jon", "--phone", phone)
    said = team("edit", "contact", "lodz", "jon", "--job", "Cook")
    assert said.code == 2
    assert "or a phone number or e-mail address" in said.err
    assert team("edit", "contact", "lodz", "+370 2", "--job", "Cook").code == 0
    people = team("client", "1", "--json").json["people"]
    jobs = {each["media"][0]["value"]: each["job_title"] for each in people if each["media"]}
    assert jobs == {"+370 1": "", "+370 2": "Cook"}


def test_one_of_two_branches_of_a_name_by_key(team: Command) -> None:
    for street in ("Długa 1", "Długa 2"):
        team("add", "branch", "lodz", "Depot", "--street", street)
    said = team("delete", "branch", "lodz", "depot")
    assert said.code == 2
    key = said.err.rpartition("key ")[2].partition(")")[0]
    assert team("edit", "branch", "lodz", key, "--city", "Gdynia").code == 0
    assert "(Gdynia, key " in team("edit", "branch", "lodz", "Depot", "--city", "Lublin").err
    assert team("delete", "branch", "lodz", key).out == "Deleted branch Depot\n"
    assert len(team("client", "1", "--json").json["branches"]) == 1


def test_the_whole_title_counts_among_many(team: Command) -> None:
    for number in range(4):
        team("add", "deal", f"Pump {number}")
    team("add", "deal", "Pump")
    assert team("deal", "show", "Pump").out.startswith("Pump  (number 6)")
    team("add", "deal", "2024")
    assert team("deal", "show", "2024").out.startswith("2024  (number 7)")


# Activities and tasks


def test_an_activity_is_logged_with_its_next_step(team: Command) -> None:
    said = team(
        "add", "activity", "lodz", "--deal", "1", "--kind", "meeting", "--direction", "in",
        "--met", "rasa", "--minutes", "1h30", "--about", "Silo", "--agreed", "Wants a quote",
        "--on", "yesterday", "--document", "in:RFQ.pdf", "--next", "Send the quote", "--due", "+2d",
        "--next-kind", "e-mail",
    )  # fmt: skip
    due = date.today() + timedelta(days=2)
    assert said.out == f"Logged meeting: Łódź Foods. Next: e-mail on {due}, Send the quote\n"
    done, planned = (team("log", "--state", state, "--json").json for state in ("done", "planned"))
    (row,) = done
    assert row["day"] == (date.today() - timedelta(days=1)).isoformat()
    assert (row["minutes"], row["met"], row["roles"]) == (90, ["Rasa"], ["decision maker"])
    assert (row["documents"], row["stage"]) == (["in: RFQ.pdf"], "Enquiry")
    assert [(step["kind"], step["subject"]) for step in planned] == [("e-mail", "Send the quote")]


def test_a_task_is_planned_moved_and_done(team: Command) -> None:
    said = team("add", "task", "Ring Rasa", "--due", "today", "--client", "lodz", "--met", "rasa")
    key = said.out.rpartition("key ")[2].rstrip(")\n")
    assert key in team("today").out
    whole = team("today", "--json").json["due"][0]["key"]
    assert whole.endswith(key)
    assert team("task", "postpone", whole, "tomorrow").code == 0
    assert team("today", "--json").json["coming"][0]["key"] == whole
    done = team("task", "done", key, "--agreed", "Later", "--next", "Ring again", "--due", "+1w")
    due = date.today() + timedelta(days=7)
    assert done.out == f"Done: call: Łódź Foods. Next: call on {due}, Ring again\n"
    (row,) = team("log", "--state", "done", "--json").json
    assert (row["agreed"], row["met"]) == ("Later", ["Rasa"])
    (step,) = team("log", "--state", "planned", "--json").json
    assert team("task", "cancel", step["key"]).code == 0
    assert team("log", "--state", "planned", "--json").json == []


def test_what_an_activity_says_is_changed(team: Command) -> None:
    team("add", "activity", "lodz", "--minutes", "5")
    key = team("log", "--json").json[0]["key"]
    assert team("edit", "activity", key, "--agreed", "A quote", "--minutes", "1h").code == 0
    (row,) = team("log", "--json").json
    assert (row["agreed"], row["minutes"]) == ("A quote", 60)
    assert team("edit", "activity", key, "--minutes", "", "--kind", "vis").code == 0
    (row,) = team("log", "--json").json
    assert (row["kind"], row["minutes"]) == ("visit", None)
    assert team("edit", "activity", key, "--day", "yesterday", "--met", "rasa").code == 0
    (row,) = team("log", "--json").json
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    assert (row["day"], row["met"]) == (yesterday, ["Rasa"])
    assert team("edit", "activity", key, "--met", "").code == 0
    assert team("log", "--json").json[0]["met"] == []


def test_documents_of_an_activity_take_the_place_of_those_there_are(team: Command) -> None:
    team("add", "activity", "lodz", "--document", "Offer.pdf", "--document", "in:RFQ.pdf")
    key = team("log", "--json").json[0]["key"]

    def documents() -> list[str]:
        return sorted(team("log", "--json").json[0]["documents"])

    assert (
        team("edit", "activity", key, "--document", "in:RFQ.pdf", "--document", "New.pdf").code == 0
    )
    assert documents() == ["in: RFQ.pdf", "out: New.pdf"]
    assert team("edit", "activity", key, "--agreed", "A visit").code == 0
    assert len(documents()) == 2
    assert "no name" in team("edit", "activity", key, "--document", "in:").err
    assert team("edit", "activity", key, "--document", "").code == 0
    assert documents() == []


def test_a_team_task_is_everybodys(team: Command) -> None:
    team("add", "task", "Clean up", "--due", "today", "--team")
    (task,) = team("--me", "Jonas", "today", "--json").json["due"]
    assert (task["subject"], task["rep"]) == ("Clean up", "team")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("task", "done", "abcdef"), "no task 'abcdef'"),
        (("task", "done", "a"), "no task 'a'"),
        (("task", "done", "' OR 1"), "no task"),
        (("add", "activity", "--met", "rasa"), "Name the client"),
        (("add", "activity"), "with whom"),
        (("add", "activity", "lodz", "--document", "in:"), "no name"),
        (("add", "activity", "lodz", "--kind", "dance"), "no activity kind 'dance'"),
        (("add", "activity", "lodz", "--on", "tomorrow"), "is a task"),
        (("add", "activity", "lodz", "--next", "Ring"), "--due"),
        (("add", "activity", "lodz", "--minutes", "long"), "long"),
        (("add", "task", "Ring", "--due", "some day"), "some day"),
    ],
)
def test_what_cannot_be_logged_leaves_nothing(
    team: Command, line: tuple[str, ...], said: str
) -> None:
    refused = team(*line)
    assert refused.code == 2
    assert said in refused.err
    assert len(refused.err.splitlines()) == 1
    assert team("log", "--state", "all", "--json").json == []
