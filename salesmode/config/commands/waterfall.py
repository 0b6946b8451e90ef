"""`salesmode waterfall`: what happened to the pipeline between two days, on the command line."""

from datetime import date
from typing import Any

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import fail, json_option, print_json


def _day(ctx: click.Context, parameter: click.Parameter, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text} is no day; write it like 2017-09-30.") from None


@a_command(example="salesmode waterfall --from 2017-09-30 --to 2017-12-31 --by team --json", name="waterfall")
@click.option(
    "--from", "start", metavar="DAY", required=True, callback=_day, help="The pipeline at the end of this day."
)
@click.option("--to", "end", metavar="DAY", required=True, callback=_day, help="The pipeline at the end of that day.")
@click.option("--by", type=click.Choice(["team", "person"]), help="Also a waterfall for each team or person.")
@click.option("--closing", metavar="P", help="Only deals expected to close in a period: 2017-Q4, 2026-03 ...")
@json_option
def command(start: date, end: date, by: str | None, closing: str | None, as_json: bool) -> None:
    """Explain how the open pipeline came from one day's end to another's; it always adds up."""
    from salesmode.analytics import loader
    from salesmode.forecasts.queries import Narrowed, waterfall
    from salesmode.kernel.periods import Period
    from salesmode.kernel.refusals import Refusal

    try:
        narrowed = Narrowed(closes=Period.parse(closing) if closing else None)
        loader.load_once()
        found = waterfall(start, end, narrowed, by=by)  # type: ignore[arg-type]
    except Refusal as refusal:
        said = [str(message) for messages in getattr(refusal, "fields", {}).values() for message in messages]
        fail(" ".join(said) or str(refusal))
    if as_json:
        print_json(_document(found, by))
    else:
        _print(found)


def _document(found: Any, by: str | None) -> dict[str, Any]:
    document = _steps(found)
    if by is not None:
        document["breakdown"] = [{"key": part.key, "label": part.label, **_steps(part)} for part in found.breakdown]
    return document


def _steps(found: Any) -> dict[str, Any]:
    return {name: {"count": step.count, "amount": step.amount} for name, step in found.steps.items()}


def _print(found: Any) -> None:
    from salesmode.forecasts.queries import STEP_NAMES

    for part in (found, *found.breakdown):
        if part.label:
            click.echo(f"\n{part.label}")
        for name, step in part.steps.items():
            click.echo(f"  {STEP_NAMES[name]!s:<24} {step.count:>8,} {step.amount:>20,.2f}")
