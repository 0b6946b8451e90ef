"""The pages of reviews: list, one review, and a door for each step."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from salesmode.kernel import lists
from salesmode.kernel.locking import require
from salesmode.kernel.pages import carry_out, toast, version_of
from salesmode.kernel.refusals import Invalid
from salesmode.people.visibility import viewer
from salesmode.reviews import operations
from salesmode.reviews.forms import reviews as forms
from salesmode.reviews.models import Review, ReviewSide
from salesmode.reviews.queries.review_page import review_page, view_of, what_may


def _load(request: HttpRequest, review_id: int) -> Review:
    reviews = Review.objects.visible_to(viewer(request))
    related = ("owner", "owner__team", "leader", "round", "template", "opinion_by")
    return get_object_or_404(reviews.select_related(*related), pk=review_id)


@login_required
def reviews(request: HttpRequest) -> HttpResponse:
    """List the reviews that somebody may see."""
    return lists.show(request, "review")


@login_required
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Show a review, as far as the viewer may know it."""
    found = _load(request, review_id)
    return render(request, "reviews/review.html", _context(request, found))


@login_required
def print_review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Show a review for the printer."""
    found = _load(request, review_id)
    return render(request, "reviews/print.html", _context(request, found))


def _context(request: HttpRequest, found: Review) -> dict[str, Any]:
    page = review_page(found, seen_by=viewer(request))
    views = [{"title": _("Own view"), "view": page.own}, {"title": _("Manager's view"), "view": page.manager}]
    return {"record": found, "page": page, "views": views, "title": str(found)}


@login_required
def score_self(request: HttpRequest, review_id: int) -> HttpResponse:
    """Write the own view, keep it, or send it."""
    found = _load(request, review_id)
    require(what_may(found, viewer(request))["score_self"])
    return _side(request, found, ReviewSide.Side.SELF, keep=operations.score_self, send=operations.submit_self_review)


@login_required
def assess(request: HttpRequest, review_id: int) -> HttpResponse:
    """Write the manager's view, keep it, or send it."""
    found = _load(request, review_id)
    require(what_may(found, viewer(request))["assess"])
    return _side(request, found, ReviewSide.Side.MANAGER, keep=operations.assess_review, send=operations.submit_review)


def _side(
    request: HttpRequest, found: Review, side: str, *, keep: Callable[..., Any], send: Callable[..., Any]
) -> HttpResponse:
    lines = list(found.lines.order_by("position", "id"))
    form = forms.SideForm(request.POST or None, lines=lines, view=view_of(found, side))
    if request.method == "POST" and form.is_valid():
        act = send if "send" in request.POST else keep
        try:
            act(found, draft=form.draft, version=version_of(request), by=viewer(request), at=now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            toast(request, _("Sent.") if act is send else _("Kept as a draft."))
            return redirect("reviews:review", found.pk)
    context = {
        "form": form,
        "record": found,
        "page": review_page(found, seen_by=viewer(request)),
        "side": side,
        "title": _("Own view") if side == ReviewSide.Side.SELF else _("Manager's view"),
        "cancel_url": reverse("reviews:review", args=[found.pk]),
    }
    return render(request, "reviews/side.html", context, status=422 if request.method == "POST" else 200)


def _worded(
    request: HttpRequest, found: Review, form: Any, act: Callable[..., Any], *, title: str, done: str, **context: Any
) -> HttpResponse:
    """Ask for the words that a step needs, and take it."""
    given = {"version": version_of(request), "by": viewer(request), "at": now()}
    if request.method == "POST" and carry_out(form, partial(act, found), **given) is not None:
        toast(request, done)
        return redirect(_back(request, found))
    shown = {
        "form": form,
        "record": found,
        "title": title,
        "about": found,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "cancel_url": reverse("reviews:review", args=[found.pk]),
        **context,
    }
    return render(request, "reviews/form.html", shown, status=422 if request.method == "POST" else 200)


def _back(request: HttpRequest, found: Review) -> str:
    going_back = request.POST.get("next", "")
    return going_back if going_back.startswith("/reviews/rounds/") else reverse("reviews:review", args=[found.pk])


@login_required
def calibrate(request: HttpRequest, review_id: int) -> HttpResponse:
    """Say a result otherwise, with a reason."""
    found = _load(request, review_id)
    require(what_may(found, viewer(request))["calibrate"])
    standing = review_page(found, seen_by=viewer(request)).standing
    form = forms.CalibrateForm(request.POST or None, initial={"result": standing})
    act, done = operations.calibrate_review, _("The result was calibrated.")
    return _worded(request, found, form, act, title=_("Calibrate"), done=done, submit_label=_("Calibrate"))


@require_POST
@login_required
def tell(request: HttpRequest, review_id: int) -> HttpResponse:
    """Let the person know."""
    found = _load(request, review_id)
    operations.tell_review(found, version=version_of(request), by=viewer(request), at=now())
    toast(request, _("%(name)s can read it now.") % {"name": found.owner.name})
    return redirect(_back(request, found))


@require_POST
@login_required
def agree(request: HttpRequest, review_id: int) -> HttpResponse:
    """Agree."""
    found = _load(request, review_id)
    operations.agree_review(found, version=version_of(request), by=viewer(request), at=now())
    return redirect("reviews:review", found.pk)


@login_required
def disagree(request: HttpRequest, review_id: int) -> HttpResponse:
    """Disagree, and say why."""
    found = _load(request, review_id)
    require(what_may(found, viewer(request))["disagree"])
    form, act = forms.DisagreeForm(request.POST or None), operations.disagree_review
    return _worded(request, found, form, act, title=_("Disagree"), done=_("Sent."), submit_label=_("Send"))


@login_required
def answer(request: HttpRequest, review_id: int) -> HttpResponse:
    """Answer a disagreement."""
    found = _load(request, review_id)
    require(what_may(found, viewer(request))["answer"])
    form, act = forms.AnswerForm(request.POST or None), operations.answer_disagreement
    return _worded(request, found, form, act, title=_("Answer"), done=_("Sent."), submit_label=_("Send"))


@login_required
def second_opinion(request: HttpRequest, review_id: int) -> HttpResponse:
    """Give a second opinion."""
    found = _load(request, review_id)
    require(what_may(found, viewer(request))["second_opinion"])
    form, act = forms.OpinionForm(request.POST or None), operations.give_second_opinion
    return _worded(request, found, form, act, title=_("Second opinion"), done=_("Sent."), submit_label=_("Send"))


@require_POST
@login_required
def sign(request: HttpRequest, review_id: int) -> HttpResponse:
    """Sign."""
    found = _load(request, review_id)
    operations.sign_review(found, version=version_of(request), by=viewer(request), at=now())
    toast(request, _("Signed by both and locked.") if found.is_locked else _("Signed."))
    return redirect("reviews:review", found.pk)
