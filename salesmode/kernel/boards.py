"""Cards of a board. Written in Python because a page has a hundred of them."""

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from salesmode.kernel.templatetags import ui


@dataclass(frozen=True)
class BoardCard:
    """What a card shows of a record: title, customer, amount, day, owner, one warning; `state` once it is decided."""

    kind: str
    key: int
    version: int
    url: str
    title: str
    customer: str
    amount: str
    day: date | None
    owner: Any
    warning: str
    is_slow: bool
    state: str

    @property
    def html(self) -> SafeString:
        """Return the card, every part of it escaped."""
        kind, key, title = self.kind, self.key, escape(self.title)
        customer = f"<p>{escape(self.customer)}</p>" if self.customer else ""
        day = f"<span>{ui.short_day(self.day)}</span>" if self.day else ""
        owner = ui.person(self.owner, show="disc", size="small")
        warning = f"{ui.icon('alert-triangle')}<span>{escape(self.warning)}</span>" if self.warning else ""
        warning = warning and f'<div class="card-warning">{warning}</div>'
        return mark_safe(  # noqa: S308  every part is escaped
            f'<article class="{kind}-card{" slow" if self.is_slow else ""}" id="{kind}-{key}" data-card="{key}"'
            f' data-version="{self.version}" data-move-url="{self.url}/move" tabindex="0"'
            f' aria-describedby="board-keys"><h3><a href="{self.url}">{title}</a></h3>{customer}'
            f'<div class="card-end"><span class="amount">{conditional_escape(self.amount)}</span>{day}{owner}</div>'
            f"{warning}{self._menu(title)}</article>"
        )

    def _menu(self, title: str) -> str:
        if self.state:
            return ui.chip(self.state)
        label = escape(_("What to do with %(name)s")) % {"name": title}
        return (
            f'<a class="icon-button card-more" href="{self.url}" data-card-menu aria-label="{label}">'
            f"{ui.icon('dots')}</a>"
        )
