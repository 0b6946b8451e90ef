"""The web door of customers."""

from typing import Any

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from salesmode.customers import operations, queries, views_page
from salesmode.customers.forms import CustomerForm, HandOverForm, MergeForm, ReleaseForm, ShareForm
from salesmode.customers.models import Customer
from salesmode.kernel import lists, rates
from salesmode.kernel.pages import carry_out, piece, toast
from salesmode.people.models import Person
from salesmode.people.visibility import viewer

HINTS_A_DAY = 30
A_DAY = 86_400


def load(request: HttpRequest, customer_id: int) -> Customer:
    """Return a customer that the viewer may open."""
    return get_object_or_404(
        Customer.objects.reachable_by(request.user).select_related("owner", "parent"), pk=customer_id
    )


def ask(request: HttpRequest, form: django_forms.Form, title: Any, customer: Customer, **more: Any) -> HttpResponse:
    """Show a form about a customer on a page of its own."""
    context = {"form": form, "title": title, "record": customer, "cancel_url": _url(customer)} | more
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


def _url(customer: Customer) -> str:
    return reverse("customers:customer", args=[customer.pk])


@login_required
def customers(request: HttpRequest) -> HttpResponse:
    """List customers."""
    return lists.show(request, "customer", template="customers/customers.html")


@login_required
def pool(request: HttpRequest) -> HttpResponse:
    """List the customers that nobody owns."""
    return lists.show(request, "pool")


@require_GET
@login_required
def pick(request: HttpRequest) -> HttpResponse:
    """Offer the customers that a form may mean by what was typed."""
    text = request.GET.get("q", "")[:100].replace("\x00", "")
    found = queries.pickable_customers(text, seen_by=viewer(request))
    return render(request, "customers/pick.html", {"customers": found, "text": text})


@require_GET
@login_required
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show everything about a customer."""
    found = Customer.objects.reachable_by(request.user).select_related("owner", "parent").filter(pk=customer_id).first()
    if found is None:
        merged = Customer.objects.filter(pk=customer_id).values_list("merged_into", flat=True).first()
        if merged and Customer.objects.reachable_by(request.user).filter(pk=merged).exists():
            return redirect("customers:customer", merged)
        raise Http404
    return render(request, "customers/customer.html", views_page.customer_context(request, found))


@require_GET
@login_required
def timeline(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show a further part of a customer's timeline."""
    found = load(request, customer_id)
    told = views_page.story_context(request, "customer", found.pk)
    return piece(
        request, "customers/story.html", told, otherwise=f"{_url(found)}?{request.GET.urlencode()}&tab=timeline"
    )


@login_required
def create_customer(request: HttpRequest) -> HttpResponse:
    """Write a new customer down; one that looks like a known customer is asked about first."""
    person = viewer(request)
    form = CustomerForm(request.POST or None, seen_by=person, initial={"name": request.GET.get("name", "")[:200]})
    alike = None
    if form.is_valid():
        alike = _alike(request, form.cleaned_data) if not request.POST.get("is_another") else None
        if not alike:
            made = carry_out(form, _create, by=person, at=now())
            if made is not None:
                toast(request, _("%(customer)s was added.") % {"customer": made.name})
                return redirect("customers:customer", made.pk)
    context = {"form": form, "title": _("New customer"), "alike": alike, "cancel_url": reverse("customers:customers")}
    return render(request, "customers/customer_form.html", context, status=422 if form.is_bound else 200)


def _create(*, to_pool: bool, by: Person, at: Any, **details: Any) -> Customer:
    return operations.create_customer(owner=None if to_pool else by, by=by, at=at, **details)


def _alike(
    request: HttpRequest, given: dict[str, Any], besides: int | None = None
) -> queries.PossibleDuplicates | None:
    """Return what looks like the same customer; that somebody else has it is said a limited number of times a day."""
    details = {name: given.get(name, "") for name in ("name", "phone", "email", "website")}
    person = viewer(request)
    found = queries.find_possible_duplicates(**details, seen_by=person, besides=besides)
    if found.another_exists and not rates.count(f"duplicate-hint:{person.pk}", HINTS_A_DAY, A_DAY)[0]:
        found = queries.PossibleDuplicates(found.seen, False)
    return found or None


@require_GET
@login_required
def duplicates(request: HttpRequest) -> HttpResponse:
    """Say, while somebody types, which customers look like the same."""
    given = {
        name: request.GET.get(name, "")[:200].replace("\x00", "") for name in ("name", "phone", "email", "website")
    }
    return render(request, "customers/alike.html", {"alike": _alike(request, given)})


