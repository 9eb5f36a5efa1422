"""Sentences whose numbers are computed, and can be traced to the words that were printed.

A template may hold ``**bold**``, ``*emphasis*``, ``[links](url)`` and empty lines between
paragraphs. What comes from the data is text and never markup. A note is an attribute of its number,
shown by the style sheet on pointing, focus and touch; without style sheets there remain ``title``
and, below the sentence, a list that opens without any script. So a sentence reads alike with all
markup removed. ``data-figures`` names the ledger's rows for the site to link.
"""

from __future__ import annotations

import inspect
import math
import re
from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from importlib.resources import files
from itertools import pairwise
from string import Formatter
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from tradelib.estimate import Estimate
from tradelib.ledger import subject
from tradelib.scale import Scale, written

DOUBT: Final = "Not certain under these settings:"
LIST_HEADING: Final = "Where these numbers come from"
MOST_SOURCES: Final = 3
IGNORED: Final = "mathjax_ignore tex2jax_ignore"  # dollar signs are no mathematics
_MARKS: Final = (
    (re.compile(r"\[([^\]]+)\]\((https?://[^\s()]+|[\w./#-]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*(?=\S)(.+?)(?<=\S)\*"), r"<em>\1</em>"),
)
HEDGES: Final = {"more than ": "> ", "less than ": "< ", "at least ": "≥ ", "at most ": "≤ "}
Holds: TypeAlias = "bool | np.bool_ | pd.Series[Any] | None"


@dataclass(frozen=True, repr=False)
class Shown:
    """What displays itself in a notebook: as ``plain`` text, and as ``html``."""

    plain: str
    html: str

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return bundle(self.plain, self.html)


def bundle(plain: str, html: str) -> dict[str, str]:
    """What a notebook stores of an output: each carries the style sheet that it needs."""
    return {"text/plain": plain, "text/html": f"<style>{style()}</style>{html}"}


def say(template: str, /, *, holds: Holds = None, **values: Any) -> Shown:
    """Say a sentence with numbers in it.

    A field of the template is a variable of the notebook or a keyword, with the label of a Series
    or the column and label of a table in brackets, and a form (`tradelib.scale.written`):
    ``{share[United States]:about}``, ``{surplus[2025][Africa]}``. It is an estimate, a word or a
    whole number. "from {a} to {b}" tells a unit that both share once.

    ``holds`` is what the words claim, as a comparison or a Series of them, which means all. Where
    it is not certain, the sentence begins with "Not certain under these settings:", and what is
    missing is "not known". Else that is a ValueError, as a name that is not there always is, and a
    number without a unit.

    >>> from tradelib import Interval
    >>> surplus = {2024: Estimate(Interval(7.0e12, 7.09e12), "CNY", "customs")}
    >>> say("In {year} it came to **{surplus[2024]}**.", holds=2 > 1, year=2024)
    In 2024 it came to 7.0 to 7.1 trillion yuan.
    >>> say("It did not.", holds=1 > 2)
    Not certain under these settings: It did not.
    """
    caller = inspect.stack(0)[1].frame
    names = ChainMap(values, caller.f_locals, caller.f_globals)
    sure = certain(holds)
    plain, found, texts = "", list[Any](), list[str]()
    for literal, field, form, _ in Formatter().parse(template.strip()):
        plain += literal.replace("{", "{{").replace("}", "}}")
        if field is not None:
            plain += f"{{{len(found)}}}"
            found.append(value := _value(field, names, sure, template))
            texts.append("not known" if missing(value) else format(value, form or ""))
    _tell_shared_units_once(plain, texts)
    # Marks are the template's alone: fields are put in after they were made.
    html = escape(plain)
    for mark, tag in _MARKS:
        plain, html = mark.sub(r"\1", plain), mark.sub(tag, html)
    html = "".join(f"<p>{part.strip()}</p>" for part in re.split(r"\n\s*\n", html))
    if not sure:
        plain = f"{DOUBT} {plain}"
        html = html.replace("<p>", f'<p><strong class="tl-doubt">{DOUBT}</strong> ', 1)
    html = html.format(*map(_live, found, texts))
    pairs = zip(found, texts, strict=True)
    notes = [noted(value, text) for value, text in pairs if isinstance(value, Estimate)]
    html = f'<div class="tl-say {IGNORED}">{html}{folded(notes)}</div>'
    return Shown(plain.format(*texts), html)


