"""`salesmode token create`: a key with which a program acts as a person."""

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import data_option, fail, json_option, print_json

EXAMPLE = "salesmode token create --person wang@example.com --name reports --scope read"


@click.group(name="token", epilog=f"Example: {EXAMPLE}")
@data_option
def command() -> None:
    """Make keys for programs."""


@a_command(example=EXAMPLE, name="create")
@click.option("--person", "email", required=True, metavar="EMAIL", help="The person that the program acts as.")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--scope", type=click.Choice(["read", "write"]), required=True, help="What it may do.")
@click.option("--days", type=int, default=None, help="Days until it runs out.")
@json_option
def create(email: str, name: str, scope: str, days: int | None, as_json: bool) -> None:
    """Make a key and print it, once; nothing else is printed."""
    from django.utils.timezone import now

    from salesmode.people import operations
    from salesmode.people.models import Person

    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        fail(f"There is no active person with the e-mail address {email}.")
    lasting = {} if days is None else {"days": days}
    token, secret = operations.create_token(person, name=name, scope=scope, by=person, at=now(), **lasting)
    if as_json:
        print_json({"token": secret, "scope": scope, "expires_at": token.expires_at})
    else:
        click.echo(secret)


command.add_command(create)
