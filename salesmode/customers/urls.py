"""The addresses of customers, contacts and interactions."""

from django.urls import path

from salesmode.customers import views, views_bulk, views_contacts, views_interactions

app_name = "customers"
urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/pool", views.pool, name="pool"),
    path("customers/new", views.create_customer, name="create_customer"),
    path("customers/pick", views.pick, name="pick"),
    path("customers/duplicates", views.duplicates, name="duplicates"),
    path("customers/hand-over", views_bulk.hand_over_customers, name="hand_over_customers"),
    path("customers/release", views_bulk.release_customers, name="release_customers"),
    path("customers/claim", views_bulk.claim_customers, name="claim_customers"),
    path("customers/tag", views_bulk.tag_customers, name="tag_customers"),
    path("customers/<int:customer_id>", views.customer, name="customer"),
    path("customers/<int:customer_id>/timeline", views.timeline, name="timeline"),
    path("customers/<int:customer_id>/edit", views.amend_customer, name="amend_customer"),
    path("customers/<int:customer_id>/hand-over", views.hand_over_customer, name="hand_over_customer"),
    path("customers/<int:customer_id>/release", views.release_customer, name="release_customer"),
    path("customers/<int:customer_id>/claim", views.claim_customer, name="claim_customer"),
    path("customers/<int:customer_id>/share", views.share_customer, name="share_customer"),
    path("customers/<int:customer_id>/unshare/<int:person_id>", views.unshare_customer, name="unshare_customer"),
    path("customers/<int:customer_id>/merge", views.merge_customers, name="merge_customers"),
    path("customers/<int:customer_id>/next", views_interactions.schedule_follow_up, name="schedule_follow_up"),
    path("customers/<int:customer_id>/interactions", views_interactions.log_interaction, name="log_interaction"),
    path("contacts/", views_contacts.contacts, name="contacts"),
    path("contacts/new", views_contacts.create_contact, name="create_contact"),
    path("contacts/<int:contact_id>", views_contacts.contact, name="contact"),
    path("contacts/<int:contact_id>/edit", views_contacts.amend_contact, name="amend_contact"),
    path("contacts/<int:contact_id>/left", views_contacts.mark_contact_left, name="mark_contact_left"),
    path("interactions/", views_interactions.interactions, name="interactions"),
    path("interactions/<int:interaction_id>", views_interactions.interaction, name="interaction"),
    path("interactions/<int:interaction_id>/edit", views_interactions.amend_interaction, name="amend_interaction"),
    path(
        "interactions/about/<slug:kind>/<int:record_id>",
        views_interactions.log_interaction_about,
        name="log_interaction_about",
    ),
]
