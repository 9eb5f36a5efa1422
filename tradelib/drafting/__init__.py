"""From an article's text to rows of the ledger and to findings, nothing typed.

What a figure is of is said in its own clause: before it as a rule (`exports to Africa rose 5%`),
sometimes behind it (`a 5% rise in exports`). The flow: `clauses` finds the words around a figure
that name something, by ``words.csv``; `rules` label it, the article's way, right or wrong; `rows`
makes a table of that, and `findings` audits it.
"""

from tradelib.drafting.findings import check_article
from tradelib.drafting.rows import draft, expected

__all__ = ["check_article", "draft", "expected"]
