"""Rates: against numbers the central bank published."""

from datetime import date

import pytest
from currency_converter import CurrencyConverter
from samples import mean_rate

from tradelib.ledger import load_figures
from tradelib.reference import daily_rates, euro_rates, is_quoted, rate_range


def test_a_days_rates_are_the_central_banks():
    # The ECB's reference rates of 14 January 2026 give 211.6 won to the yuan, 1,475 to the dollar.
    day = date(2026, 1, 14)
    assert round(daily_rates("KRW", "CNY", day, day).iloc[0], 1) == 211.6
    assert round(daily_rates("KRW", "USD", day, day).iloc[0]) == 1475


def test_days_without_a_rate_are_left_out():
    christmas = daily_rates("CNY", "USD", date(2024, 12, 23), date(2024, 12, 27))
    assert [day.day for day in christmas.index] == [23, 24, 27]


def test_a_rate_the_other_way_is_near_the_inverse():
    there, back = mean_rate("CNY", "USD", 2024), mean_rate("USD", "CNY", 2024)
    assert there * back == pytest.approx(1, abs=1e-3)


def test_the_newsrooms_won_lie_in_the_range_of_the_days_around():
    figures = load_figures().set_index("figure")
    for won, other, unit in (
        ("trade-2025-krw", "trade-2025", "CNY"),
        ("balance-2025-krw", "balance-2025-usd", "USD"),
    ):
        implied = figures.loc[won, "value"] / figures.loc[other, "value"]
        rates = daily_rates("KRW", unit, date(2026, 1, 7), date(2026, 1, 21))
        assert implied == pytest.approx(rates.max(), rel=0.002) or (
            rates.min() <= implied <= rates.max()
        )


def test_rates_are_those_that_the_package_converts_by():
    rates, package = (
        daily_rates("KRW", "USD", date(2025, 12, 1), date(2026, 1, 9)),
        CurrencyConverter(),
    )
    assert len(rates) == 27
    for day, rate in rates.items():
        assert rate == pytest.approx(package.convert(1, "USD", "KRW", date=day.date()))


def test_what_there_is_no_rate_of_is_told():
    with pytest.raises(ValueError, match=r"unknown currency 'XAU' .*, expected one of USD, JPY"):
        daily_rates("XAU", "USD", date(2024, 1, 1), date(2024, 1, 5))
    with pytest.raises(
        ValueError, match=r"rates of CNY for USD from 2024-01-06 to .* are not known"
    ):
        daily_rates("CNY", "USD", date(2024, 1, 6), date(2024, 1, 7))


def test_a_period_is_known_when_all_of_it_is():
    """What the source has of a year that is not over is no rate of that year."""
    end = euro_rates().index[-1].date()
    year = f"{end.year}" if (end.month, end.day) < (12, 20) else f"{end.year + 1}"
    with pytest.raises(ValueError, match=f"to {year}-12-31 are not known"):
        daily_rates("CNY", "USD", date(int(year), 1, 1), date(int(year), 12, 31))
    assert rate_range("CNY", "USD", year) is None
    assert rate_range("CNY", "USD", "2005") is None  # the yuan has rates from April on
    assert rate_range("CNY", "USD", "2006") is not None
    assert is_quoted("CNY", "USD")
    assert not is_quoted("USD", "CNY")
    assert not is_quoted("XAU", "USD")
