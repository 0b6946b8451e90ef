"""The nouns of selling: processes and stages, leads, deals, their lines and their stays in stages."""

from salesmode.selling.models.deal import Deal, DealLine, DealStay
from salesmode.selling.models.lead import Lead
from salesmode.selling.models.process import LossReason, Process, Stage

__all__ = ["Deal", "DealLine", "DealStay", "Lead", "LossReason", "Process", "Stage"]