def certain(holds: Holds) -> bool:
    """Whether all that is claimed is certainly true; nothing claimed is.

    >>> certain(None), certain(pd.Series([True, False])), certain(pd.Series([], dtype=bool))
    (True, False, False)
    """
    if holds is None:
        return True
    claims = list(holds) if isinstance(holds, pd.Series) else [holds]
    for claim in claims:
        if not (isinstance(claim, bool | np.bool_) or missing(claim)):
            raise TypeError(f"holds is a comparison or a Series of them, found {claim!r}")
    return bool(claims) and all(not missing(claim) and claim for claim in claims)


def missing(value: Any) -> bool:
    """Whether it is what pandas has where nothing is known: None, NA or NaN."""
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)


def _value(field: str, names: Mapping[str, Any], sure: bool, template: str) -> Any:
    """What a field stands for, if a sentence can tell it."""
    place = f"{{{field}}} in {template!r}"
    try:
        value, _ = Formatter().get_field(field, (), names)
    except (LookupError, AttributeError, TypeError) as error:
        told = error.args[0] if error.args else field
        raise ValueError(f"{place}: there is no {told}") from None
    if isinstance(value, Estimate | str | int | np.integer) or (missing(value) and not sure):
        return value
    found = "a missing value" if missing(value) else f"the {type(value).__name__} {value!r}"
    raise ValueError(f"{place} needs an estimate, a word or a whole number, found {found}")


def _tell_shared_units_once(template: str, texts: list[str]) -> None:
    """Make "from 361 billion dollars to 280 billion dollars" "from 361 to 280 billion dollars"."""
    for place, (one, other) in enumerate(pairwise(texts)):
        unit = re.search(r"(?<=\d) \D+$", one)
        together = f"from {{{place}}} to {{{place + 1}}}" in template and " to " not in one
        if together and unit and other.endswith(unit[0]):
            texts[place] = one.removesuffix(unit[0])


def note(value: Estimate) -> str:
    """Give what stands behind a number, in some 400 characters; its ``rows`` hold all of it."""
    if value.row:
        return f"{_source(value.row)}: {value:range}"
    told = [_cut(f"{subject(row)}, {_source(row)}", 73) for row in value.rows[:3]]
    told += [f"and {len(value.rows) - 3} more"] if len(value.rows) > 3 else []
    return "; ".join([f"{_cut(value.name, 150)}: {value:range}", *told])


def _source(row: Mapping[Any, Any]) -> str:
    """What a row was printed as, by whom, and where."""
    place = str(row.get("publisher") or f"article {row['article']}")
    place += f", paragraph {row['paragraph']}" if "paragraph" in row else ""
    fixed = str(row.get("corrections") or "").replace("_", " ").replace(";", ", ")
    return f"“{row['surface']}”, {place}" + f" (corrected: {fixed})" * bool(fixed)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _live(value: Any, text: str) -> str:
    """A number with its note; other values as they are."""
    if not isinstance(value, Estimate):
        return escape(text)
    told = escape(note(value))
    return (
        f'<span class="tl-number" tabindex="0" role="note" aria-label="{escape(text)}: {told}"'
        f'{_rows(value)}><span title="{told}">{escape(text)}</span></span>'
    )


def _rows(value: Estimate) -> str:
    """The rows of the ledger that a number rests on, as an attribute."""
    figures = [str(row["figure"]) for row in value.rows if row.get("figure")]
    return f' data-figures="{escape(" ".join(figures))}"' if figures else ""


