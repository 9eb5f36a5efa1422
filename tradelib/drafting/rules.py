"""The rules that label a figure: `RULES` has for each column those that may answer, in turn.

Each is a function of the clause and the column whose docstring is its reason. It gives the label,
a `Guess` where it is not sure, or None where it has nothing to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tradelib.auditing.periods import later, months, named
from tradelib.drafting.clauses import WHOLE, Clause, Guess, Mark, words
from tradelib.wording import scan

PLACES: Final = ("country", "region", "economy", "market", "partner", "nation")
Rule = Callable[[Clause, str], "str | None"]


def flow_said(it: Clause, column: str) -> str | None:
    """What follows at once tells the flow (*a 5% rise in exports*), else the clause before."""
    flows = it.flow.value.split(";") if it.flow else []
    return it.own(flows, "trade" if flows[1:] else flows[0]) if flows else None


def reporter_owns(it: Clause, column: str) -> str | None:
    """Another country's flow is its own: *Japan's surplus*, *the U.S. had a surplus*."""
    if it.mention.unit in PLACES and words("record").search(it.tail):
        return "World"
    marks = it.marks("partner", it.since, it.start)
    owners = [mark.value for mark in marks if words("owner").match(it.sentence.text, mark.end)]
    return owners[-1] if owners else None


def product_counted(it: Clause, column: str) -> str | None:
    """What is counted is the product: *6.41 million cars*."""
    return next((mark.value for mark in it.marks("product", it.start, it.end)), None)


def name_said(it: Clause, column: str) -> str | None:
    """The clause names a partner or product; a list gives each figure of a list its own."""
    names = it.names(column)
    if not names:
        return None
    return it.own(names, Guess(names[0]))


def all_of_them(it: Clause, column: str) -> str | None:
    """A flow that is named in full, with another name, or first, is with and of all."""
    if not it.flow:
        return WHOLE[column] if any(it.names(kind) for kind in WHOLE) else None
    ahead = it.ahead_of(it.flow)
    plain = column == "partner" or words("plain").search(ahead)
    if not plain or words(f"another {column}").match(it.sentence.text, it.flow.end):
        return Guess(WHOLE[column])
    first = not it.before and not it.earlier
    anew = first or words("in full").search(ahead) or any(it.names(kind) for kind in WHOLE)
    return WHOLE[column] if anew else None


def flow_of_share(it: Clause, column: str) -> str | None:
    """A share of a flow, said of somebody without another flow, is theirs of that flow."""
    whole = it.marks("flow", it.end, it.until)[:1] if it.is_share else []
    return flow_of(whole[0]) if whole and any(it.names(kind) for kind in WHOLE) else None


def flow_of(mark: Mark) -> str:
    """Give the flow of a mark, exports and imports together being trade."""
    return "trade" if ";" in mark.value else mark.value


def as_before(it: Clause, column: str) -> str | None:
    """What is not said stays as before in the sentence, item by item where lists follow."""
    if not it.before:
        return None
    number, size = it.place
    firm = [clause for clause in it.before if not clause.compared] or it.before
    other = firm[-1]
    if size > 1 and it.compared and len(firm) >= size:
        other = firm[number - size]
    elif size > 1 and it.before[-size:][0].place == it.place:
        other = it.before[-size]
    value = other.row[column]
    if column not in WHOLE:
        return value or None
    elsewhere = value != WHOLE[column] if it.flow else words("aside").search(it.lead)
    return Guess(value) if elsewhere else value


def as_earlier(it: Clause, column: str) -> str | None:
    """What the sentence does not say stays as before in the paragraph."""
    value = it.earlier.get(column)
    if column == "reporter":
        return Guess(value) if value and value != it.about[column] else None
    return value if it.flow and value in WHOLE.values() else Guess(value) if value else None


def of_the_article(it: Clause, column: str) -> str | None:
    """What nothing says is what the article is about, or the period that it told last."""
    sure = column == "reporter" or (it.flow and column in WHOLE)
    return it.about[column] if sure else Guess(it.about[column])


def count(it: Clause, column: str) -> str | None:
    """Years in a row are a streak, above a mark where one is passed; countries are partners."""
    if it.mention.kind != "count":
        return None
    if it.mention.unit in ("year", "month", "quarter"):
        above = "threshold " * any(seen.row["measure"] == "threshold" for seen in it.before)
        told = words("streak").search(it.lead + it.mention.surface + it.tail)
        return f"{above}streak" if told else Guess("streak")
    if it.mention.unit not in PLACES:
        return "units"
    if words("record").search(it.lead + it.tail):
        return "number of record holders"
    grew = words("grew").search(it.lead + it.tail)
    return "number of growing partners" if grew else "number of partners"


def _elsewhere(it: Clause) -> bool:
    """Whether a figure may be a forecast, or of another series than trade in goods."""
    beside = words("elsewhere").search(it.lead) or words("elsewhere behind").match(it.tail)
    return bool(beside or words("series").search(it.sentence.printed))


def amount(it: Clause, column: str) -> str | None:
    """An amount is a level or a change; a mark if passed for years, an old record in today's."""
    if it.mention.kind != "money":
        return None
    if it.row["reporter"] != it.about["reporter"] and words("old money").search(it.sentence.text):
        return "record level"
    if words("mark").match(it.tail) and words("streak").search(it.sentence.printed):
        return "threshold"
    if words("change ahead").search(it.lead) or words("change behind").match(it.tail):
        return Guess("change")
    return Guess("level") if _elsewhere(it) else "level"


