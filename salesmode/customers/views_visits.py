"""The web door of visits: somebody's day, the visit itself, the plan of a month, coverage."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.customers import operations, policies, queries, views
from salesmode.customers.forms import CallOffForm, CheckInForm, CheckOutForm, PlanVisitForm, VisitForm
from salesmode.customers.models import Customer, Visit, VisitType
from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.kernel.periods import add_months
from salesmode.kernel.refusals import Invalid
from salesmode.people.models import Person
from salesmode.people.permissions import may_open
from salesmode.people.visibility import seen_owner_ids, viewer

MOST_FILES = 10
VISITING = (Person.Role.SELLER, Person.Role.MANAGER, Person.Role.DIRECTOR, Person.Role.OPERATIONS)


@login_required
def visits(request: HttpRequest) -> HttpResponse:
    """List visits."""
    return lists.show(request, "visit")


def visitors_for(person: Person) -> QuerySet[Person]:
    """Return the people whose visits somebody may look at and who make any."""
    people = Person.objects.active().filter(role__in=VISITING)
    seen = seen_owner_ids(person)
    return (people if seen is None else people.filter(pk__in=seen)).order_by("name", "id")


def visitor_of(request: HttpRequest) -> Person:
    """Return whose visits a page is about: one's own unless it names somebody that the viewer looks after."""
    person = viewer(request)
    wanted = request.POST.get("person") or request.GET.get("person") or ""
    if not wanted and person.role in VISITING:
        return person
    people = visitors_for(person)
    if not wanted:
        return people.filter(role=Person.Role.SELLER).first() or person
    return get_object_or_404(people, pk=int(wanted) if wanted.isascii() and wanted.isdigit() else 0)


def day_asked(request: HttpRequest, name: str = "on") -> date:
    """Return the day that a page is about: today unless it names one."""
    wanted = request.POST.get(name) or request.GET.get(name) or ""
    wanted = f"{wanted}-01" if len(wanted) == 7 else wanted
    try:
        found = parse_date(wanted)
    except ValueError:
        found = None
    today = localdate()
    return found if found and abs((found - today).days) < 5_000 else today


def _load(request: HttpRequest, visit_id: int) -> Visit:
    rows = Visit.objects.visible_to(request.user).select_related("customer", "owner", "type", "interaction", "plan")
    return get_object_or_404(rows, pk=visit_id)


@require_GET
@login_required
def visit_day(request: HttpRequest) -> HttpResponse:
    """Show somebody's visits of a day in the order in which they are made."""
    person, owner, day = viewer(request), visitor_of(request), day_asked(request)
    shown = queries.visit_day(owner, day=day, seen_by=person)
    people = visitors_for(person)
    context = {
        "shown": shown,
        "people": people if people.count() > 1 else [],
        "may_plan": policies.may_plan_visit(person, owner),
        "is_mine": owner == person,
        "before": date.fromordinal(day.toordinal() - 1),
        "after": date.fromordinal(day.toordinal() + 1),
        "today": localdate(),
        "may_check_in": owner == person and may_open(person, "customers:check_in_visit"),
    }
    return render(request, "customers/visit_day.html", context)


@require_POST
@login_required
def order_visits(request: HttpRequest) -> HttpResponse:
    """Put a day's visits in another order: as given, one up or down, or always on to the nearest."""
    owner, day = visitor_of(request), day_asked(request)
    keys = [visit.pk for visit in queries.visit_day(owner, day=day, seen_by=viewer(request)).to_come]
    up = request.POST.get("up", "")
    order = None
    if up.isascii() and up.isdigit() and int(up) in keys:
        place = keys.index(int(up))
        if place:
            keys[place - 1], keys[place] = keys[place], keys[place - 1]
        order = keys
    operations.order_visits(owner, day=day, order=order, by=viewer(request), at=now())
    moved = f"#visit-{int(up)}" if order else ""
    return redirect(f"{reverse('customers:visit_day')}?on={day}&person={owner.pk}{moved}")


