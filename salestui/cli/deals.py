"""One deal: its card, its products, and its way from stage to stage until it is won or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import completion, fields
from salestui.cli.changes import given, money_minor, one_day
from salestui.cli.opening import opened
from salestui.cli.options import AsJson, DealName, PipelineOption, RepName
from salestui.cli.output import say, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from salestui.queries.deal_card import DealCard
    from salestui.store.store import Store
    from salestui.usecases.facts import Saved

app = typer.Typer()
deal = typer.Typer(
    help="Show a deal; move, win, lose, postpone, reopen and assign it; set its products.",
    no_args_is_help=True,
)
app.add_typer(deal, name="deal")

On = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="The day it was: 2026-03-02, yesterday …")
]


@deal.command("show")
def show_deal(ctx: typer.Context, name: DealName, as_json: AsJson = False) -> None:
    """Print the card of a deal: what it is, products, history, dealings."""
    from salestui.cli.deal_cards import tell

    with opened(ctx) as store:
        card = _card(store, name)
        from salestui.queries.deal_steps import load_deal_steps

        tell(card, store.read(load_deal_steps, deal_id=card.deal.deal_id), as_json=as_json)


@deal.command()
def move(
    ctx: typer.Context,
    name: DealName,
    stage: Annotated[
        str | None, typer.Argument(metavar="[STAGE]", help="The next one, unless said otherwise.")
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="To the stage before.")] = False,
    pipeline: PipelineOption = None,
    on: On = None,
) -> None:
    """Move a deal to another stage, by default to the next."""
    from salestui.errors import Refused

    if back and stage is not None:
        raise Refused("Either a STAGE or --back.")
    if pipeline is not None and stage is None:
        raise Refused("Name the STAGE of that pipeline.")
    with opened(ctx) as store:
        card = _card(store, name)
        to = (
            _stage(store, card, stage, pipeline)
            if stage is not None
            else _beside(store, card, -1 if back else 1)
        )
        from salestui.usecases.deals import move_deal

        _write(store, card, move_deal, to_stage_id=to, moved_on=one_day(on, store.today()))


@deal.command()
def win(
    ctx: typer.Context,
    name: DealName,
    amount: Annotated[str | None, typer.Option(help="The amount it was won for.")] = None,
    on: On = None,
) -> None:
    """Win a deal; one that is won and lies in an after-sale stage is finished."""
    from salestui.errors import Refused

    with opened(ctx) as store:
        card = _card(store, name)
        if card.deal.outcome == "won" and (amount is not None or on is not None):
            raise Refused(
                f"{card.deal.title} is won already: its amount changes by 'salestui edit deal'."
            )
        minor = None if amount is None else money_minor(amount, card.deal.currency)
        from salestui.usecases.outcomes import win_deal

        _write(store, card, win_deal, closed_on=one_day(on, store.today()), amount_minor=minor)


@deal.command()
def lose(
    ctx: typer.Context,
    name: DealName,
    reason: Annotated[
        str,
        typer.Option(
            metavar="REASON",
            help="Why: one of 'salestui reason list'.",
            autocompletion=completion.reasons,
        ),
    ],
    competitor: Annotated[
        str | None,
        typer.Option(
            metavar="COMPETITOR", help="Who won it.", autocompletion=completion.competitors
        ),
    ] = None,
    notes: Annotated[str | None, typer.Option(help="Added to the deal's notes.")] = None,
    on: On = None,
) -> None:
    """Lose a deal in the stage it is in; its open tasks are cancelled."""
    from salestui.queries import names

    with opened(ctx) as store:
        card = _card(store, name)
        why = store.read(names.find, "loss reason", reason)
        rival = store.read(names.find, "competitor", competitor).id if competitor else None
        from salestui.usecases.outcomes import lose_deal

        _write(
            store,
            card,
            lose_deal,
            loss_reason_id=why.id,
            closed_on=one_day(on, store.today()),
            **given(competitor_id=rival, notes=notes),
        )


@deal.command()
def postpone(
    ctx: typer.Context,
    name: DealName,
    until: Annotated[str, typer.Option(metavar="DAY", help="2026-10-01, fri, +2w, +1m …")],
    why: Annotated[str | None, typer.Option(help="Why it waits.")] = None,
) -> None:
    """Let a deal rest until a day; a task on that day takes it up again."""
    from salestui.text import parse_day

    with opened(ctx) as store:
        card = _card(store, name)
        day = parse_day(until, store.today())
        from salestui.usecases.outcomes import postpone_deal

        _write(store, card, postpone_deal, until_on=day, **given(reason=why))


@deal.command()
def reopen(ctx: typer.Context, name: DealName) -> None:
    """Make a won, lost or postponed deal open again."""
    with opened(ctx) as store:
        card = _card(store, name)
        from salestui.usecases.outcomes import reopen_deal

        _write(store, card, reopen_deal)


@deal.command()
def assign(ctx: typer.Context, name: DealName, rep: RepName) -> None:
    """Give a deal to another rep."""
    from salestui.queries import names

    with opened(ctx) as store:
        card = _card(store, name)
        to = store.read(names.find, "rep", rep)
        from salestui.usecases.deals import assign_deal

        _write(store, card, assign_deal, to_rep_id=to.id)


@deal.command("lines")
def lines(
    ctx: typer.Context,
    name: DealName,
    wanted: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LINE]...",
            help='A product each: "2 Pump @ 1200 -10%"; quantity, price and discount may be left '
            "out. They take the place of those there are.",
        ),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take all products out.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the products of a deal with their sum, or set them."""
    from salestui.errors import Refused

    if wanted and clear:
        raise Refused("Either lines or --clear.")
    with opened(ctx) as store:
        card = _card(store, name)
        if wanted or clear:
            summary = _set(store, card, wanted or [])
            card = _card(store, str(card.deal.number))
            if not as_json:
                say(summary)
    _tell(card, as_json=as_json)