def rate(it: Clause, column: str) -> str | None:
    """A percentage *of total* or *accounting for* is a share, else growth, also of units.

    Of what points are a change, of growth or of a share, is for a person to see.
    """
    if it.is_share:
        return "share"
    if it.mention.kind == "points":
        return Guess("change")
    growth = "units growth" if it.beside() == "units" else "growth"
    sure = it.mention.kind == "percent" and not _elsewhere(it)
    return growth if sure else Guess(growth)


def no_period(it: Clause, column: str) -> str | None:
    """Old records, and how many held them, are of no period that is printed."""
    return "" if "record" in it.row["measure"] else None


def period_behind(it: Clause, column: str) -> str | None:
    """A period behind the figure is its own, before a comma or at the end: *rose 5% in May*."""
    for mark in it.marks("period", it.end, len(it.sentence.text))[:1]:
        between = it.between(it.end, mark.start)
        if not re.search(r"\w", it.sentence.text[mark.end :]):
            between = re.sub(r",(?=( in)? $)", "", between)
        if words("apart").search(between):
            return None
        if it.marks("flow", it.end, mark.start) and not it.about["years only"]:
            return Guess(mark.value)
        it.used = max(it.used, mark.end if mark.start < it.until else 0)
        same = len(mark.value) == 4 and re.search(r"\bsame\b", between)
        return _in_year(_main_period(it), mark.value) if same else mark.value
    return None


def _main_period(it: Clause) -> str:
    """Give what the sentence, the paragraph or the article told last of itself."""
    told = [clause.row["period"] for clause in it.before if not clause.compared]
    return next(filter(None, [*told[::-1], it.earlier.get("period"), Guess(it.about["period"])]))


