"""What a list refuses: names it does not know and values that do not fit."""

from http import HTTPStatus

from django.utils.translation import gettext as _

from salesmode.kernel.refusals import Invalid


class UnknownName(Invalid):
    """A list has no such filter, sort or column."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, name: str) -> None:
        name = name[:80]
        super().__init__(
            {name: [_("There is no such filter, sort or column.")]},
            _('This list knows no "%(name)s".') % {"name": name},
        )


class UnknownValue(Invalid):
    """A value given to a filter, or a cursor, does not fit."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, name: str, message: str = "") -> None:
        message = message or _("This value does not fit.")
        super().__init__({name: [message]}, f"{name}: {message}")
