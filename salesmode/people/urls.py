"""Addresses of the pages about people."""

from django.urls import path

from salesmode.people import views

app_name = "people"
urlpatterns = [
    path("settings/people", views.people, name="people"),
    path("settings/people/invite", views.invite_person, name="invite_person"),
    path("settings/people/<int:person_id>", views.person, name="person"),
    path("settings/people/<int:person_id>/edit", views.amend_person, name="amend_person"),
    path("settings/people/<int:person_id>/deactivate", views.deactivate_person, name="deactivate_person"),
    path("settings/people/<int:person_id>/reactivate", views.reactivate_person, name="reactivate_person"),
    path("settings/people/<int:person_id>/hand-over", views.hand_over, name="hand_over"),
    path("settings/people/<int:person_id>/password-link", views.issue_password_link, name="issue_password_link"),
    path("settings/invitations/<int:invitation_id>/withdraw", views.withdraw_invitation, name="withdraw_invitation"),
    path("join/<str:secret>", views.accept_invitation, name="accept_invitation"),
    path("settings/teams", views.teams, name="teams"),
    path("settings/teams/new", views.create_team, name="create_team"),
    path("settings/teams/<int:team_id>", views.amend_team, name="amend_team"),
    path("settings/permissions", views.permissions, name="permissions"),
    path("settings/me", views.profile, name="profile"),
    path("settings/security", views.security, name="security"),
    path("settings/security/end-sessions", views.end_sessions, name="end_sessions"),
    path("settings/tokens", views.tokens, name="tokens"),
    path("settings/tokens/new", views.create_token, name="create_token"),
    path("settings/tokens/<int:token_id>/revoke", views.revoke_token, name="revoke_token"),
]
