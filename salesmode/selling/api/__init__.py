"""Deals, leads and processes for programs."""

from salesmode.selling.api.deals import deals
from salesmode.selling.api.leads import leads
from salesmode.selling.api.processes import loss_reasons, processes

ROUTERS = {"deals": deals, "leads": leads, "processes": processes, "loss-reasons": loss_reasons}

__all__ = ["ROUTERS"]
