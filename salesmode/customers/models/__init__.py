"""The nouns of customers: the customer, the people there, every contact with them, and the visits to them."""

from salesmode.customers.models.contact import Contact
from salesmode.customers.models.customer import Customer, CustomerShare
from salesmode.customers.models.erasure import ErasedMark, ErasureReason, marks_of, veiled
from salesmode.customers.models.interaction import Interaction
from salesmode.customers.models.visit import Visit
from salesmode.customers.models.visit_plan import VisitPlan, VisitRules, VisitType

__all__ = [
    "Contact",
    "Customer",
    "CustomerShare",
    "ErasedMark",
    "ErasureReason",
    "Interaction",
    "Visit",
    "VisitPlan",
    "VisitRules",
    "VisitType",
    "marks_of",
    "veiled",
]
