"""From an article's text to rows of the ledger (`rows`, by the tables beside it) to `findings`."""

from tradelib.drafting.findings import check_article
from tradelib.drafting.rows import draft

__all__ = ["check_article", "draft"]