def _in_year(period: str, year: str) -> str:
    """Give the same period of another year."""
    return later(period, int(year) - months(period)[1] // 12)


def period_ahead(it: Clause, column: str) -> str | None:
    """The last period ahead is its own: *in May, exports rose 5%*, *less than May's $3bn*."""
    for base in it.marks("base", it.since, it.start)[-1:]:
        reached = re.search(r",|\b(?:to|at) $", it.between(base.end, it.start))
        if it.row["measure"] == "level" and not reached:
            return base.value
    ahead = it.marks("period", it.since, it.start)
    return ahead[-1].value if ahead else None


def period_compared(it: Clause, column: str) -> str | None:
    """What another figure is compared with, and no period named, is of the year before."""
    if not it.compared:
        return None
    main = _main_period(it)
    sure = words("year before").match(it.tail) and not isinstance(main, Guess)
    return later(main, -1) if sure else Guess(later(main, -1))


def only_period(it: Clause, column: str) -> str | None:
    """What is not said is of the one period told so far or, of whole years, of the article's own.

    Not of what is made: that is counted by others, who take longer.
    """
    only = it.about["year"] if it.about["years only"] else it.about["only"]
    return (only or None) if it.row["flow"] != "production" else None


def basis_none(it: Clause, column: str) -> str | None:
    """Levels and counts are compared with nothing."""
    other = re.search("growth|growing|change|share|streak|record level", it.row["measure"])
    return None if other else ""


def basis_streak(it: Clause, column: str) -> str | None:
    """A streak begins in the year that *since* names."""
    if not it.row["measure"].endswith("streak"):
        return None
    since = [
        m.value for m in it.marks("base", it.end, it.until) if "since" in it.between(it.end, m[2])
    ]
    return since[0] if since else ""


def basis_prices(it: Clause, column: str) -> str | None:
    """Money of today is that of the year which the article reports on."""
    return Guess(it.about["year"]) if it.row["measure"] == "record level" else None


def basis_share(it: Clause, column: str) -> str | None:
    """A share is of the flow that *of total* names, else of the figure's own."""
    if it.row["measure"] != "share":
        return None
    for mark in it.marks("flow", it.end, it.until)[:1]:
        if re.match(r"\s*(?:share )?of\b[^,;]*$", ahead := it.between(it.end, mark.start)):
            it.used = mark.end
            return "world " * bool(re.search("world|global", ahead)) + flow_of(mark)
    same = it.before and it.before[-1].is_share
    return it.before[-1].row["basis"] if same else it.row["flow"]


def basis_said(it: Clause, column: str) -> str | None:
    """Growth is against the period that is named: *from 2024*, *from the previous month*."""
    first, last = months(it.row["period"])
    for base in it.marks("base", it.end, it.until) or it.marks("base", it.since, it.start):
        year = len(base.value) == 4
        named_base = _in_year(it.row["period"], base.value) if year else base.value
        if months(named_base)[0] < first:
            return named_base
    step = last + 1 - first
    return named(first - step, last - step) if words("step before").search(it.tail) else None


def basis_year(it: Clause, column: str) -> str | None:
    """... else against the same period of the year before."""
    before = later(it.row["period"], -1)
    return Guess(before) if words("other base").search(it.tail) else before


def currency(it: Clause, column: str) -> str | None:
    """Growth is in the currency that the sentence says, else that of the amount beside it."""
    if it.row["measure"] != "growth":
        return ""
    for told in words("terms").finditer(it.sentence.text):
        for amount in scan(f"1 {told['currency']}"):
            if amount.kind == "money":  # not in real terms, in volume terms
                return amount.unit
    return it.beside().replace("units", "")


def direction(it: Clause, column: str) -> str | None:
    """Growth has the direction of its sentence where its own words have no sign."""
    if not re.search("growth|change", it.row["measure"]):
        return ""
    signed = it.mention.kind == "multiple" or words("sign").search(it.mention.surface)
    return it.mention.direction or ("" if signed else "up")


NAME: Final = (name_said, all_of_them, as_before, as_earlier, of_the_article)
RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "flow": (flow_said, as_before, flow_of_share, as_earlier, of_the_article),
    "reporter": (reporter_owns, as_before, as_earlier, of_the_article),
    "partner": NAME,
    "product": (product_counted, *NAME),
    "measure": (count, amount, rate),
    "period": (no_period, period_behind, period_ahead, period_compared, as_before, only_period,
               as_earlier, of_the_article),
    "basis": (basis_none, basis_streak, basis_prices, basis_share, basis_said, basis_year),
    "currency_basis": (currency,),
    "direction": (direction,),
}  # fmt: skip
