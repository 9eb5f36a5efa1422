"""Looking figures up: what is found, in which currency, and what is told where nothing is."""

import pytest

from tradelib import figures


@pytest.fixture(scope="module")
def yuan():
    return figures.load("CNY")


def test_a_strangers_questions(yuan):
    articles, others = yuan
    # ASEAN's share of trade under the other reading.
    printed, _ = figures.load("CNY", "printed")
    asean, trade = (printed.one(flow="trade", partner=p, period=2025) for p in ("ASEAN", "World"))
    assert f"{asean / trade}" == "16.6%"
    # China's imports from Africa in 2025: trade less exports.
    growth = articles.one(flow="exports", measure="growth", partner="Africa", period=2025)
    sold = others.one(flow="exports", partner="Africa", period=2024) * (1 + growth)
    assert 0.88e12 in (articles.one(flow="trade", partner="Africa", period=2025) - sold).interval
    # Growth of the surplus in won.
    won = others.by("period", flow="balance", period=[2024, 2025], currency="KRW")
    assert f"{won[2025] / won[2024] - 1:about}" == "24.9%"
    # A product's share of exports.
    chips = articles.by("product", flow="exports", period=2024)
    assert f"{chips['integrated circuits'] / chips['All']:about}" == "about 4.45%"
