"""The addresses of the selling pages."""

from django.urls import path

from salesmode.selling.views import board, deals, leads, many, processes

app_name = "selling"
urlpatterns = [
    path("deals/board", board.board, name="board"),
    path("deals/board/<int:stage_id>", board.column, name="board_column"),
    path("deals/", deals.deals, name="deals"),
    path("deals/new", deals.open_deal, name="open_deal"),
    path("deals/move", many.move_deals, name="move_deals"),
    path("deals/lose", many.lose_deals, name="lose_deals"),
    path("deals/hand-over", many.hand_over_deals, name="hand_over_deals"),
    path("deals/<int:deal_id>", deals.deal, name="deal"),
    path("deals/<int:deal_id>/edit", deals.amend_deal, name="amend_deal"),
    path("deals/<int:deal_id>/lines", deals.deal_lines, name="deal_lines"),
    path("deals/<int:deal_id>/move", deals.move_deal, name="move_deal"),
    path("deals/<int:deal_id>/win", deals.win_deal, name="win_deal"),
    path("deals/<int:deal_id>/lose", deals.lose_deal, name="lose_deal"),
    path("deals/<int:deal_id>/reopen", deals.reopen_deal, name="reopen_deal"),
    path("deals/<int:deal_id>/hand-over", deals.hand_over_deal, name="hand_over_deal"),
    path("leads/", leads.leads, name="leads"),
    path("leads/new", leads.create_lead, name="create_lead"),
    path("leads/claim", many.claim_leads, name="claim_leads"),
    path("leads/hand-over", many.hand_over_leads, name="hand_over_leads"),
    path("leads/<int:lead_id>", leads.lead, name="lead"),
    path("leads/<int:lead_id>/edit", leads.amend_lead, name="amend_lead"),
    path("leads/<int:lead_id>/claim", leads.claim_lead, name="claim_lead"),
    path("leads/<int:lead_id>/release", leads.release_lead, name="release_lead"),
    path("leads/<int:lead_id>/respond", leads.respond_to_lead, name="respond_to_lead"),
    path("leads/<int:lead_id>/convert", leads.convert_lead, name="convert_lead"),
    path("leads/<int:lead_id>/reject", leads.reject_lead, name="reject_lead"),
    path("leads/<int:lead_id>/hand-over", leads.hand_over_lead, name="hand_over_lead"),
    path("settings/processes", processes.processes, name="processes"),
    path("settings/processes/new", processes.define_process, name="define_process"),
    path("settings/processes/<int:process_id>", processes.process, name="process"),
    path("settings/loss-reasons", processes.loss_reasons, name="loss_reasons"),
]
