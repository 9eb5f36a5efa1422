"""Ledgers of other countries: no false alarm, and what is wrong in them is found."""

import csv

import pytest
from samples import mean_rate

import tradelib

YEN = {"Norland": ("yen", "JPY", 1e12, "trillion"), "Sudland": ("euros", "EUR", 1e9, "billion")}
TRADE = {  # exports and imports by year, in the units above; Norland has a surplus in 2023 only
    "Norland": {2022: (98.174, 118.503), 2023: (112.873, 110.195), 2024: (107.088, 112.559)},
    "Sudland": {2022: (603.42, 655.71), 2023: (620.15, 699.32), 2024: (634.86, 712.07)},
}
SHARES = {"United States": (0.201, 0.113), "China": (0.176, 0.221), "France": (0.0893, 0.0441)}


def country(reporter):
    """About fifty figures of a country: all true, as its customs might print them."""
    words, unit, size, scale = YEN[reporter]
    found = []

    def tell(year, flow, amount, **keys):
        number = f"{abs(amount):.2f} {scale} {words}"
        found.append({"surface": number, "flow": flow, "period": year, **keys})

    for year, (exports, imports) in TRADE[reporter].items():
        balance = exports - imports
        side = "balance" if balance > 0 else "deficit"
        flows = {"exports": exports, "imports": imports, "trade": exports + imports, side: balance}
        for flow, amount in flows.items():
            tell(year, flow, amount)
        for flow, amount in (("exports", exports), ("imports", imports)):
            dollars = amount * size / mean_rate(unit, "USD", year)
            found.append({"surface": f"${dollars / 1e9:.1f} billion", "flow": flow, "period": year})
        before = TRADE[reporter].get(year - 1)
        if before:
            then = {"exports": before[0], "imports": before[1], "trade": sum(before)}
            if (before[0] - before[1]) * balance > 0:
                then[side] = before[0] - before[1]
            for flow, amount in then.items():
                rate = flows[flow] / amount - 1
                growth = {"measure": "growth", "basis": str(year - 1), "currency_basis": unit}
                sense = {"direction": "down" if rate < 0 else "up"}
                found.append(
                    {"surface": f"{abs(rate):.1%}", "flow": flow, "period": year} | growth | sense
                )
        for partner, (out, into) in SHARES.items():
            tell(year, "exports", exports * out, partner=partner)
            tell(year, "imports", imports * into, partner=partner)
            share = {"measure": "share", "basis": "exports", "partner": partner}
            found.append({"surface": f"{out:.1%}", "flow": "exports", "period": year} | share)
    return [
        line
        | {"reporter": reporter, "vintage": 2025, "currency_basis": line.get("currency_basis", "")}
        for line in found
    ]


@pytest.fixture
def written(ledger):
    def write(*lines, **others):
        folder = ledger(*lines, **others)
        with (folder / "partners.csv").open("a", encoding="utf-8", newline="") as file:
            header = (
                (folder / "partners.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
            )
            for name in TRADE:
                row = {"partner": name, "kind": "country", "part_of": "World", "in_words": name}
                csv.writer(file).writerow([row.get(column, "") for column in header])
        return folder

    return write


def wrong(folder):
    found = tradelib.audit(folder=folder)
    return found[found["verdict"] == "contradicts"]


def place(lines, **keys):
    return next(n for n, line in enumerate(lines) if keys.items() <= line.items())


@pytest.mark.parametrize("reporter", TRADE)
def test_no_false_alarm(written, reporter):
    lines = country(reporter)
    assert len(lines) >= 50
    folder = written(*lines)
    assert wrong(folder).empty
    checks = tradelib.audit(folder=folder, checks=True)
    assert len({name for names in checks["figures"] for name in names}) == len(lines)
    assert {"balance", "growth", "share", "conversion", "parts"} <= set(checks["rule"])
    assert tradelib.reconcile(folder=folder).attrs == {"conflicts": [], "set_aside": []}


def test_growth_of_a_deficit_is_tied_to_deficits(written):
    lines = country("Sudland")
    number = place(lines, flow="deficit", measure="growth", period=2023)
    assert lines[number]["surface"] == "51.4%"
    lines[number]["surface"] = "61.4%"
    (finding,) = wrong(written(*lines)).to_dict("records")
    assert (finding["kind"], finding["figures"]) == ("number", (f"f{number}",))


@pytest.mark.parametrize(
    ("year", "printed", "read_as"), [(2023, "deficit", "balance"), (2024, "balance", "deficit")]
)
def test_the_side_of_a_balance_is_told(written, year, printed, read_as):
    lines = country("Norland")
    number = place(lines, flow=read_as, period=year)
    lines[number]["flow"] = printed
    (finding,) = wrong(written(*lines)).to_dict("records")
    assert finding["suggestion"] == f"f{number} reads as flow {read_as}"


def test_a_currency_that_another_article_contradicts(written):
    """107.09 trillion won beside 107.09 trillion yen."""
    lines = country("Norland")
    exports = lines[place(lines, flow="exports", period=2024)]
    won = exports | {"surface": exports["surface"].replace("yen", "won"), "article": "other"}
    folder = written(*lines, won, articles=[{"article": "other"}])
    (finding,) = wrong(folder).to_dict("records")
    assert (finding["article"], finding["figures"]) == ("other", (f"f{len(lines)}",))
    assert finding["suggestion"] == f"f{len(lines)} reads as unit JPY"


@pytest.mark.parametrize(
    ("keys", "changed", "mend"),
    [
        (
            {"flow": "exports", "measure": "share", "partner": "China"},
            {"basis": "imports"},
            "basis exports",
        ),
        ({"flow": "imports", "period": 2024}, {"flow": "exports"}, "flow imports"),
        ({"flow": "exports", "measure": "growth", "period": 2024}, {"basis": "2022"}, "basis 2023"),
    ],
)
def test_wrong_labels(written, keys, changed, mend):
    lines = country("Sudland")
    number = place(lines, **keys)
    lines[number] |= changed
    found = wrong(written(*lines))
    assert f"f{number} reads as {mend}" in "; ".join(found["suggestion"]).split("; ")
