"""Who may do what to processes, leads and deals."""

from salesmode.people.models import Person
from salesmode.people.permissions import matrix, may
from salesmode.selling.models import Deal, Lead


def may_define_process(by: Person) -> bool:
    """May this person decide how deals go here?"""
    return may(by, "selling.define_process")


def may_amend_process(by: Person) -> bool:
    """May this person change how deals go here?"""
    return may(by, "selling.amend_process")


def may_define_loss_reason(by: Person) -> bool:
    """May this person decide which reasons a loss can have?"""
    return may(by, "selling.define_loss_reason")


def may_open_deal(by: Person, deal: Deal | None = None) -> bool:
    """May this person open deals, or this very one, which somebody else might own?"""
    return may(by, "selling.open_deal", deal)


def may_import_deals(by: Person) -> bool:
    """May this person bring in deals from elsewhere?"""
    return may(by, "selling.import_deals")


def may_amend_deal(by: Person, deal: Deal) -> bool:
    """May this person change a deal's details?"""
    return may(by, "selling.amend_deal", deal)


def may_set_deal_lines(by: Person, deal: Deal) -> bool:
    """May this person say what a deal is about, and for how much?"""
    return may(by, "selling.set_deal_lines", deal)


def may_move_deal(by: Person, deal: Deal) -> bool:
    """May this person move a deal to another stage?"""
    return may(by, "selling.move_deal", deal)


def may_win_deal(by: Person, deal: Deal) -> bool:
    """May this person say that a deal was won?"""
    return may(by, "selling.win_deal", deal)


def may_lose_deal(by: Person, deal: Deal) -> bool:
    """May this person say that a deal was lost?"""
    return may(by, "selling.lose_deal", deal)


def may_reopen_deal(by: Person, deal: Deal) -> bool:
    """May this person take a decision back?"""
    return may(by, "selling.reopen_deal", deal)


def may_hand_over_deal(by: Person, deal: Deal) -> bool:
    """May this person give a deal to somebody else?"""
    return may(by, "selling.hand_over_deal", deal)


def may_own_deals(person: Person) -> bool:
    """May deals and leads belong to this person?"""
    return person.is_active and (person.is_system or may(person, "selling.open_deal"))


def owner_roles() -> list[str]:
    """Return the roles whose people deals and leads can belong to."""
    return sorted(matrix()["selling.open_deal"])


def may_create_lead(by: Person, lead: Lead | None = None) -> bool:
    """May this person bring in leads, or this very one, which somebody else might own?"""
    return may(by, "selling.create_lead", lead)


def may_import_leads(by: Person) -> bool:
    """May this person bring in leads from elsewhere?"""
    return may(by, "selling.import_leads")


def may_amend_lead(by: Person, lead: Lead) -> bool:
    """May this person change a lead's details?"""
    return may(by, "selling.amend_lead", lead)


def may_claim_lead(by: Person) -> bool:
    """May this person take leads that wait for somebody?"""
    return may(by, "selling.claim_lead", Lead())


def may_release_lead(by: Person, lead: Lead) -> bool:
    """May this person let a lead wait for somebody else?"""
    return may(by, "selling.release_lead", lead)


def may_respond_to_lead(by: Person, lead: Lead) -> bool:
    """May this person say that a lead has been spoken to?"""
    return may(by, "selling.respond_to_lead", lead)


def may_convert_lead(by: Person, lead: Lead) -> bool:
    """May this person make a customer of a lead?"""
    return may(by, "selling.convert_lead", lead)


def may_reject_lead(by: Person, lead: Lead) -> bool:
    """May this person give a lead up?"""
    return may(by, "selling.reject_lead", lead)


def may_hand_over_lead(by: Person, lead: Lead) -> bool:
    """May this person give a lead to somebody else?"""
    return may(by, "selling.hand_over_lead", lead)
