"""The columns that every sheet has besides its own: our number, and the company's own fields."""

from django.utils.translation import gettext_lazy as _

from salesmode.exchange.sheet import Column, Option
from salesmode.kernel.custom_fields import fields_of
from salesmode.kernel.models import CustomField

Type = CustomField.Type
_KINDS = {
    Type.NUMBER: "number",
    Type.MONEY: "money",
    Type.DATE: "date",
    Type.BOOL: "flag",
    Type.CHOICE: "choice",
    Type.MULTI: "tags",
}

NUMBER = Column("id", _("Salesmode number"), "integer", ("salesmode id", "salesmode no"), least=1)


def columns_of(kind: str) -> list[Column]:
    """Return our number, and a column for each field that the company added to a kind of record."""
    return [NUMBER, *(_column(field) for field in fields_of(kind))]


def _column(field: CustomField) -> Column:
    options = [Option(str(choice), str(choice)) for choice in field.choices]
    return Column(
        f"custom.{field.key}",
        field.label,
        _KINDS.get(Type(field.type), "text"),
        aliases=(field.label_zh, field.label_en, field.key),
        options=(lambda: options) if field.type == Type.CHOICE else None,
    )