@require_http_methods(["GET", "POST"])
@login_required
def plan_visit(request: HttpRequest) -> HttpResponse:
    """Plan a visit."""
    person = viewer(request)
    wanted = request.GET.get("customer", "")
    customer = None
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        customer = Customer.objects.visible_to(person).filter(pk=int(wanted)).first()
    people = visitors_for(person)
    initial = {"customer": customer, "planned_on": day_asked(request)}
    form = PlanVisitForm(
        request.POST or None, seen_by=person, visitors=people if people.count() > 1 else None, initial=initial
    )
    made = carry_out(form, operations.plan_visit, by=person, at=now())
    if made is not None:
        toast(request, _("The visit is planned."))
        return redirect("customers:visit", made.pk)
    context = {"form": form, "title": _("Plan a visit"), "cancel_url": reverse("customers:visit_day")}
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


@require_GET
@login_required
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Show a visit: the check-in, the check-out, or what came of it."""
    return _show(request, _load(request, visit_id))


def _show(request: HttpRequest, found: Visit, form: CheckOutForm | None = None, *, status: int = 200) -> HttpResponse:
    person = viewer(request)
    mine = policies.may_check_in(person, found)
    may_check_out = mine and found.is_under_way
    kinds = queries.visit_types() if may_check_out and found.type is None else []
    kind = _kind_asked(request, kinds)
    if may_check_out and form is None:
        form = CheckOutForm(visit=found, type=kind)
    context = {
        "record": found,
        "form": form,
        "check_in": CheckInForm(),
        "may_check_in": mine and found.is_planned,
        "may_check_out": may_check_out,
        "kinds": kinds,
        "kind": kind,
        "may_plan": found.is_planned and policies.may_plan_visit(person, found.owner),
        "photos": queries.photos_of(found),
        "tone": found.tone,
        "today": localdate(),
        "has_menu": found.is_planned and policies.may_plan_visit(person, found.owner),
    }
    return render(request, "customers/visit.html", context, status=status)


def _kind_asked(request: HttpRequest, kinds: list[VisitType]) -> VisitType | None:
    """Return the kind of visit that an address or a form names; where there is only one, that one."""
    wanted = request.POST.get("type") or request.GET.get("type") or ""
    chosen = next((kind for kind in kinds if f"{kind.pk}" == wanted), None)
    return kinds[0] if chosen is None and len(kinds) == 1 else chosen


@require_http_methods(["GET", "POST"])
@login_required
def amend_visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Move a planned visit or say what else it is about."""
    found = _load(request, visit_id)
    initial = {"planned_on": found.planned_on, "type": found.type, "purpose": found.purpose}
    form = VisitForm(request.POST or None, initial=initial)
    person = viewer(request)
    given: dict[str, Any] = {"by": person, "at": now(), "version": version_of(request)}
    if carry_out(form, lambda **changes: operations.amend_visit(found, **changes, **given)) is not None:
        return redirect("customers:visit", found.pk)
    context = {"form": form, "title": _("Change the visit"), "record": found.customer, "version": found.version}
    context["cancel_url"] = reverse("customers:visit", args=[found.pk])
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@login_required
def call_off_visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Call a planned visit off."""
    found = _load(request, visit_id)
    form = CallOffForm(request.POST or None)
    person = viewer(request)
    called = carry_out(form, lambda **given: operations.call_off_visit(found, **given, by=person, at=now()))
    if called is not None:
        toast(request, _("The visit is called off."))
        return redirect(f"{reverse('customers:visit_day')}?on={found.planned_on}&person={found.owner_id}")
    context = {"form": form, "title": _("Call the visit off"), "record": found.customer}
    context["cancel_url"] = reverse("customers:visit", args=[found.pk])
    context["submit_label"] = _("Call off")
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def check_in_visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Check in where the visitor is."""
    found = _load(request, visit_id)
    operations.check_in_visit(found, **_position(request), attachments=_sent(request), by=viewer(request), at=now())
    return redirect("customers:visit", found.pk)


