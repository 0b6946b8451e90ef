"""Pay for programs: plans, the ledger, statements."""

from salesmode.pay.api.plans import plans
from salesmode.pay.api.statements import commissions, statements

ROUTERS = {"commissions": commissions, "pay-plans": plans, "statements": statements}