@login_required
def amend_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Change what we know of a customer."""
    found = load(request, customer_id)
    initial = {name: getattr(found, name) for name in CustomerForm.base_fields} | {"parent": found.parent}
    form = CustomerForm(request.POST or None, seen_by=viewer(request), customer=found, initial=initial)
    version = request.POST.get("version", "")
    given = int(version) if version.isdigit() and len(version) < 10 else None
    if (
        form.is_bound
        and carry_out(form, _amend, customer=found, version=given, by=viewer(request), at=now()) is not None
    ):
        toast(request, _("Saved."))
        return redirect("customers:customer", found.pk)
    context = {"form": form, "title": _("Edit customer"), "record": found, "cancel_url": _url(found)}
    return render(request, "customers/customer_form.html", context, status=422 if form.is_bound else 200)


def _amend(*, customer: Customer, **changes: Any) -> Customer:
    return operations.amend_customer(customer, **changes)


@login_required
def hand_over_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Give a customer to somebody else."""
    found = load(request, customer_id)
    form = HandOverForm(request.POST or None)
    if form.is_bound and carry_out(form, _hand_over, customer=found, by=viewer(request), at=now()) is not None:
        toast(request, _("%(customer)s now belongs to %(person)s.") % {"customer": found.name, "person": found.owner})
        still_there = Customer.objects.reachable_by(request.user).filter(pk=found.pk).exists()
        return redirect("customers:customer", found.pk) if still_there else redirect("customers:customers")
    return ask(
        request, form, _("Hand over %(customer)s") % {"customer": found.name}, found, submit_label=_("Hand over")
    )


def _hand_over(*, customer: Customer, **given: Any) -> Customer:
    return operations.hand_over_customer(customer, **given)


@login_required
def release_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Put a customer back into the pool."""
    found = load(request, customer_id)
    form = ReleaseForm(request.POST or None)
    if form.is_valid():
        operations.release_customer(found, **form.cleaned_data, by=viewer(request), at=now())
        toast(request, _("%(customer)s is in the pool.") % {"customer": found.name})
        return redirect("customers:customer", found.pk)
    return ask(
        request,
        form,
        _("Release %(customer)s to the pool") % {"customer": found.name},
        found,
        submit_label=_("Release"),
    )


@require_POST
@login_required
def claim_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Take a customer out of the pool."""
    found = load(request, customer_id)
    operations.claim_customer(found, by=viewer(request), at=now())
    toast(request, _("%(customer)s is yours.") % {"customer": found.name})
    return redirect("customers:customer", found.pk)


@login_required
def share_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show a customer to a colleague."""
    found = load(request, customer_id)
    form = ShareForm(request.POST or None)
    if form.is_bound and carry_out(form, _share, customer=found, by=viewer(request), at=now()) is not None:
        toast(request, _("Shared."))
        return redirect("customers:customer", found.pk)
    return ask(request, form, _("Share %(customer)s") % {"customer": found.name}, found, submit_label=_("Share"))


def _share(*, customer: Customer, **given: Any) -> Customer:
    return operations.share_customer(customer, **given)


@require_POST
@login_required
def unshare_customer(request: HttpRequest, customer_id: int, person_id: int) -> HttpResponse:
    """Show a customer to a colleague no longer."""
    found = load(request, customer_id)
    person = get_object_or_404(Person.objects.people(), pk=person_id)
    operations.unshare_customer(found, person=person, by=viewer(request), at=now())
    toast(request, _("No longer shared."))
    return redirect("customers:customer", found.pk)


@login_required
def merge_customers(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Merge another record of the same customer into this one, after a look at both."""
    found = load(request, customer_id)
    form = MergeForm(request.POST or None, seen_by=viewer(request))
    other = form.cleaned_data["other"] if form.is_valid() else None
    if other is not None and request.POST.get("confirmed"):
        if carry_out(form, _merge, kept=found, by=viewer(request), at=now()) is not None:
            toast(request, _("%(other)s was merged into %(customer)s.") % {"other": other.name, "customer": found.name})
            return redirect("customers:customer", found.pk)
    elif other is not None and other.pk == found.pk:
        form.add_error("other", _("Choose another customer to merge into this one."))
        other = None
    context = {"form": form, "title": _("Merge into %(customer)s") % {"customer": found.name}, "record": found}
    context |= {"other": other, "pairs": views_page.side_by_side(found, other), "cancel_url": _url(found)}
    context |= {"submit_label": _("Merge") if other else _("Compare"), "submit_class": "btn-danger" if other else ""}
    return render(request, "customers/merge.html", context, status=422 if form.errors else 200)


def _merge(*, kept: Customer, other: Customer, **given: Any) -> Customer:
    return operations.merge_customers(kept, [other], **given)
