"""Whether the figures hold together, and what they pin down."""

from tradelib.auditing.bounds import reconcile
from tradelib.auditing.report import audit

__all__ = ["audit", "reconcile"]