@require_POST
@login_required
def begin_visit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Check in at a customer's from its page, planned or not."""
    found = views.load(request, customer_id)
    made = operations.begin_visit(found, **_position(request), by=viewer(request), at=now())
    return redirect("customers:visit", made.pk)


@require_POST
@login_required
def check_out_visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Check out with what came of the visit."""
    found = _load(request, visit_id)
    kinds = queries.visit_types() if found.type is None else []
    form = CheckOutForm(request.POST, visit=found, type=_kind_asked(request, kinds))
    given: dict[str, Any] = {"attachments": _sent(request), "by": viewer(request), "at": now()}
    made = carry_out(form, lambda **fields: operations.check_out_visit(found, **fields, **given))
    if made is None:
        return _show(request, _load(request, visit_id), form, status=422)
    toast(request, _("Checked out. It stands on the customer's timeline."))
    return redirect("customers:visit", found.pk)


def _position(request: HttpRequest) -> dict[str, Any]:
    """Return the position that the phone gave; a form without one checks in without."""
    form = CheckInForm(request.POST)
    if not form.is_valid():
        raise Invalid({name: [str(each) for each in errors] for name, errors in form.errors.items()})
    return form.cleaned_data


def _sent(request: HttpRequest) -> list[tuple[str, Any]]:
    return [(upload.name or "", upload) for upload in request.FILES.getlist("photo")[:MOST_FILES]]


@require_GET
@login_required
def visit_plan(request: HttpRequest) -> HttpResponse:
    """Show what somebody means to do in a month."""
    person, owner, month = viewer(request), visitor_of(request), day_asked(request, "month").replace(day=1)
    people = visitors_for(person)
    context = {
        "shown": queries.month_plan(owner, month=month, seen_by=person),
        "people": people if people.count() > 1 else [],
        "may_plan": policies.may_plan_visit(person, owner),
        "before": add_months(month, -1),
        "after": add_months(month, 1),
        "today": localdate(),
        "weekdays": [capfirst(WEEKDAYS_ABBR[number]) for number in range(7)],
        "is_past": add_months(month, 1) <= localdate(),
    }
    return render(request, "customers/visit_plan.html", context)


@require_POST
@login_required
def plan_month(request: HttpRequest) -> HttpResponse:
    """Lay a month out from the frequencies of grades."""
    owner, month = visitor_of(request), day_asked(request, "month")
    plans = operations.plan_month(owner, month=month, by=viewer(request), at=now())
    toast(request, _("%(count)s customers were planned.") % {"count": len(plans)})
    return redirect(_plan_page(owner, month))


@require_POST
@login_required
def set_visit_plan(request: HttpRequest) -> HttpResponse:
    """Plan how often one customer is visited in a month."""
    owner, month = visitor_of(request), day_asked(request, "month")
    number, key = request.POST.get("planned", ""), request.POST.get("customer", "")
    given = {"planned": int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1}
    wanted = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0
    customer = get_object_or_404(Customer.objects.visible_to(viewer(request)), pk=wanted)
    operations.set_visit_plan(customer, owner=owner, month=month, **given, by=viewer(request), at=now())
    return redirect(_plan_page(owner, month))


def _plan_page(owner: Person, month: date) -> str:
    return f"{reverse('customers:visit_plan')}?month={month:%Y-%m}&person={owner.pk}"


@require_GET
@login_required
def coverage(request: HttpRequest) -> HttpResponse:
    """Show how well customers were covered in a month, visitor by visitor."""
    month = day_asked(request, "month").replace(day=1)
    lines, whole = queries.coverage(month=month, seen_by=viewer(request))
    context = {"lines": lines, "whole": whole, "month": month, "today": localdate()}
    context |= {"before": add_months(month, -1), "after": add_months(month, 1)}
    context["last"] = date.fromordinal(add_months(month, 1).toordinal() - 1)
    rates, context["strike"] = queries.strike_rates(month=month, seen_by=viewer(request))
    for line in lines:
        line.strike = rates.get(line.person.pk) if line.person else None
    return render(request, "customers/coverage.html", context)
