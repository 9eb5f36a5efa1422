"""What a sentence gives its figures: ranges, shared units, hedges."""

from __future__ import annotations

from typing import Final

from tradelib.wording.grammar import DASHES, HYPHENS, F, Expr, Line, noun, plural, read
from tradelib.wording.lexicon import lexicon, singular

REACH: Final = 40
"""How many tokens a word of the sentence can be away and still bear on a figure."""
_JOINS: Final = frozenset({"and", "or", "&", "和", "及", "、", "与", "或"})
_LENDERS: Final = _JOINS | {"from", "to", "against", "versus", "vs", "than", "with"}
_THEM: Final = frozenset({"them", "these", "those", "which", "whom"})
_VERBAL: Final = frozenset({"exceed", "surpass", "cross", "top", "past", "approach"})
_MARKS: Final = frozenset({"mark", "threshold", "milestone", "level", "barrier", "line"})
_FLOWS: Final = frozenset(
    "sales exports imports shipments deliveries output production registrations purchases "
    "orders".split()
)
_TIMED: Final = frozenset(
    "for in after of lasting lasts lasted last with take takes took taking spent span spans spanning "
    "within is was been".split()
)
_RULES: Final = frozenset(
    "tariff tariffs duty duties levy levies tax taxes rate rates regime quota quotas".split()
)


def figures(line: Line) -> list[Expr]:
    """Give the complete expressions of a line, in order, hedges taken."""
    starts = F["number"] | F["multiple"] | F["scale"]
    found: list[Expr] = []
    floor, dates = 0, -1
    for i, token in enumerate(line.tok[: line.size]):
        digit = token[:1].isdigit()
        if not (digit or line.flags[i] & starts or token in ("half", "Half")) or i < floor:
            continue
        expr = read(line, i, floor)
        if expr is None or (expr.kind in (None, "count") and not expr.scaled and dates == i - 2 and (
            line.tok[i - 1] in DASHES or line.low[i - 1] in ("to", "and", ",")
        ) and dates >= 0):
            dates = i if digit and line.flags[i - 1] & (F["month"]) else dates
            if expr is not None:
                dates = i
            continue
        found.append(expr)
        floor = expr.last
    _forward(line, found)
    _backward(line, found)
    found = [expr for expr in found if expr.kind is not None]
    floor = 0
    for expr in found:
        if not expr.hedge:
            hedge(line, expr, floor)
        floor = expr.last
    return found


def _forward(line: Line, found: list[Expr]) -> None:
    """Join ranges, and lend what follows to the members of a list that lack it."""
    for a, b in zip(found, found[1:], strict=False):
        gap = line.low[a.last : b.first]
        signed = a.kind == "money" and a.unit and (a.first < a.number or a.lent)
        if signed and b.kind is None and gap and all(g in _JOINS or g == "," for g in gap):
            if b.scaled or line.low[b.last] in _JOINS or line.low[b.last] == ",":
                b.kind, b.unit, b.lent = "money", a.unit, a.unit
    for k in range(len(found) - 2, -1, -1):
        a, b = found[k], found[k + 1]
        gap = line.low[a.last : b.first] if b.first - a.last <= 3 else ["too far"]
        if _joins(line, a, b, gap):
            _join(line, a, b)
            del found[k + 1]
            continue
        of = line.low[a.last] == "of" and a.kind is None and b.first - a.last <= 3
        listed = gap and all(g in _JOINS or g in (",", "to") for g in gap)
        if listed and gap == [","]:
            listed = bool(b.lent) or (
                k + 2 < len(found) and line.low[found[k + 2].first - 1] in _JOINS
            )
        if b.kind is None or a.sign != b.sign != 0:
            continue
        if (listed and a.kind is None) or (of and b.kind == "count"):
            _lend(a, b, scale=listed)
        elif listed and a.kind == b.kind == "money" and a.unit == b.unit and gap != ["to"]:
            if b.scaled and not a.scaled and a.size < 1000 and a.size <= b.size * 100:
                a.scale, a.scaled = b.scale, True
                a.lent = f"{b.scale:f} {a.unit}"


def join_whole(line: Line, found: list[Expr]) -> None:
    """Join the two ends of a range that is all there is."""
    a, b = found
    gap = line.low[a.last : b.first]
    before = line.low[a.first - 1]
    joined = len(gap) == 1 and (gap[0] in DASHES or gap[0] in ("to", "and", "和", "与"))
    if joined and (gap[0] != "and" or before == "between"):
        _join(line, a, b)
        del found[1]


