"""What the deal board shows, chosen in a form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from textual.widget import Widget

from salestui.errors import Refused
from salestui.models.vocabulary import DealKind
from salestui.queries.board import BoardFilter
from salestui.queries.choices import Choices
from salestui.screens import typed
from salestui.screens.form import Form
from salestui.text import month_label
from salestui.widgets.choice_fields import ChoiceField, entries
from salestui.widgets.fields import TextField

_ALL = (None, "all")
_NOWHERE = ("", "no territory")


class BoardFilterForm(Form[tuple[str | None, BoardFilter]]):
    """Closes with the pipeline and the filter; `words` says them afterwards."""

    def __init__(self, choices: Choices, current: BoardFilter, pipeline_id: str | None) -> None:
        super().__init__()
        self.choices, self._current, self._pipeline_id = choices, current, pipeline_id
        self.words = ""

    def title_words(self) -> str:
        """What it is for."""
        return "What the board shows"

    def fields(self) -> Iterable[Widget]:
        """All of BOARD-4."""
        now = self._current
        lists = self.choices
        yield ChoiceField("whose", "Whose deals", [("all", "everybody's"), ("mine", "mine"),
                                                  ("team", "my team's")], now.whose)  # fmt: skip
        yield ChoiceField("owner_id", "Rep", entries(lists.reps, "all"), now.owner_id)
        territories = [*entries(lists.territories, "all"), _NOWHERE]
        yield ChoiceField("territory_id", "Territory", territories, now.territory_id)
        yield ChoiceField("pipeline_id", "Pipeline", [(p.id, p.name) for p in lists.pipelines],
                          self._pipeline_id)  # fmt: skip
        products = entries(lists.products, "all")
        yield ChoiceField("product_id", "Product", products, now.product_id)
        yield ChoiceField("kind", "Kind", [_ALL, *((k.value, k.value) for k in DealKind)], now.kind)
        yield TextField("close_month", "Expected close in", now.close_month or "", parse=_month,
                        hint="2026-10")  # fmt: skip
        code = now.currency or self._own_currency()
        yield TextField("amount_from", "Amount from", typed.shown_money(now.amount_from, code),
                        parse=typed.money(self._currency))  # fmt: skip
        yield TextField("amount_to", "Amount to", typed.shown_money(now.amount_to, code),
                        parse=typed.money(self._currency))  # fmt: skip
        yield TextField("currency", "… in", code, parse=typed.currency)

    def _own_currency(self) -> str:
        own = [p.more for p in self.choices.pipelines if p.id == self._pipeline_id]
        return own[0] if own else "EUR"

    def _currency(self) -> str:
        return typed.currency(self.field("currency").raw)

    async def submit(self) -> tuple[str | None, BoardFilter]:
        """The filter that was chosen."""
        values = self.values()
        pipeline_id = values.pop("pipeline_id")
        code = values["currency"]
        low, high = values["amount_from"], values["amount_to"]
        if low is not None and high is not None and low > high:
            raise Refused("The amount begins above its end.")
        values["currency"] = code if low is not None or high is not None else None
        wanted = BoardFilter(**values, text=self._current.text)
        self.words = self._worded(wanted)
        return pipeline_id, wanted

    def _worded(self, wanted: BoardFilter) -> str:
        words = [
            self.choices.name_of(wanted.owner_id),
            _NOWHERE[1] if wanted.territory_id == "" else self.choices.name_of(wanted.territory_id),
            self.choices.name_of(wanted.product_id),
            wanted.kind,
            f"close {wanted.close_month}" if wanted.close_month else None,
        ]
        if wanted.currency:
            low, high = (
                typed.shown_money(minor, wanted.currency)
                for minor in (wanted.amount_from, wanted.amount_to)
            )
            words.append(f"{low}..{high} {wanted.currency}")
        return " · ".join(word for word in words if word)


def _month(text: str) -> str | None:
    """Reads a month."""
    return month_label(text, date(2000, 1, 1)) if text.strip() else None
