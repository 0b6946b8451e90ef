"""`salesmode token create`: make a key for a program."""

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import data_option, fail

EXAMPLE = 'salesmode token create --person ana@example.com --name "Nightly report" --scope read'


@click.group(name="token", epilog=f"Example: {EXAMPLE}")
@data_option
def command() -> None:
    """Make keys for programs."""


@a_command(example=EXAMPLE, name="create")
@click.option("--person", "email", required=True, metavar="EMAIL", help="Whom the program acts as.")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--scope", type=click.Choice(["read", "write"]), default="read", show_default=True)
@click.option("--days", type=int, default=90, show_default=True, help="When it runs out.")
def create(email: str, name: str, scope: str, days: int) -> None:
    """Make a key with which a program acts as a person; prints only the key."""
    from django.utils.timezone import now

    from salesmode.kernel.refusals import Invalid
    from salesmode.people import operations
    from salesmode.people.models import Person

    person = Person.objects.active().filter(email__iexact=email.strip()).first()
    if person is None:
        fail(f"Nobody here signs in as {email}.")
    try:
        _token, secret = operations.create_token(
            person, name=name, scope=scope, days=days, by=Person.objects.system(), at=now()
        )
    except Invalid as refusal:
        fail(" ".join(sentence for sentences in refusal.fields.values() for sentence in sentences))
    click.echo(secret)


command.add_command(create)
