"""From an article's text to rows of the ledger and to findings, nothing typed.

The flow: `tagging` puts tags in the place of what a sentence names, by ``words.csv`` and the
tables; `rows` labels each figure by ``rules.csv``, the article's way, right or wrong; `findings`
audits that.
"""

from tradelib.drafting.findings import check_article
from tradelib.drafting.rows import draft, expected

__all__ = ["check_article", "draft", "expected"]
