"""The grammar of one expression: a number with its sign, currency, scale, unit and hedge.

Everything starts at a number and looks a bounded number of tokens to either side, so reading a
line takes time linear in its length whatever it holds.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, repeat
from typing import Final, NamedTuple

from tradelib.quantity import Hedge, Kind, Quantity
from tradelib.wording.currencies import currencies
from tradelib.wording.lexicon import FLAGS, lexicon, singular

LONGEST: Final = 40
"""Longest number in characters: a longer run of digits states nothing about the world."""
MINUS: Final = frozenset("-−－–")
HYPHENS: Final = frozenset("-‐‑–")
DASHES: Final = frozenset("-‐‑–—~～至到")
ARROWS: Final = {"↓": -1, "▼": -1, "⬇": -1, "↑": 1, "▲": 1, "⬆": 1}
PAD: Final = 8
"""Empty tokens behind the last one, so that looking ahead or back never leaves a line."""
F: Final = FLAGS
_CLAUSE: Final = F["up"] | F["down"] | F["level"] | F["share"] | F["block"]
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}")
_MARKS: Final = frozenset({"mark", "threshold", "milestone", "level", "barrier", "line"})
_COMPARED: Final = frozenset(
    "as the that what more higher larger greater bigger faster longer stronger its their those "
    "than over last this increase growth jump rise".split()
)
_DOUBLED: Final = frozenset(
    "the its their that what from to in by last as over between since within during , . a of "
    "year and on while after this".split()
)


class Line:
    """A line cut into tokens, with what the lexicon says of each.

    ``raw`` tiles the text; ``tok`` is stripped, ``low`` in lower case; ``start`` are offsets.
    """

    __slots__ = ("flags", "low", "raw", "size", "start", "text", "tok")

    def __init__(self, text: str) -> None:
        lex = lexicon()
        self.text = text
        self.raw: list[str] = lex.token.findall(text)
        self.size = len(self.raw)
        self.start = list(accumulate(map(len, self.raw), initial=0))
        self.raw.extend(repeat(" ", PAD))
        self.tok = list(map(str.strip, self.raw))
        self.low = list(map(str.lower, self.tok))
        self.flags = list(map(lex.flags.get, self.low, repeat(0)))

    def glued(self, i: int) -> bool:
        """Whether token i touches the next one."""
        return 0 <= i < self.size - 1 and len(self.raw[i]) == len(self.tok[i])

    def end(self, i: int) -> int:
        """Offset behind token i."""
        return self.start[i] + len(self.tok[i])

    def hyphen(self, i: int) -> bool:
        """Whether token i is a hyphen inside a word."""
        return self.tok[i] in HYPHENS and self.glued(i) and self.glued(i - 1)


class Number(NamedTuple):
    """A number as written: its size, decimals, and place value of its last non-zero digit."""

    size: Decimal
    decimals: int
    tail: Decimal


class Expr:
    """One expression found in a line: token bounds, and the parts that make its quantity."""

    __slots__ = (
        "bare", "behind", "first", "hedge", "high", "kind", "last", "lent", "number", "scale", "scaled",
        "sign", "size", "step", "tail", "unit", "unit_scale", "weak",
    )  # fmt: skip

    def __init__(self, number: int, first: int, last: int, parts: Number) -> None:
        self.number, self.first, self.last = number, first, last
        self.size, self.tail = parts.size, parts.tail
        self.step = Decimal(1).scaleb(-parts.decimals) if parts.decimals else Decimal(0)
        self.scale, self.scaled, self.unit_scale = Decimal(1), False, Decimal(1)
        self.kind: Kind | None = None
        self.unit, self.hedge, self.lent = "1", "", ""
        self.sign, self.behind = 0, last
        self.bare = self.weak = False
        self.high: Expr | None = None

    def quantity(self, unit: str, sign: int) -> Quantity:
        """Give the quantity, in the unit that was settled on and with the sentence's sign."""
        assert self.kind is not None
        factor = self.scale * self.unit_scale
        level = self.kind in ("money", "count")
        step = self.step or (self.tail if level else Decimal(1))
        hedge: Hedge = self.hedge or "exact"  # type: ignore[assignment]
        size, high = self.size * factor, None
        if self.high is not None:
            hedge, high = "between", self.high.size * self.high.scale * self.high.unit_scale
            size, high = min(size, high), max(size, high)
        exact = self.kind == "count" and not self.scaled and self.size < 1000
        return Quantity.of(
            self.kind, size, step * factor, hedge, unit,
            negative=sign < 0, exact_count=exact, high=high,
        )  # fmt: skip


