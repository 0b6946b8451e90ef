"""`salesmode metrics`: the numbers, on the command line."""

from typing import Any

import click

from salesmode.config.terminal import command as a_command
from salesmode.config.terminal import fail, json_option, print_json


@a_command(example="salesmode metrics win_rate --period 2017 --by team --compare previous --json", name="metrics")
@click.argument("code", required=False)
@click.option("--period", metavar="P", default="this-month", show_default=True, help="2017, 2026-Q3, 2026-03, ytd ...")
@click.option("--by", metavar="DIM", help="Break the number down: team, person, product, source, month ...")
@click.option("--compare", type=click.Choice(["previous", "last_year"]), help="Also the period before, or a year ago.")
@click.option("--where", "narrowed", metavar="DIM=VALUE", multiple=True, help="Only a part: team=North, product=7.")
@json_option
def command(
    code: str | None, period: str, by: str | None, compare: str | None, narrowed: tuple[str, ...], as_json: bool
) -> None:
    """Answer one metric's question, or list all metrics."""
    from salesmode.analytics import loader
    from salesmode.analytics.measure import measure
    from salesmode.analytics.metrics import REGISTRY, UnknownMetric
    from salesmode.kernel.periods import Period
    from salesmode.kernel.refusals import Refusal

    if code is None:
        return _list_all(as_json)
    try:
        chosen = Period.parse(period)
        loader.load_once()
        reading = measure(code, chosen, by=by, compare=compare, where=_where(narrowed), series=False)  # type: ignore[arg-type]
    except UnknownMetric:
        fail(f"There is no metric called {code}. Known: {', '.join(sorted(REGISTRY))}.")
    except Refusal as refusal:
        fail(_sentence(refusal))
    found = {
        "code": code,
        "period": period,
        "unit": reading.metric.unit,
        "value": reading.value,
        "previous": reading.previous,
        "breakdown": [{"key": one.key, "label": one.label, "value": one.value} for one in reading.breakdown],
    }
    if as_json:
        print_json(found)
    else:
        _print(reading)
    return None


def _where(narrowed: tuple[str, ...]) -> dict[str, list[Any]]:
    from salesmode.analytics.dimensions import key_of

    found: dict[str, list[Any]] = {}
    for each in narrowed:
        name, equals, value = each.partition("=")
        if not equals:
            fail(f"--where needs DIM=VALUE, not {each}.")
        found.setdefault(name, []).append(key_of(name, value))
    return found


def _sentence(refusal: Any) -> str:
    said = [str(message) for messages in getattr(refusal, "fields", {}).values() for message in messages]
    return " ".join(said) or str(refusal)


def _list_all(as_json: bool) -> None:
    from salesmode.analytics.measure import dimensions_of
    from salesmode.analytics.metrics import REGISTRY

    known = [
        {
            "code": metric.code,
            "label": str(metric.label),
            "question": str(metric.question),
            "unit": metric.unit,
            "direction": metric.direction,
            "dimensions": dimensions_of(metric),
        }
        for metric in sorted(REGISTRY.values(), key=lambda one: one.code)
    ]
    if as_json:
        print_json(known)
    else:
        for one in known:
            click.echo(f"{one['code']:<26} {one['label']}: {one['question']}")


def _print(reading: Any) -> None:
    from salesmode.analytics.wording import spoken

    metric = reading.metric
    click.echo(f"{metric.label} ({metric.code}), {reading.period.label}: {spoken(metric.unit, reading.value)}")
    if reading.compared is not None:
        click.echo(f"  {reading.compared.label}: {spoken(metric.unit, reading.previous)}")
    for one in reading.breakdown:
        click.echo(f"  {one.label:<32} {spoken(metric.unit, one.value):>20}")
