"""The audit: whether printed figures hold together, and what they say of what nobody printed."""

from tradelib.auditing.bounds import reconcile
from tradelib.auditing.report import audit

__all__ = ["audit", "reconcile"]