@lru_cache(maxsize=8192)
def written(token: str) -> Number | None:
    """Read digits with their separators; None where they are no plain number.

    Thousands may be parted by commas (by twos above the first thousand, as in India), blanks or
    apostrophes; a comma before one or two last digits is a decimal comma.

    Examples
    --------
    >>> written("1,23,456.70"), written("1.2.3")
    (Number(size=Decimal('123456.70'), decimals=2, tail=Decimal('1')), None)
    """
    if len(token) > LONGEST:
        return None
    digits = re.sub(r"[ \u00a0\u2009\u202f'’]", "", token).translate({0xFF0E: ".", 0xFF0C: ","})
    whole, point, decimals = digits.rpartition(".")
    if not point:
        whole, decimals = digits, ""
    if "." in whole:
        if not re.fullmatch(r"\d{1,3}(?:\.\d{3})+", whole) or len(decimals) != 3:
            return None
        whole, decimals = whole.replace(".", "") + decimals, ""
    elif "," in decimals:
        return None
    elif "," in whole:
        if _GROUPED.fullmatch(whole):
            whole = whole.replace(",", "")
        elif not point and re.fullmatch(r"\d+,\d{1,2}", whole):
            whole, decimals = whole.split(",")
        else:
            return None
    if len(whole) > 1 and whole[0] == "0":
        return None
    size = Decimal(f"{whole}.{decimals}" if decimals else whole)
    stripped = str(int(whole))
    return Number(size, len(decimals), Decimal(10) ** (len(stripped) - len(stripped.rstrip("0"))))


def _spelled(line: Line, i: int) -> tuple[Number, int] | None:
    """Read a number word or several: `twenty-five`, `two hundred and fifty`, `a dozen`."""
    lex, low = lexicon(), line.low
    total, j, last = 0, i, 10**9
    while True:
        value = lex.numbers.get(low[j])
        if value is None or value >= last or (total and last < 20):
            break
        total, j, last = total + value, j + 1, value if value >= 20 else 1
        if value < 20:
            break
        if line.hyphen(j) and lex.numbers.get(low[j + 1], 99) < 10:
            j += 1
    if j == i:
        return None
    if low[j] in ("hundred", "dozen"):
        total *= 100 if low[j] == "hundred" else 12
        j += 1
        more = j + 1 if low[j] == "and" else j
        if low[j - 1] == "hundred" and (rest := _spelled(line, more)) is not None:
            total, j = total + int(rest[0].size), rest[1]
    digits = str(total)
    return Number(Decimal(total), 0, Decimal(10) ** (len(digits) - len(digits.rstrip("0")))), j


