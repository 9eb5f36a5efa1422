"""What the articles pin down together, held against what the customs published to more digits."""

import pytest

import tradelib

KEYS = ["reporter", "partner", "product", "flow", "measure", "period", "basis", "vintage", "unit"]
BOUNDS = ["lower", "upper", "lower_rests_on", "upper_rests_on", "is_printed"]


@pytest.fixture(scope="module")
def alone():
    return tradelib.reconcile(reference=False)


@pytest.fixture(scope="module")
def together():
    return tradelib.reconcile()


def one(bounds, **keys):
    keys = {"reporter": "China", "partner": "World", "product": "All", "measure": "level"} | keys
    for column, value in keys.items():
        bounds = bounds[bounds[column] == value]
    (row,) = bounds.to_dict("records")
    return row


def test_the_columns(alone):
    assert list(alone) == KEYS + BOUNDS
    assert (alone["lower"] <= alone["upper"]).all()
    assert alone.attrs["set_aside"] == []


def test_the_articles_alone_hold_what_the_customs_published(alone):
    """Each amount of the customs' own table, and of the year before as revised."""
    table = tradelib.load_reference()
    table = table[table["reference"].str.endswith("-table")]
    assert len(table) == 8
    for row in table.to_dict("records"):
        keys = {k: row[k] for k in ("flow", "period", "vintage", "unit")}
        found = one(alone, **keys)
        assert found["lower"] <= row["lower"], row["reference"]
        assert row["upper"] <= found["upper"], row["reference"]


def test_they_are_far_narrower_than_their_rounding(alone):
    """Exports of 2024 were printed as 25.4; two years' figures put them between 25.41 and 25.46."""
    printed = one(alone, flow="exports", period=2024, vintage=2025, unit="CNY")
    revised = one(alone, flow="exports", period=2024, vintage=2026, unit="CNY")
    assert (printed["is_printed"], revised["is_printed"]) == (True, False)
    assert revised["upper"] - revised["lower"] < (printed["upper"] - printed["lower"]) / 2
    assert set(revised["lower_rests_on"]) == {"exports-2025", "exports-growth-2025"}


def test_vintages_are_kept_apart(alone):
    exports = alone.query("flow == 'exports' and period == 2024 and measure == 'level'")
    exports = exports[(exports["partner"] == "World") & (exports["product"] == "All")]
    assert sorted(exports[exports["unit"] == "CNY"]["vintage"]) == [2025, 2026]


def test_unprinted_quantities_get_intervals(alone):
    before = one(alone, flow="exports", period=2023, vintage=2025, unit="CNY")
    africa = one(alone, partner="Africa", flow="trade", period=2024, vintage=2026, unit="CNY")
    rate = one(
        alone,
        flow="balance",
        period=2025,
        vintage=2026,
        measure="exchange rate",
        unit="CNY per USD",
    )
    assert 23.4e12 < before["lower"] < 23.7656e12 < before["upper"] < 23.9e12
    assert 2.09e12 < africa["lower"] < 2.1032e12 < africa["upper"] < 2.12e12
    assert 7.13 < rate["lower"] < 7.1571 < rate["upper"] < 7.18
    assert set(rate["lower_rests_on"]) == {"exports-2025", "imports-2025", "balance-2025-usd"}


def test_more_figures_never_widen(alone, together):
    # The count of years that others count otherwise is set aside where they are heard.
    counts = {"manufacturing-streak-2024", "partners-2025", "ref-trade-partners-2025-exact"}
    assert set(together.attrs["set_aside"]) == counts
    known = alone[~alone["measure"].isin(["streak", "number of partners"])]
    both = known.merge(together, on=KEYS, suffixes=("", "_more"))
    assert len(both) > 60
    room = 1e-9 * both["upper"].abs()
    assert (both["lower_more"] >= both["lower"] - room).all()
    assert (both["upper_more"] <= both["upper"] + room).all()


def test_rounded_bounds_lie_within_printed_ones(alone):
    rounded = tradelib.reconcile(reference=False, reading="rounded")
    printed = one(alone, flow="exports", period=2024, vintage=2026, unit="CNY")
    narrower = one(rounded, flow="exports", period=2024, vintage=2026, unit="CNY")
    assert printed["lower"] < narrower["lower"] < narrower["upper"] <= printed["upper"]


@pytest.mark.slow
def test_what_contradicts_is_set_aside_and_named():
    aside = tradelib.reconcile(corrected=False).attrs["set_aside"]
    assert {"trade-2025", "trade-growth-2025", "us-share-2025"} <= set(aside)
    exports = one(
        tradelib.reconcile(corrected=False), flow="exports", period=2025, vintage=2026, unit="CNY"
    )
    assert exports["lower"] <= 26.9892e12 <= exports["upper"]  # as the release has it


def test_figures_of_others_that_cannot_all_be_true_are_named(alone, together):
    chips = "ref-integrated-circuits-exports"
    three = (f"{chips}-2023-usd", f"{chips}-2024-usd", f"{chips}-growth-2024-usd")
    assert together.attrs["conflicts"] == [three]
    assert alone.attrs["conflicts"] == []
    rounded = tradelib.reconcile(reading="rounded").attrs["conflicts"]
    assert ("africa-exports-growth-2025-headline", "africa-exports-growth-2025") in rounded


def test_a_group_is_the_sum_of_its_lines(together):
    cars = {"product": "automobiles and parts", "flow": "exports", "period": 2023, "vintage": 2024}
    found = one(together, **cars, unit="USD")
    assert not found["is_printed"]
    assert (found["lower"], found["upper"]) == pytest.approx((189.205e9, 189.37e9))
    assert found["lower_rests_on"] == (
        "ref-automobiles-exports-2023-usd",
        "ref-auto-parts-exports-2023-usd",
    )


def test_an_end_of_a_product_rests_on_the_same_ends_of_its_factors(ledger):
    """A fifth of at least 10 and at most 12 billion: what it is at least rests on no most."""
    share = {"surface": "20%", "measure": "share", "basis": "exports", "partner": "Africa"}
    bounds = tradelib.reconcile(folder=ledger("at least 10 bn euros", "at most 12 bn euros", share))
    africa = bounds.query("partner == 'Africa' and measure == 'level'").iloc[0]
    assert (africa["lower_rests_on"], africa["upper_rests_on"]) == (("f0", "f2"), ("f1", "f2"))


def test_what_is_left_of_a_period_is_not_what_is_left_after_another_month(ledger):
    """53 and 58 of January to May's 279: the rest after the one is not that after the other."""
    months = [
        {"surface": f"{n} bn euros", "period": p} for n, p in ((53, "2024-01"), (58, "2024-05"))
    ]
    five = {"surface": "279 bn euros", "period": "2024-01/2024-05"}
    bounds = tradelib.reconcile(folder=ledger(*months, five))
    assert bounds.attrs == {"conflicts": [], "set_aside": []}


def test_readings_are_those_of_the_contract():
    with pytest.raises(
        ValueError, match="unknown reading 'exact', expected one of rounded, printed"
    ):
        tradelib.reconcile(reading="exact")
