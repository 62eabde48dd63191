"""Boards made up for tests."""

from __future__ import annotations

from datetime import date, timedelta

from salestui.queries.board import Board, Card, Column, Total

TODAY = date(2026, 9, 22)

STAGES = ("Lead", "Qualified", "Meeting", "Offer", "Negotiation", "Contract", "Delivery")

HOSTILE = (
    "[/x]",
    "[@click=app.quit]Quit[/]",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "株式会社日本橋ソリューションズ",
    "👩‍👩‍👧 Family 🏳️‍🌈",
    "שלום עליכם בע״מ",
    "right \u202eleft\u202c",
    "two\nlines\ttab",
    "nul \x00 bell \x07",
    "x" * 10_000,
    "ẑ̷̢̛̘͎̜a̴͓͋l̶̙͝g̵̳̈́o",
    "",
)


def a_card(number: int, stage: int = 0, **fields: object) -> Card:
    """A card that moves: due tomorrow, three days in its stage, worth 1,000.00 a number."""
    card = Card(
        deal_id=f"{number:032x}",
        number=number,
        version=1,
        title=f"Deal {number}",
        client_id=f"c{number}",
        client=f"Client {number}",
        owner_id="o1",
        owner="Ona Petraitė",
        stage_id=f"s{stage}",
        amount_minor=number * 100_000,
        currency="EUR",
        days_in_stage=3,
        next_step="Call",
        next_due_on=TODAY + timedelta(days=1),
        expected_close_on=TODAY + timedelta(days=30),
        stalled=(),
    )
    return card._replace(**fields)  # type: ignore[arg-type]


def a_column(stage: int, cards: tuple[Card, ...], *, count: int | None = None) -> Column:
    """A stage that holds these cards, and further deals without a card if `count` is larger."""
    sums: dict[str, list[int]] = {}
    for card in cards:
        sums.setdefault(card.currency, []).append(card.amount_minor or 0)
    probability = (stage + 1) * 10
    totals = tuple(
        Total.of(code, sum(minors), len(minors), probability) for code, minors in sums.items()
    )
    name = STAGES[stage % len(STAGES)]
    shown = len(cards) if count is None else count
    return Column(f"s{stage}", name, "sale", probability, 14, shown, totals, cards)


def a_board(*sizes: int, hidden: int = 0, **fields: object) -> Board:
    """A board with so many cards in each column, numbered from 1 across it."""
    columns, number = [], 1
    for stage, size in enumerate(sizes):
        cards = tuple(a_card(number + i, stage, **fields) for i in range(size))
        columns.append(a_column(stage, cards))
        number += size
    return Board("p1", "New business", tuple(columns), hidden, TODAY)


def moved(board: Board, deal_id: str, to_stage_id: str) -> Board:
    """The board after a move: the deal stands first in its new stage."""
    card = next(c for column in board.columns for c in column.cards if c.deal_id == deal_id)
    there = card._replace(stage_id=to_stage_id, version=card.version + 1, days_in_stage=0)
    columns = []
    for stage, column in enumerate(board.columns):
        cards = tuple(c for c in column.cards if c.deal_id != deal_id)
        if column.stage_id == to_stage_id:
            cards = (there, *cards)
        columns.append(column if cards == column.cards else a_column(stage, cards))
    return board._replace(columns=tuple(columns))


def believable() -> Board:
    """A board with everything on it: currencies, stalled and late deals, cut columns, names."""
    clients = (
        "Żabka Nordic",
        "Коваленко ТОВ",
        "株式会社日本橋",
        "Müller & Söhne GmbH",
        "[/x] Traps",
        None,
    )
    titles = ("Renewal 2027", "GTX Pro ×40", "Service contract", "Pilot for two sites")
    columns, number = [], 1
    for stage, size in enumerate((9, 6, 4, 12, 1, 0, 3)):
        cards = []
        for _ in range(size):
            days = number * 7 % 23
            due = TODAY + timedelta(days=number * 5 % 17 - 4) if number % 4 else None
            stalled = [f"{days} of 14 days"] if days > 14 else []
            stalled += ["no next step"] if due is None else []
            stalled += ["past its close"] if number % 9 == 0 else []
            cards.append(
                a_card(
                    number,
                    stage,
                    client=clients[number % len(clients)],
                    title=titles[number % len(titles)],
                    owner=None
                    if number % 11 == 0
                    else ("Ona Petraitė", "Олена Шевченко")[number % 2],
                    amount_minor=None if number % 8 == 0 else number * 731_000,
                    currency="PLN" if number % 5 == 0 else "EUR",
                    days_in_stage=days,
                    next_step=("Call Anna", "Send the offer")[number % 2] if due else None,
                    next_due_on=due,
                    stalled=tuple(stalled),
                )
            )
            number += 1
        columns.append(a_column(stage, tuple(cards), count=4_132 if stage == 3 else None))
    return Board("p1", "New business", tuple(columns), 0, TODAY)