def read(line: Line, i: int, floor: int = 0, whole: bool = False) -> Expr | None:
    """Read the expression whose number stands at token i; None where it is no figure.

    Parameters
    ----------
    line, i
        The line, and the index of a digit token, number word, multiple or word of scale.
    floor
        First token that no earlier expression has taken.
    whole
        Whether the line is nothing but the expression, so that nothing around it can object.
    """
    lex, low, tok, flags = lexicon(), line.low, line.tok, line.flags
    first, word = i, low[i]
    if tok[i][0].isdigit():
        number = written(tok[i])
        if number is None:
            return None
        n = i + 1
    elif flags[i] & F["multiple"]:
        return _multiple_word(line, i)
    elif word == "half" or flags[i] & F["scale"]:
        found = _article(line, i)
        if found is None:
            return None
        number, first, n = found
    else:
        spelled = _spelled(line, i)
        named = flags[i - 1] & F["rank"] or (tok[i][0].isupper() and line.hyphen(i - 1))
        if spelled is None or (named and not whole):
            return None
        number, n = spelled
        if (low[i - 1] == "in" and low[i - 2] in lex.numbers) and not whole:
            return None
    expr = Expr(i, first, n, number)
    prefix = _currency_before(line, first, floor) if tok[i][0].isdigit() else None
    if not whole and not _stands_free(line, i, n, prefix):
        return None
    k = expr.behind = _scale(line, expr, n)
    glued_scale = expr.scaled and k == n + 1 and line.glued(n - 1)
    hedged = _after_hedge(line, expr, k)
    k = hedged or k
    done = _unit(line, expr, k)
    if done is None:
        money = prefix if prefix is not None else None
        if money is not None and (not money[2] or expr.scaled or number.size >= 1000):
            expr.kind, expr.unit, expr.first = "money", money[0], money[1]
            done = k
            again = _currency_after(line, k)
            if again is not None and again[0] == expr.unit and not line.hyphen(again[1]):
                done = again[1]
        else:
            done = _money_after(line, expr, k) or _counted(line, expr, k, whole)
    if done is None:
        if line.glued(k - 1) and tok[k][:1].isalpha() and not whole and tok[k].isascii():
            return None
        expr.bare, done = True, k
    if not hedged:
        done = _after_hedge(line, expr, done) or done
    expr.last = done
    expr.weak = glued_scale
    _signs(line, expr, floor)
    return expr if whole or not _calendar(line, expr, i) else None


def _multiple_word(line: Line, i: int) -> Expr | None:
    """Read `doubled`, `threefold`, `twice`: the verb and the noun, not the idioms."""
    low = line.low
    size, step = lexicon().multiples[low[i]]
    following, before = low[i + 1], low[i - 1]
    if line.hyphen(i + 1) or line.hyphen(i - 1) or following == "down":
        return None
    if low[i] == "twice":
        good = following in ("as", "the", "that", "what", "its", "their", "last", "")
    elif low[i] in ("double", "triple", "treble", "quadruple", "halve", "doubles", "triples"):
        helpers = ("to", "will", "would", "may", "could", "nearly", "almost", "than", "about")
        good = following in _DOUBLED or before in helpers or not following
    else:
        good = True
    if not good:
        return None
    expr = Expr(i, i, i + 1, Number(size, 0, step))
    expr.kind, expr.step, expr.sign = "multiple", step, 1 if size < 1 else 0
    return expr


def _article(line: Line, i: int) -> tuple[Number, int, int] | None:
    """Read `a million`, `a dozen`, `half a billion`, `half a percentage point`."""
    low, flags, one = line.low, line.flags, Decimal(1)
    if low[i] == "half":
        if low[i + 1] in ("a", "an") and flags[i + 2] & (F["scale"] | F["unit"]):
            if low[i + 2] == "dozen":
                return Number(Decimal(6), 0, one), i, i + 3
            return Number(Decimal("0.5"), 1, one), i, i + 2
        return None
    if low[i - 1] not in ("a", "an") or low[i - 2] == "half" or line.hyphen(i + 1):
        return None
    if low[i] == "dozen":
        return Number(Decimal(12), 0, one), i - 1, i + 1
    if low[i] == "hundred":
        return Number(Decimal(100), 0, Decimal(100)), i - 1, i + 1
    style = lexicon().scales.get(low[i])
    return (Number(one, 0, one), i - 1, i) if style and style.style == "word" else None


def _currency_before(line: Line, i: int, floor: int) -> tuple[str, int, bool] | None:
    """Give unit, first token and weakness of the currency that stands before token i."""
    known, tok = currencies(), line.tok
    if tok[i - 1] in MINUS and line.glued(i - 1):
        i -= 1
    if tok[i - 1] not in known.last:
        return None
    for k in range(4, 0, -1):
        phrase = tuple(tok[max(i - k, 0) : i])
        if i - k >= floor and phrase in known.before:
            weak = phrase in known.weak
            if weak and len(phrase[0]) == 1 and not line.glued(i - 1):
                return None
            return known.before[phrase], i - k, weak
    return None


