"""China's foreign trade in the news: every printed figure as the interval its words leave open.

`load_figures` gives the figures of two articles on 2024 and 2025, `parse` reads any such words:

>>> import tradelib
>>> tradelib.parse("over 7%")
Quantity(kind='percent', value=0.07, lower=0.07, upper=0.08, unit='1', hedge='over', ...)
"""

from tradelib.auditing import audit, reconcile
from tradelib.drafting import check_article, draft
from tradelib.ledger import load_figures, load_reference, load_table
from tradelib.quantity import Interval, Quantity
from tradelib.schema import DataError
from tradelib.wording import Mention, mentions_table, parse, scan

__all__ = [
    "DataError",
    "Interval",
    "Mention",
    "Quantity",
    "audit",
    "check_article",
    "draft",
    "load_figures",
    "load_reference",
    "load_table",
    "mentions_table",
    "parse",
    "reconcile",
    "scan",
]
