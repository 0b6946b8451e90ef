"""Sign-in rules that the library asks us for."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):
    """Nobody signs up by themselves: people join by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no to strangers."""
        return False