def _stands_free(line: Line, i: int, n: int, prefix: tuple[str, int, bool] | None) -> bool:
    """Whether the number is not a piece of a code, a time, a fraction or a name."""
    tok, low, flags = line.tok, line.low, line.flags
    if line.glued(i - 1) and prefix is None:
        before = tok[i - 1]
        if before in "/:.@_#&=\\" and (before != ":" or tok[i - 2][:1].isdigit()):
            return before == "=" or (before == "/" and not line.glued(i - 2))
        if before.isalpha() and before.isascii():
            return False
        if before in HYPHENS and line.glued(i - 2) and tok[i - 2][-1:].isalpha():
            scale_or_unit = F["scale"] | F["unit"]
            follows = line.flags[n] & F["unit"]
            if not (flags[i - 2] & scale_or_unit or tok[i - 2] in currencies().first or follows):
                return False
    if tok[n] in ("/", ":") and line.glued(n - 1) and tok[n + 1][:1].isdigit():
        return False
    return not (low[i - 1] == "." and low[i - 2] in ("no", "nos", "art", "sec", "vol"))


def _scale(line: Line, expr: Expr, k: int) -> int:
    """Take the words of scale from token k on; give the token behind them."""
    scales, tok, low = lexicon().scales, line.tok, line.low
    for _ in range(2):
        j = k + 1 if line.hyphen(k) else k
        scale = scales.get(tok[j]) or scales.get(low[j])
        if scale is None:
            break
        if scale.style == "letter" and not (
            j == expr.number + 1 and line.glued(k - 1) and not line.glued(j + 0)
            or (j == expr.number + 1 and line.glued(k - 1) and not tok[j + 1][:1].isalnum())
        ):
            break
        if scale.style == "group":
            expr.size, expr.tail = expr.size * scale.factor, expr.tail * scale.factor
            expr.step *= scale.factor
        else:
            expr.scale *= scale.factor
            expr.scaled = True
        k = j + 1
        if scale.style == "letter":
            break
    return k


def _phrase(line: Line, k: int, longest: int) -> list[tuple[tuple[str, ...], int]]:
    """Give the phrases that start at token k, hyphens inside words left out, longest first."""
    words: list[str] = []
    found = []
    while len(words) < longest:
        if line.hyphen(k):
            k += 1
        if not line.low[k]:
            break
        words.append(line.low[k])
        k += 1
        found.append((tuple(words), k))
    return found[::-1]


def _unit(line: Line, expr: Expr, k: int) -> int | None:
    """Take percent, points or times from token k on."""
    if not line.flags[k + 1 if line.hyphen(k) else k] & F["unit"]:
        return None
    for phrase, end in _phrase(line, k, 4):
        unit = lexicon().units.get(phrase)
        if unit is None:
            continue
        if phrase == ("times",):
            compared = line.low[end] in _COMPARED or expr.step
            if not compared and not line.flags[expr.first - 1] & (F["up"] | F["down"]):
                return None
        if phrase[-1] in ("points", "point") and len(phrase) == 1 and not _beside_percent(line, k):
            return None
        if phrase[0] in ("x", "p", "pc", "bp", "pp") and line.glued(end - 1):
            if line.tok[end][:1].isalnum():
                return None
        expr.kind, expr.unit_scale = unit.kind, unit.factor  # type: ignore[assignment]
        return end
    return None


def _beside_percent(line: Line, k: int) -> bool:
    """Whether bare points are percentage points: the line has percentages, and no index."""
    near = range(max(k - 60, 0), min(k + 60, line.size))
    percent = any(line.low[j] in ("%", "percent", "percentage", "pct", "％") for j in near)
    return percent and not any(line.flags[j] & F["index"] for j in near)


def _currency_after(line: Line, k: int) -> tuple[str, int] | None:
    """Give the currency that stands at token k, and the token behind it."""
    known = currencies()
    j = k + 1 if line.hyphen(k) else k
    if line.tok[j] not in known.first and line.low[j] not in known.first:
        return None
    for size in range(5, 0, -1):
        for words in (line.tok, line.low):
            unit = known.after.get(tuple(words[j : j + size]))
            if unit is None:
                continue
            sign = not words[j].isalnum() and line.glued(j + size - 1)
            return None if sign and line.tok[j + size][:1].isdigit() else (unit, j + size)
    return None