def noted(value: Estimate, text: str) -> str:
    """An item of a list of notes."""
    return f"<li{_rows(value)}>{escape(text)}: {escape(note(value))}</li>"


def folded(notes: Iterable[str]) -> str:
    """The notes as a list that opens without any script; each once."""
    items = "".join(dict.fromkeys(notes))
    heading = f"<summary>{LIST_HEADING}</summary>"
    return f'<details class="tl-sources">{heading}<ul>{items}</ul></details>' if items else ""


def rich(value: Estimate) -> str:
    """Give the number, its formula and a small table of what it rests on."""
    cells = [(escape(subject(row)), escape(_source(row))) for row in value.rows]
    rows = "".join(f"<tr><td>{what}</td><td>{source}</td></tr>" for what, source in cells)
    return f"<p>{escape(repr(value))}</p><table>{rows}</table>"


def short(value: Estimate, scale: Scale, *, signed: bool = False) -> str:
    """Write a number for a chart or a cell: in their scale, without its words.

    It stands as printed, or ``about`` where it was computed; ``signed`` gives it its plus.

    >>> from tradelib import Interval
    >>> surplus = Estimate(Interval(992e9, 992e9), "USD", "surplus")
    >>> short(surplus, Scale.of("USD", 1e12)), short(surplus, Scale.of("USD", 1e9), signed=True)
    ('0.992', '+992')
    """
    form = {"points": "points ", "multiple": "times "}.get(scale.unit, "")
    form += "" if value.row else "about"
    hedge, bare = value.row.get("hedge", ""), replace(scale, words="")
    text = written(form, value.unit, value.interval, value.value, hedge, bare)
    text = text.removeprefix("about ")
    for words, sign in HEDGES.items():
        text = text.replace(words, sign)
    return re.sub(r"\d", r"+\g<0>", text, count=1) if signed and value.value > 0 else text


def rounded(text: str, digits: int) -> str:
    """Leave the numbers of a text no more than some digits, whole ones all of theirs.

    >>> rounded("1,189.4 to 1.13516", 4)
    '1,189 to 1.135'
    """

    def few(number: re.Match[str]) -> str:
        value, places = float(number[0].replace(",", "")), len(number[1] or "")
        whole = math.floor(math.log10(value)) + 1 if value else 1
        return f"{value:,.{max(0, min(places, digits - whole))}f}"

    return re.sub(r"\d[\d,]*(?:\.(\d+))?", few, text)


def named(label: Any) -> str:
    """The text of a label, which may be of several levels."""
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def sources(rows: Iterable[Mapping[Any, Any]]) -> str:
    """Name in plain words where rows come from: the articles, then others, the most used first.

    >>> article = {"article": "diversification-2025", "publisher": "Hankyung’s article on 2025"}
    >>> sources([{"publisher": "GACC via a trade paper"}, article])
    'Hankyung’s article on 2025; China’s customs'
    """
    rows = [row for row in rows if row.get("publisher")]
    names = dict.fromkeys(row["publisher"] for row in rows if row.get("article"))
    others = Counter(_maker(row["publisher"]) for row in rows if not row.get("article"))
    told = [*names, *(name for name, _ in others.most_common())]
    if (more := len(told) - MOST_SOURCES) > 1:
        told = [*told[:MOST_SOURCES], f"and {more} others"]
    return "; ".join(told)


def _maker(publisher: str) -> str:
    """Who made a figure, not who passed it on."""
    return "China’s customs" if "GACC" in publisher else re.split(r" via |; | \(", publisher)[0]


def style() -> str:
    """Give the style sheet of live numbers, tables and charts, on one line (``house.css``).

    >>> ".tl-number" in style()
    True
    """
    text = files("tradelib").joinpath("house.css").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.S)).strip()
