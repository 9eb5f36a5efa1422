"""From an article's text to rows of the ledger and to findings, nothing typed.

The flow: `rows` labels each figure by the tables beside it, the article's way, right or wrong;
`findings` audits that.
"""

from tradelib.drafting.findings import check_article
from tradelib.drafting.rows import draft

__all__ = ["check_article", "draft"]