def _money_after(line: Line, expr: Expr, k: int) -> int | None:
    """Take the currency that stands behind the number."""
    low = line.low
    for size in (5, 4, 3, 2, 1):
        sub = lexicon().subunits.get(tuple(low[k : k + size]))
        if sub is not None:
            expr.kind, expr.unit, expr.unit_scale = "money", sub[0], sub[1]
            return k + size
    found = _currency_after(line, k)
    if found is None:
        return None
    unit, end = found
    if line.hyphen(end) or (low[end - 1] in ("pounds", "pound") and low[end] == "of"):
        return None
    expr.kind, expr.unit = "money", unit
    return end


def _counted(line: Line, expr: Expr, k: int, whole: bool) -> int | None:
    """Take the counted noun and its modifiers from token k on, up to the head noun."""
    glued = line.glued(k - 1) and line.tok[k].isascii() and line.tok[k].isalpha()
    if glued and not line.flags[k] & F["measure"]:
        return None
    if not expr.size and not whole:
        return None
    found = noun(line, k, expr.size * expr.scale == 1, whole)
    if found is None:
        return None
    expr.kind, expr.unit = "count", singular(line.low[found - 1])
    return found


def plural(line: Line, j: int) -> bool:
    """Whether token j looks like a plural noun."""
    word = line.low[j]
    if word in lexicon().nouns:
        return True
    return len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is"))


def noun(line: Line, k: int, one: bool, whole: bool) -> int | None:
    """Give the token behind the head noun of the phrase that starts at token k.

    The head is the first plural (the second of two that stand side by side), or a measure;
    behind a hyphen, or after `one`, it may be singular.
    """
    low, flags, tok = line.low, line.flags, line.tok
    if line.hyphen(k):
        j = k + 1
        while low[j] in ("square", "cubic", "metric", "nautical") and low[j + 1]:
            j += 2 if line.hyphen(j + 1) else 1
        good = low[j].isalpha() and len(low[j]) > 1 and not flags[j] & (F["nohead"] | F["number"])
        return j + 1 if good else None
    if CJK_WORD.match(low[k]):
        head = k + 1 if flags[k + 1] & F["measure"] and low[k] == "个" else k
        return head + 1 if flags[head] & (F["measure"] | F["span"]) else None
    fallback, j, words = None, k, 0
    while words < 6:
        word, flag = low[j], flags[j]
        if line.hyphen(j) or (word[:1].isdigit() and line.hyphen(j + 1)):
            j += 1
            continue
        if not word.isalpha():
            break
        if flag & F["stop"] and not (flag & F["pass"] and j == k or word in ("us", "it")):
            break
        if word in ("us", "it") and not tok[j].isupper():
            break
        if flag & F["measure"] and (fallback is None):
            fallback = j
        if plural(line, j) or (flag & F["loose"] and word.endswith("s")):
            follows = low[j + 1].isalpha() and not flags[j + 1] & (F["stop"] | _CLAUSE)
            if flag & F["nohead"]:
                return None
            if flag & F["loose"] and follows:
                j, words = j + 1, words + 1
                continue
            if _head(line, k, j) is None:
                return None
            if follows and plural(line, j + 1) and not flag & (F["span"] | F["measure"]):
                j += 1
            return _head(line, k, j)
        if flag & _CLAUSE and not word.endswith("ing"):
            break
        j, words = j + 1, words + 1
    if whole and j == line.size and j > k and fallback is None:
        return j
    if fallback is not None:
        if one or line.low[fallback] in _UNCOUNTED or not line.low[fallback + 1] or whole:
            return _head(line, k, fallback)
        if len(low[fallback]) <= 5 and flags[fallback] & F["measure"]:
            return _head(line, k, fallback) if not one else None
    return None


CJK_WORD: Final = re.compile(r"[\u2e80-\u9fff]")
_UNCOUNTED: Final = frozenset(
    "aircraft staff head personnel livestock cattle sheep series species spacecraft crew police "
    "offspring headcount people teu feu".split()
)


