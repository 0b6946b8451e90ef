"""The web door of contacts."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from salesmode.customers import account, operations, policies, queries, views_page
from salesmode.customers.forms import ContactForm, EraseForm
from salesmode.customers.models import Contact, Customer
from salesmode.kernel import lists
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.people.visibility import viewer


def _load(request: HttpRequest, contact_id: int) -> Contact:
    return get_object_or_404(
        Contact.objects.visible_to(request.user).select_related("customer", "owner"), pk=contact_id
    )


def _url(contact: Contact) -> str:
    return reverse("customers:contact", args=[contact.pk])


@login_required
def contacts(request: HttpRequest) -> HttpResponse:
    """List contacts."""
    return lists.show(request, "contact")


@require_GET
@login_required
def contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show a contact and what was said to them."""
    found = _load(request, contact_id)
    person = viewer(request)
    context = {"record": found, "title": found.name, "facts": views_page.contact_facts(found)}
    context |= {"may_amend": policies.may_amend_contact(person, found) and not found.is_erased}
    may_erase = policies.may_erase_contact(person, found) and not found.is_erased
    context |= {"may_erase": may_erase, "has_menu": may_erase}
    return render(request, "customers/contact.html", context | views_page.story_context(request, "contact", found.pk))


@login_required
def create_contact(request: HttpRequest) -> HttpResponse:
    """Write down somebody at a customer."""
    person = viewer(request)
    asked = request.GET.get("customer", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    customer = Customer.objects.visible_to(person).filter(pk=number).first()
    form = ContactForm(request.POST or None, seen_by=person, initial={"customer": customer})
    if form.is_bound and (made := carry_out(form, operations.create_contact, by=person, at=now())) is not None:
        toast(request, _("%(contact)s was added.") % {"contact": made.name})
        return (
            redirect("customers:customer", made.customer_id)
            if made.customer_id
            else redirect("customers:contact", made.pk)
        )
    back = reverse("customers:customer", args=[customer.pk]) if customer else reverse("customers:contacts")
    context = {"form": form, "title": _("New contact"), "cancel_url": back}
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


@login_required
def amend_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Change what we know of a contact."""
    found = _load(request, contact_id)
    initial = {name: getattr(found, name) for name in ContactForm.base_fields} | {"customer": found.customer}
    form = ContactForm(request.POST or None, seen_by=viewer(request), contact=found, initial=initial)
    act = partial(_amend, contact=found, version=version_of(request))
    if form.is_bound and carry_out(form, act, by=viewer(request), at=now()) is not None:
        toast(request, _("Saved."))
        return redirect("customers:contact", found.pk)
    context = {"form": form, "title": _("Edit contact"), "record": found, "cancel_url": _url(found)}
    context["version"] = found.version
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


def _amend(*, contact: Contact, **changes: Any) -> Contact:
    return operations.amend_contact(contact, **changes)


@require_POST
@login_required
def mark_contact_left(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Note that a contact is no longer with the customer."""
    found = _load(request, contact_id)
    operations.mark_contact_left(found, by=viewer(request), at=now())
    toast(request, _("Saved."))
    return redirect("customers:contact", found.pk)


@login_required
def erase_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Ask why, say what goes and what stays, and erase what is personal about a contact."""
    found = _load(request, contact_id)
    form = EraseForm(request.POST or None)
    act = partial(_erase, contact=found, version=version_of(request))
    if form.is_bound and carry_out(form, act, by=viewer(request), at=now()) is not None:
        toast(request, _("The personal data was erased."))
        return redirect("customers:contact", found.pk)
    context = {"form": form, "title": _("Erase personal data of %(contact)s") % {"contact": found.name}}
    context |= {"record": found, "cancel_url": _url(found), "version": found.version}
    asked = account.on_mention_request.tell(found.words(), viewer(request)) if not found.is_erased else []
    context |= {"places": [place for places in asked for place in places]}
    context |= {"submit_label": _("Erase for good"), "submit_class": "btn-danger"}
    return render(request, "customers/erase.html", context, status=422 if form.is_bound else 200)


def _erase(*, contact: Contact, confirmed: bool, **given: Any) -> Contact:
    return operations.erase_contact(contact, **given)


@require_POST
@login_required
def hand_out_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Hand out everything that is held about a contact, as a file that programs read."""
    found = operations.hand_out_contact(_load(request, contact_id), by=viewer(request), at=now())
    answer = JsonResponse(queries.held_about(found), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="contact-{found.pk}.json"'
    return answer
