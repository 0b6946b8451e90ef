"""What reports and meetings add to the page on which somebody's personal data is erased."""

from salesmode.customers.account import on_mention_request
from salesmode.reviews.queries.mentions import places_naming

on_mention_request(places_naming)
