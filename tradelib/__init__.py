"""China's foreign trade in the news: every printed figure as an interval.

`load_figures` gives every figure of two articles on China's trade of 2024 and 2025 with the
interval its words leave open; `parse` reads any such words:

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

__version__ = "0.2.0"
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
