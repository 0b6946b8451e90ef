"""Everything that changes processes, leads and deals."""

from salesmode.selling.operations.amend_deal import amend_deal
from salesmode.selling.operations.claim_lead import claim_lead, hand_over_lead, release_lead
from salesmode.selling.operations.convert_lead import DealDraft, convert_lead, reject_lead
from salesmode.selling.operations.create_lead import amend_lead, create_lead
from salesmode.selling.operations.define_loss_reason import amend_loss_reason, define_loss_reason
from salesmode.selling.operations.define_process import StageDraft, amend_process, define_process
from salesmode.selling.operations.erase_person import erase_person
from salesmode.selling.operations.follow_account import follow_account_owner, move_to_kept_customer
from salesmode.selling.operations.hand_over_deal import hand_over_deal
from salesmode.selling.operations.import_deals import DealRow, import_deals
from salesmode.selling.operations.import_leads import LeadRow, import_leads
from salesmode.selling.operations.lose_deal import lose_deal
from salesmode.selling.operations.many import claim_leads, hand_over_deals, hand_over_leads, lose_deals, move_deals
from salesmode.selling.operations.move_deal import move_deal
from salesmode.selling.operations.note_interaction import note_interaction
from salesmode.selling.operations.open_deal import open_deal
from salesmode.selling.operations.reopen_deal import reopen_deal
from salesmode.selling.operations.respond_to_lead import respond_to_lead
from salesmode.selling.operations.set_deal_lines import LineDraft, set_deal_lines
from salesmode.selling.operations.standard_process import (
    define_standard_process,
    standard_loss_reasons,
    standard_process_drafts,
)
from salesmode.selling.operations.win_deal import win_deal

__all__ = [
    "DealDraft",
    "DealRow",
    "LeadRow",
    "LineDraft",
    "StageDraft",
    "amend_deal",
    "amend_lead",
    "amend_loss_reason",
    "amend_process",
    "claim_lead",
    "claim_leads",
    "convert_lead",
    "create_lead",
    "define_loss_reason",
    "define_process",
    "define_standard_process",
    "erase_person",
    "follow_account_owner",
    "hand_over_deal",
    "hand_over_deals",
    "hand_over_lead",
    "hand_over_leads",
    "import_deals",
    "import_leads",
    "lose_deal",
    "lose_deals",
    "move_deal",
    "move_deals",
    "move_to_kept_customer",
    "note_interaction",
    "open_deal",
    "reject_lead",
    "release_lead",
    "reopen_deal",
    "respond_to_lead",
    "set_deal_lines",
    "standard_loss_reasons",
    "standard_process_drafts",
    "win_deal",
]
