"""Addresses of orders and payments."""

from django.urls import path

from salesmode.orders import views

app_name = "orders"

urlpatterns = [
    path("orders/", views.orders, name="orders"),
    path("orders/new", views.draft, name="draft"),
    path("orders/<int:order_id>", views.order, name="order"),
    path("orders/<int:order_id>/edit", views.amend, name="amend"),
    path("orders/<int:order_id>/instalments", views.instalments, name="instalments"),
    path("orders/<int:order_id>/sign", views.sign, name="sign"),
    path("orders/<int:order_id>/fulfil", views.fulfil, name="fulfil"),
    path("orders/<int:order_id>/cancel", views.cancel, name="cancel"),
    path("orders/<int:order_id>/payments/new", views.receive, name="receive"),
    path("payments/", views.payments, name="payments"),
    path("payments/<int:payment_id>/reverse", views.reverse_payment, name="reverse"),
    path("deals/<int:deal_id>/order", views.draft_from_deal, name="draft_from_deal"),
]