def _lend(a: Expr, b: Expr, scale: bool = True) -> None:
    """Give expression a the kind and unit of b, and its scale where a has none."""
    a.kind, a.unit, a.unit_scale = b.kind, b.unit, b.unit_scale
    power = ""
    if scale and b.scaled and not a.scaled and a.size < 1000:
        a.scale, a.scaled = b.scale, True
        power = f"{b.scale:f} "
    a.lent = power + lent_unit(b)


def lent_unit(b: Expr) -> str:
    """Name the unit of an expression, as the hint that `parse` takes."""
    if b.kind in ("percent", "points", "multiple"):
        words = {"percent": "percent", "multiple": "fold"}
        fallback = "percentage points" if f"{b.unit_scale:f}" == "0.01" else "basis points"
        return words.get(b.kind, fallback)
    return "cents" if b.kind == "money" and b.unit_scale != 1 else b.unit


def _joins(line: Line, a: Expr, b: Expr, gap: list[str]) -> bool:
    """Whether a and b are the two ends of one range."""
    if len(gap) != 1 or a.sign or a.high or b.high or b.sign > 0:
        return False
    joint, before = gap[0], line.low[a.first - 1]
    if before in HYPHENS and line.hyphen(a.first - 1):
        return False
    dash = joint in DASHES
    if dash and not (line.glued(a.last - 1) and line.glued(a.last)) and a.kind is not None:
        return False
    if not (dash or joint == "to" or (joint in ("and", "和", "与") and before in ("between", "在"))):
        return False
    if b.kind is None:
        if not (a.kind == "money" and b.scaled):
            return False
    elif a.kind is not None and (a.kind, a.unit, a.unit_scale) != (b.kind, b.unit, b.unit_scale):
        return False
    low = a.size * (a.scale if a.scaled or not b.scaled or a.size >= 1000 else b.scale)
    high = b.size * b.scale
    if low >= high and joint != "and":
        return False
    if joint == "to" and before == "from":
        return not _changes(line, a.first - 1)
    if joint == "to" and a.kind is not None:
        flag = line.flags[a.first - 1]
        governed = flag & (F["up"] | F["down"]) and before not in ("by", "up", "down")
        return not (governed and (a.kind in ("money", "count") or high > 3 * low))
    return True


def _changes(line: Line, i: int) -> bool:
    """Whether a verb of change stands in the clause before token i."""
    for j in range(i - 1, max(i - 14, -1), -1):
        word, flag = line.low[j], line.flags[j]
        if word in ("ranging", "range", "ranged", "ranges", "varying", "vary", ";", ".", ":"):
            return False
        if flag & (F["up"] | F["down"]):
            return True
        if word in ("went", "going", "move", "moved", "change", "changed", "shift", "shifted",
                    "revise", "revised", "swing", "swung", "go", "moving", "changing"):  # fmt: skip
            return True
    return False


def _join(line: Line, a: Expr, b: Expr) -> None:
    """Make a the range from a to b."""
    if b.kind is None:
        b.kind, b.unit = a.kind, a.unit
    if a.kind is None or (b.scaled and not a.scaled and a.size < 1000 and a.size <= b.size):
        kept = (a.scale, a.scaled)
        lent = a.kind is None
        if b.scaled and not a.scaled and a.size < 1000:
            a.scale, a.scaled = b.scale, True
        if not lent and a.size * a.scale > b.size * b.scale:
            a.scale, a.scaled = kept
        a.kind, a.unit, a.unit_scale = b.kind, b.unit, b.unit_scale
    a.high, a.last, a.lent, a.hedge = b, b.last, b.lent, "between"
    a.sign = b.sign
    if line.low[a.first - 1] in ("between", "from", "从", "在"):
        a.first -= 1