def _card(store: Store, name: str) -> DealCard:
    from salestui.errors import Refused
    from salestui.queries import names
    from salestui.queries.deal_card import load_deal_card

    found = store.read(names.find_deal, name)
    card = store.read(load_deal_card, deal_id=found.id)
    if card is None:
        raise Refused(f"{found.name} has just been deleted.")
    return card


def _set(store: Store, card: DealCard, typed: list[str]) -> str:
    """Set the lines typed; products that the deal has already may be named though no longer sold."""
    lines = fields.lines(store, typed, card.deal.currency, card.lines)
    from salestui.usecases.deals import set_lines

    saved = store.write(
        set_lines,
        deal_id=card.deal.deal_id,
        lines=lines,
        expected_version=card.deal.version,
    )
    return saved.summary


def _tell(card: DealCard, *, as_json: bool) -> None:
    from salestui.cli.deal_cards import line_row

    rows = [line_row(each) for each in card.lines]
    show(rows, as_json=as_json, empty=f"No products in {card.deal.title}.")
    if not as_json and card.deal.amount_minor is not None:
        from salestui.text import format_money

        say(f"Amount: {format_money(card.deal.amount_minor, card.deal.currency)}")


def _write(store: Store, card: DealCard, use_case: Callable[..., Saved], **wanted: Any) -> None:
    """Do it to the deal in the version that was read, and say what was done."""
    saved = store.write(
        use_case, deal_id=card.deal.deal_id, expected_version=card.deal.version, **wanted
    )
    say(saved.summary)


def _stage(store: Store, card: DealCard, typed: str, pipeline: str | None) -> str:
    from salestui.queries import names

    at = (
        store.read(names.find, "pipeline", pipeline).id
        if pipeline is not None
        else card.deal.pipeline_id
    )
    return store.read(names.find_stage, at, typed).id


def _beside(store: Store, card: DealCard, step: int) -> str:
    """The stage after (`step` 1) or before (-1) the deal's."""
    from salestui.errors import Refused
    from salestui.queries import setup

    if not card.deal.is_active:
        raise Refused(f"{card.deal.title} is {card.deal.outcome}: reopen it before moving it.")
    stages = store.read(setup.stages, pipeline_id=card.deal.pipeline_id)
    place = next(i for i, each in enumerate(stages) if each.id == card.deal.stage_id) + step
    if not 0 <= place < len(stages):
        end = "last" if step > 0 else "first"
        way = "Finish" if card.deal.outcome == "won" else "Win"
        more = f" {way} it with 'salestui deal win {card.deal.number}'." if step > 0 else ""
        raise Refused(f"{card.deal.title} is in the {end} stage of {card.deal.pipeline}.{more}")
    return stages[place].id
