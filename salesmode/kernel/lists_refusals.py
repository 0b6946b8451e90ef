"""What a list refuses: names it does not know and values that do not fit."""

from collections.abc import Iterable
from http import HTTPStatus

from django.utils.translation import gettext as _

from salesmode.kernel.refusals import Invalid


class UnknownName(Invalid):
    """A list has no such filter, sort or column."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        name, told = name[:80], [_("There is no such filter, sort or column.")]
        if names := ", ".join(sorted(known)):
            told.append(_("There are: %(names)s.") % {"names": names})
        super().__init__({name: told}, _('This list knows no "%(name)s".') % {"name": name})


class UnknownValue(Invalid):
    """A value given to a filter, or a cursor, does not fit."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, name: str, message: str = "") -> None:
        message = message or _("This value does not fit.")
        super().__init__({name: [message]}, f"{name}: {message}")
