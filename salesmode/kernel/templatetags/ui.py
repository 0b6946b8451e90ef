"""Words that every template knows: money, numbers, days, people."""

from django import template

register = template.Library()