def _head(line: Line, k: int, j: int) -> int | None:
    """Give the token behind the head at j, unless its capital makes it part of a name."""
    word = line.tok[j]
    if word[0].isupper() and not word[:-1].isupper() and not _titled(line):
        spelled = not line.tok[k - 1][:1].isdigit()
        if spelled or not lexicon().flags.get(singular(word), 0) & F["measure"]:
            return None
    return j + 1


def _titled(line: Line) -> bool:
    """Whether the line is a heading with Capitals on Most Words."""
    words = [word for word in line.tok[: min(line.size, 40)] if len(word) > 3 and word.isalpha()]
    return sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def _after_hedge(line: Line, expr: Expr, k: int) -> int | None:
    """Take `or more`, `-plus`, `+` behind the number or its unit."""
    low = line.low
    j = k + 1 if line.hyphen(k) else k
    if low[j] in ("plus", "+", "＋", "多") and not (line.glued(k - 1) or low[j] == "多"):
        return None
    for size in (2, 1):
        hedge = lexicon().afterhedges.get(tuple(low[j : j + size]))
        if hedge is not None and not line.tok[j + size][:1].isdigit():
            expr.hedge = hedge
            return j + size
    return None


def _signs(line: Line, expr: Expr, floor: int) -> None:
    """Take the plus, minus or arrow that stands at either end."""
    tok = line.tok
    for at in (expr.number - 1, expr.first - 1):
        if at < floor or not line.glued(at):
            continue
        if tok[at] in MINUS and (at == 0 or not line.glued(at - 1) or tok[at - 1] in "([“\"':=;,$€£¥"):
            expr.sign, expr.first = -1, min(expr.first, at)
        elif tok[at] in ("+", "＋") and not (line.glued(at - 1) and tok[at - 1][-1].isalnum()):
            expr.sign, expr.first = 1, min(expr.first, at)
    if line.low[expr.first - 1] == "minus" and expr.first > floor and expr.kind != "count":
        expr.sign, expr.first = -1, expr.first - 1
    before, after = ARROWS.get(tok[expr.first - 1]), ARROWS.get(tok[expr.last])
    if before is not None and expr.first > floor:
        expr.sign, expr.first = before, expr.first - 1
    elif after is not None and not tok[expr.last + 1][:1].isdigit():
        expr.sign, expr.last = after, expr.last + 1


def _calendar(line: Line, expr: Expr, i: int) -> bool:
    """Whether the expression is a date, a year, a rank, a calendar period or part of a name."""
    low, tok, flags = line.low, line.tok, line.flags
    if expr.kind in ("percent", "points", "money", "multiple") or expr.scaled:
        year = re.fullmatch(r"(?:1[5-9]|20)\d\d", tok[i])
        return bool(year and expr.kind == "money" and expr.first == i and low[i - 1] == "in")
    before = expr.first - 1
    if low[before] == "." and line.glued(before - 1):
        before -= 1
    size = expr.size
    named = flags[before] & F["name"]
    named = named or (flags[before] & F["weakname"] and tok[before][0].isupper())
    if named or flags[before] & F["rank"]:
        return True
    if size <= 31 and not expr.step:
        if flags[before] & F["month"] and tok[before][0].isupper():
            return True
        month = expr.number + 1
        if flags[month] & F["month"] and tok[month][0].isupper():
            return True
    if re.fullmatch(r"(?:1[5-9]|20)\d\d", tok[i]):
        measured = expr.kind and flags[expr.last - 1] & F["measure"]
        opened = low[before] in ("than", "nearly", "almost", "some", "least", "about")
        if not (opened and expr.kind) and not (
            measured and not flags[before] & (F["block"] | F["stop"] | F["time"])
        ):
            return True
    if expr.kind == "count" and flags[expr.last - 1] & F["span"]:
        if low[before] in ("first", "opening", "initial", "前"):
            return True
        closing = low[before] in ("last", "final", "closing", "latest", "the")
        if closing and low[expr.last] in ("of", "to", "through", "ended", "ending"):
            return True
        if low[expr.last - 1] == "quarters" and low[expr.last] == "of":
            return True
    return False
