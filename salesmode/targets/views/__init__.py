"""The web door of targets and scorecards."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_POST

from salesmode.analytics.wording import spoken
from salesmode.catalog.models import Product
from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.kernel.periods import Period
from salesmode.people.models import Person, Team
from salesmode.people.visibility import viewer
from salesmode.selling.queries import last_busy_day
from salesmode.targets import forms, operations, policies, queries
from salesmode.targets.listings import tone_of
from salesmode.targets.models import Target, Whose
from salesmode.targets.models.target import LEVELS, adds_up, can_aim_at, metric


def _load(request: HttpRequest, target_id: int) -> Target:
    rows = Target.objects.visible_to(viewer(request)).select_related("team__lead", "owner", "product")
    return get_object_or_404(rows, pk=target_id)


def asked_for(request: HttpRequest) -> dict[str, Any]:
    """Return which sheet an address asks for; what it names wrongly falls back to the usual."""
    code = request.GET.get("metric", "won_amount")
    year = request.GET.get("year", "")
    this_year = Period.containing(last_busy_day(localdate()), "fiscal_year").last.year
    group, level = request.GET.get("group", "org"), request.GET.get("level", "base")
    return {
        "code": code if can_aim_at(code, "company") else "won_amount",
        "year": int(year) if year.isascii() and year.isdigit() and 1990 <= int(year[:5]) <= 2200 else this_year,
        "group": group if group in forms.GROUPS else "org",
        "level": level if level in LEVELS else "base",
    }


@require_GET
@login_required
def targets(request: HttpRequest) -> HttpResponse:
    """Show a year's targets as a sheet: the organisation, products or regions, month by month."""
    asked, person, today = asked_for(request), viewer(request), last_busy_day(localdate())
    starts_on = Period.parse(f"FY{asked['year']}").first
    rows = queries.year_sheet(
        asked["code"], starts_on, seen_by=person, today=today, group=asked["group"], level=asked["level"]
    )
    units = forms.GROUPS[asked["group"]] or queries.ORGANISATION
    shown = {
        **asked,
        "rows": rows,
        "metric": metric(asked["code"]),
        "metrics": forms.metric_choices(),
        "months": [f"{number}" for number in _months(starts_on.month)],
        "years": [(year, str(year)) for year in queries.years_offered(asked["year"])],
        "groups": [pair for pair in forms.group_names().items() if person.sees_all or pair[0] == "org"],
        "levels": [("base", _("Target")), ("stretch", _("Stretch")), ("challenge", pgettext("target", "Challenge"))],
        "may_propose": policies.may_propose_targets(person),
        "figures_until": today if today != localdate() else None,
        "drafts": sum(1 for row in rows if row.draft and row.whose.unit in units),
    }
    return render(request, "targets/targets.html", shown)


def _months(first: int) -> list[int]:
    return [(first - 1 + number) % 12 + 1 for number in range(12)]


@require_GET
@login_required
def target_list(request: HttpRequest) -> HttpResponse:
    """List the targets, all versions, to filter, sort and take out."""
    return lists.show(request, "target")


@require_GET
@login_required
def target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Show one target: how far it is, its months, its versions."""
    found, person = _load(request, target_id), viewer(request)
    year, today = queries.year_of(found), last_busy_day(localdate())
    one = queries.attainment_of(found, year, today=today)
    versions = Target.objects.of(found.metric, found.unit, found.key, found.starts_on).order_by("-edition")
    shown = {
        "record": found,
        "one": one,
        "metric": found.asked,
        "tone": tone_of(found),
        "steps": queries.steps_of(found, year, today=today),
        "versions": versions,
        "may": {
            "amend": found.is_draft and policies.may_amend_target(person, found),
            "discard": found.is_draft and policies.may_discard_target(person, found),
            "approve": found.is_draft and policies.may_approve_target(person, found),
            "lock": found.status == "approved" and policies.may_lock_target(person, found),
            "revise": not found.is_draft and policies.may_set_target(person, found.whose),
        },
        "again": f"metric={found.metric}&year={found.year}&unit={found.unit}&key={found.key}",
    }
    return render(request, "targets/target.html", shown)


def _whose(request: HttpRequest) -> Whose:
    unit, key = request.GET.get("unit", "company"), request.GET.get("key", "")
    if unit == "company":
        return Whose()
    if unit == "region" and key:
        return Whose("region", region=key[:120])
    rows = {
        "team": Team.objects.select_related("lead"),
        "person": Person.objects.visible_to(viewer(request)).select_related("team"),
        "product": Product.objects.visible_to(viewer(request)),
    }
    if unit not in rows or not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    return Whose(unit, **{unit: get_object_or_404(rows[unit], pk=int(key))})


@login_required
def set_target(request: HttpRequest) -> HttpResponse:
    """Draft a target for whom the address names."""
    asked, whose, person = asked_for(request), _whose(request), viewer(request)
    held = Target.objects.visible_to(person).of(
        asked["code"], whose.unit, whose.key, Period.parse(f"FY{asked['year']}").first
    )
    former = held.order_by("-edition").first()
    initial = _as_it_is(former) if former else {}
    form = forms.TargetForm(
        request.POST or None, initial=initial, **_known_of(asked["code"], whose, asked["year"], person)
    )
    act = partial(operations.set_target, metric=asked["code"], year=asked["year"], whose=whose)
    if form.is_bound and (made := carry_out(form, act, by=person, at=now())) is not None:
        toast(request, _("The draft is saved. It holds once it is approved."))
        return redirect("targets:target", made.pk)
    title = f"{whose.label} · {metric(asked['code']).label} {asked['year']}"
    return _ask(request, form, title, f"{reverse('targets:targets')}{_sheet_of(asked, whose.unit)}")


def _known_of(code: str, whose: Whose, year: int, person: Person) -> dict[str, Any]:
    """Return what the form of a target says by itself: what was reached last year, and whether presence counts."""
    sums = adds_up(metric(code)) and can_aim_at(code, whose.unit)
    last_year = ""
    if sums and policies.may_set_target(person, whose):
        reached = sum(queries.months_of_year_before(code, whose, Period.parse(f"FY{year}").first))
        last_year = spoken(metric(code).unit, reached) if reached else ""
    return {"counts_presence": whose.unit == "person" and sums, "last_year": last_year}


def _sheet_of(asked: dict[str, Any], unit: str = "") -> str:
    """Return how the address of a sheet goes on, so that an act leads back to the sheet that it began on."""
    group = unit if unit in forms.GROUPS else asked["group"]
    return f"?metric={asked['code']}&year={asked['year']}" + (f"&group={group}" if group != "org" else "")


@login_required
def amend_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Change a draft."""
    found = _load(request, target_id)
    known = _known_of(found.metric, found.whose, found.year, viewer(request))
    form = forms.TargetForm(request.POST or None, initial=_as_it_is(found), **known)
    act = partial(operations.amend_target, found)
    if form.is_bound and carry_out(form, act, version=version_of(request), by=viewer(request), at=now()) is not None:
        return redirect("targets:target", found.pk)
    return _ask(request, form, str(found), reverse("targets:target", args=[found.pk]), version=found.version)


