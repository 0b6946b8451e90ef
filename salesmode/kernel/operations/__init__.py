"""Everything that changes what belongs to no app: the company's settings, rates, custom fields and files."""

from salesmode.kernel.operations.company import amend_company, set_up_company, sketch_company
from salesmode.kernel.operations.currency_rates import set_currency_rate
from salesmode.kernel.operations.custom_fields import amend_custom_field, define_custom_field, retire_custom_field
from salesmode.kernel.operations.files import attach_file, detach_file, forget_files_of

__all__ = [
    "amend_company",
    "amend_custom_field",
    "attach_file",
    "define_custom_field",
    "detach_file",
    "forget_files_of",
    "retire_custom_field",
    "set_currency_rate",
    "set_up_company",
    "sketch_company",
]
