"""Whether the figures hold together, and what they pin down."""

from tradelib.audit.bounds import reconcile
from tradelib.audit.report import audit

__all__ = ["audit", "reconcile"]