def _backward(line: Line, found: list[Expr]) -> None:
    """Lend units from what stands before: `to 4.2 percent from 6.8`, `190 of them`."""
    low, flags = line.low, line.flags
    counted = ""
    for k, b in enumerate(found):
        if b.kind is None and low[b.last] == "of":
            following = low[b.last + 1]
            if following in _THEM and counted and b.size > 1:
                b.kind, b.unit, b.lent = "count", counted, counted
            elif following in ("the", "its", "their", "those", "these", "our") and b.size > 1:
                end = noun(line, b.last + 2, False, False)
                if end is not None:
                    b.kind, b.unit = "count", singular(low[end - 1])
                    b.lent = b.unit
        if b.kind is None and k and found[k - 1].kind is not None:
            p = found[k - 1]
            j = b.first - 1
            while j > p.last and (flags[j] & F["fill"] and low[j] not in _LENDERS or low[j] == "the"):
                j -= 1
            lends = low[j] in _LENDERS and j >= p.last
            if low[j] == "to" and low[p.first - 1] not in ("from", "between"):
                lends = False
            follows = low[b.last].isalpha() and not flags[b.last] & (
                F["stop"] | F["time"] | F["block"] | F["fill"] | F["up"] | F["down"]
            )
            if p.kind not in ("money", "count") and (b.scaled or b.size >= 1000):
                lends = False
            if lends and not follows and b.first - p.last <= 14 and not b.lent:
                gap = range(p.last, b.first)
                allowed = F["time"] | F["fill"] | F["up"] | F["down"]
                if all(
                    flags[g] & allowed or low[g] in _LENDERS or low[g] in (",", "(", "compared")
                    or low[g][:2] in ("19", "20") for g in gap
                ):  # fmt: skip
                    _lend(b, p)
        large = b.scaled or (b.size >= 1000 and not line.tok[b.number].isdigit())
        if b.kind is None and large and k and not b.lent and low[b.first - 1] not in _JOINS:
            p = found[k - 1]
            q = p if p.kind in ("money", "count") or k == 1 else found[k - 2]
            same = b.scaled or (q.kind == "count" and not q.scaled and q.size >= 1000)
            if same and q.kind in ("money", "count") and _one_sentence(line, q.last, b.first):
                _lend(b, q, scale=False)
        if b.kind is None and b.scaled and not b.lent:
            b.unit = _subject(line, b)
            b.kind, b.lent = ("count", b.unit) if b.unit else (None, "")
        if b.kind == "count" and not (flags[b.last - 1] & F["span"]):
            counted = b.unit


def _one_sentence(line: Line, i: int, j: int) -> bool:
    """Whether no sentence ends between tokens i and j, nor an index is named."""
    return j - i < REACH and not any(
        line.flags[k] & F["index"] or (line.low[k] == "." and not line.glued(k))
        for k in range(i, j)
    )


def _subject(line: Line, b: Expr) -> str:
    """Name what a bare million counts, from the words before it: `car sales reached 2.4 million`.

    The plural nearest before the number's verb; where that is a flow (sales, exports), what is
    sold: the noun before it, or the one behind its `of`.
    """
    low, flags = line.low, line.flags
    moved = ""
    for j in range(b.first - 1, max(b.first - 16, -1), -1):
        word = low[j]
        if word in (",", ";", ":", "(") or (word == "." and not line.glued(j)):
            break
        if word in _FLOWS:
            moved = low[j - 1]
            before = line.tok[j - 1]
            known = before.islower() and before.isalpha() and not flags[j - 1] & F["stop"]
            return singular(moved) if known and not flags[j - 1] & (F["fill"] | F["time"]) else ""
        if plural(line, j) and not flags[j] & (F["loose"] | F["time"] | F["span"] | F["nohead"]):
            if line.tok[j].islower() and not flags[j] & (F["level"] | F["up"] | F["down"]):
                return singular(word)
    return ""


def hedge(line: Line, expr: Expr, floor: int, whole: bool = False) -> None:
    """Take the hedge that stands before the expression."""
    lex, low = lexicon(), line.low
    at = expr.first
    verbal = False
    if low[at - 1] == "the" and at - 2 >= floor and low[expr.last] in _MARKS | {""}:
        verbal, at = True, at - 1
    elif low[at - 1] in ("a", "an") and at - 2 >= floor and expr.kind != "count":
        at -= 1
    if low[at - 1] not in lex.hedgeends:
        return
    for size in range(min(5, at - floor), 0, -1):
        found = lex.hedges.get(tuple(low[at - size : at]))
        if found is None:
            continue
        start = at - size
        if not whole and _silent(line, expr, found.guard, start):
            return
        expr.hedge, expr.first = found.hedge, start
        return


def _silent(line: Line, expr: Expr, guard: str, start: int) -> bool:
    """Whether the word at token start is no hedge in this place (the guards of hedges.csv)."""
    low, flags = line.low, line.flags
    before = low[start - 1]
    if guard in ("topic", "duration"):
        at = start - 1
        if flags[at] & F["topic"] or (before in ("year", "month", "the", "all") and guard == "duration"):
            return True
    if guard == "duration":
        spans = expr.kind == "count" and flags[expr.last - 1] & F["span"]
        return bool(spans and (low[start] == "past" or before not in _TIMED))
    if guard == "amount":
        plain = expr.kind == "count" and not expr.scaled
        return plain and (low[start] == "top" or (expr.size < 1000 and low[start][0] == "c"))
    if guard == "sum":
        return bool(flags[start - 1] & F["creep"])
    few = expr.kind == "count" and expr.size <= 12 and not line.tok[expr.number].isdigit()
    return guard == "regime" and (low[expr.last] in _RULES or few)