def _as_it_is(found: Target) -> dict[str, Any]:
    levels = {name: value.normalize() for name in LEVELS if (value := found.whole(name)) is not None}
    more = {name: getattr(found, name) for name in ("distribution", "is_prorated", "note")}
    more["ramp"] = " ".join(map(str, found.ramp))
    more["shares"] = " ".join(f"{share.normalize():f}" for share in found.shares)
    if found.distribution == Target.Distribution.MONTHS:
        more["months"] = " ".join(f"{month.normalize():f}" for month in found.asked_months)
    return {name: f"{value:f}" for name, value in levels.items()} | more


def _ask(
    request: HttpRequest, form: Any, title: str, back: str, submit: str = "", version: int | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "cancel_url": back, "submit_label": submit, "version": version}
    return render(request, "ui/form.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def discard_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Throw a draft away."""
    found = _load(request, target_id)
    back = f"{reverse('targets:targets')}?metric={found.metric}&year={found.year}"
    operations.discard_target(found, version=version_of(request), by=viewer(request), at=now())
    toast(request, _("The draft of %(target)s is thrown away.") % {"target": found})
    return redirect(back)


@require_POST
@login_required
def approve_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Make a draft hold."""
    found = _load(request, target_id)
    operations.approve_target(found, version=version_of(request), by=viewer(request), at=now())
    toast(request, _("%(target)s is approved.") % {"target": found})
    return redirect("targets:target", found.pk)


@require_POST
@login_required
def lock_target(request: HttpRequest, target_id: int) -> HttpResponse:
    """Make an approved target hold for good."""
    found = _load(request, target_id)
    operations.lock_target(found, version=version_of(request), by=viewer(request), at=now())
    toast(request, _("%(target)s is locked.") % {"target": found})
    return redirect("targets:target", found.pk)


@require_POST
@login_required
def approve_targets(request: HttpRequest) -> HttpResponse:
    """Approve all drafts of a sheet that the viewer may approve."""
    asked = asked_for(request)
    starts_on = Period.parse(f"FY{asked['year']}").first
    rows = Target.objects.visible_to(viewer(request)).drafts().filter(metric=asked["code"], starts_on=starts_on)
    units = forms.GROUPS[asked["group"]] or queries.ORGANISATION
    done = operations.approve_targets(
        rows.filter(unit__in=units).select_related("team__lead", "owner", "product"), by=viewer(request), at=now()
    )
    toast(request, ngettext("%(n)s target is approved.", "%(n)s targets are approved.", len(done)) % {"n": len(done)})
    return redirect(f"{reverse('targets:targets')}{_sheet_of(asked)}")


@login_required
def propose_targets(request: HttpRequest) -> HttpResponse:
    """Draft targets for everybody from what was reached last year."""
    return _many(request, operations.propose_targets, _("Propose from last year's actuals"), forms.ProposeForm)


@login_required
def copy_targets(request: HttpRequest) -> HttpResponse:
    """Draft targets for everybody from last year's targets."""
    return _many(request, operations.copy_targets, _("Copy last year's targets"))


def _many(request: HttpRequest, act: Any, title: str, ask: Any = forms.ManyForm) -> HttpResponse:
    asked = asked_for(request)
    initial = {"metric": asked["code"], "year": asked["year"], "groups": asked["group"]}
    form = ask(request.POST or None, initial=initial)
    if form.is_bound and (made := carry_out(form, act, by=viewer(request), at=now())) is not None:
        toast(request, ngettext("%(n)s draft was made.", "%(n)s drafts were made.", len(made)) % {"n": len(made)})
        given = {"code": form.cleaned_data["metric"], "year": form.cleaned_data["year"], "group": asked["group"]}
        unit = next(iter(form.cleaned_data.get("groups", ())), "")
        return redirect(f"{reverse('targets:targets')}{_sheet_of(given, unit)}")
    return _ask(request, form, title, f"{reverse('targets:targets')}{_sheet_of(asked)}", _("Make drafts"))
