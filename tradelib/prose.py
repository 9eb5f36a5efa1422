"""Sentences and tables whose numbers are computed, and lead to the words that were printed.

What comes from the data is text and never markup. A note is an attribute of its number, which the
style sheet shows; without it there remain ``title`` and, below the sentence, a list, in which
``data-figures`` names the ledger's rows for the site to link.
"""

from __future__ import annotations

import inspect
import re
from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from itertools import chain
from pathlib import Path
from statistics import median_low
from string import Formatter
from textwrap import shorten
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from tradelib.estimate import Estimate
from tradelib.ledger import subject
from tradelib.scale import MINUS, Scale

DOUBT: Final = "Not certain under these settings:"
IGNORED: Final = "mathjax_ignore tex2jax_ignore"  # dollar signs are no mathematics
_MARKS: Final = {
    r"\[([^\]]+)\]\((https?://[^\s()]+|[\w./#-]+)\)": r'<a href="\2">\1</a>',
    r"\*\*(.+?)\*\*": r"<strong>\1</strong>",
    r"\*(?=\S)(.+?)(?<=\S)\*": r"<em>\1</em>",
}
Holds: TypeAlias = "bool | np.bool_ | pd.Series[Any]"
_CSS: Final = Path(__file__).with_name("house.css").read_text(encoding="utf-8")
STYLE: Final = " ".join(re.sub(r"/\*.*?\*/", "", _CSS, flags=re.S).split())
"""The style sheet of live numbers, tables and charts, on one line."""


@dataclass(frozen=True, repr=False)
class Shown:
    """What displays itself in a notebook: as ``plain`` text, and as ``html``."""

    plain: str
    html: str

    def __repr__(self) -> str:
        return self.plain

    def _repr_html_(self) -> str:
        return f"<style>{STYLE}</style>{self.html}"


def say(template: str, /, *, holds: Holds = True, **values: Any) -> Shown:
    """Say a sentence with numbers in it.

    The template may hold ``**bold**``, ``*emphasis*``, ``[links](url)`` and empty lines. A field
    is a variable of the notebook or a keyword, with labels in brackets, and a form of
    `Estimate.written`: ``{share[United States]:about}``. It is an estimate, a word or a whole
    number; another value, or a name that is not there, is a ValueError. ``holds`` is what the words
    claim: a comparison, or a Series of them, which means all.

    >>> from tradelib import Interval
    >>> surplus = {2024: Estimate(Interval(7.0e12, 7.09e12), "CNY", "customs")}
    >>> say("In {year} it came to **{surplus[2024]}**.", holds=1 > 2, year=2024)
    Not certain under these settings: In 2024 it came to 7.0 to 7.1 trillion yuan.
    """
    caller = inspect.stack(0)[1].frame
    names = ChainMap(values, caller.f_locals, caller.f_globals)
    sure = certain(holds)
    skeleton, numbers = "", list[tuple[Any, str]]()
    for literal, field, form, _ in Formatter().parse(template.strip()):
        skeleton += literal.replace("{", "{{").replace("}", "}}")
        if field is not None:
            skeleton += f"{{{len(numbers)}}}"
            value = _value(field, names, template)
            numbers.append((value, format(value, form or "")))
    if not sure:
        skeleton = f"**{DOUBT}** {skeleton}"
    # Marks are the template's alone: fields are put in after they were made.
    plain, html = skeleton, escape(skeleton)
    for mark, tag in _MARKS.items():
        plain, html = re.sub(mark, r"\1", plain), re.sub(mark, tag, html)
    html = "".join(f"<p>{part.strip()}</p>" for part in re.split(r"\n\s*\n", html))
    plain = plain.format(*(text for _, text in numbers))
    html = html.format(*(_live(value, text) for value, text in numbers))
    below = _folded((value, text) for value, text in numbers if isinstance(value, Estimate))
    kind = "tl-say" if sure else "tl-say tl-doubt"
    return Shown(plain, f'<div class="{kind} {IGNORED}">{html}{below}</div>')


def certain(holds: Holds) -> bool:
    """Whether all that is claimed is certainly true."""
    claims: list[Any] = list(holds) if isinstance(holds, pd.Series) else [holds]
    for claim in claims:
        if not (isinstance(claim, bool | np.bool_) or pd.isna(claim)):
            raise TypeError(f"holds is a comparison or a Series of them, found {claim!r}")
    return bool(claims) and all(not pd.isna(claim) and claim for claim in claims)


def _value(field: str, names: Mapping[str, Any], template: str) -> Any:
    place = f"{{{field}}} in {template!r}"
    try:
        value, _ = Formatter().get_field(field, (), names)
    except (LookupError, AttributeError, TypeError) as error:
        raise ValueError(f"{place}: there is no {error.args[0]}") from None
    if not isinstance(value, Estimate | str | int | np.integer):
        told = f"the {type(value).__name__} {value!r}"
        raise ValueError(f"{place} needs an estimate, a word or a whole number, found {told}")
    return value


def note(value: Estimate) -> str:
    """Give what stands behind a number, in some 400 characters; its ``rows`` hold all of it."""
    if value.row:
        return f"{_source(value.row)}: {value:range}"
    parts = [f"{subject(row)}, {_source(row)}" for row in value.rows[:3]]
    told = [shorten(part, 78, placeholder="…") for part in parts]
    told += [f"and {len(value.rows) - 3} more"] if len(value.rows) > 3 else []
    return "; ".join([f"{shorten(value.name, 150, placeholder='…')}: {value:range}", *told])


def _source(row: Mapping[Any, Any]) -> str:
    told = f"“{row['surface']}”, {row.get('publisher') or 'article ' + row['article']}"
    if "paragraph" in row:
        told += f", paragraph {row['paragraph']}"
    if fixed := row.get("corrections"):
        told += f" (corrected: {fixed.replace('_', ' ').replace(';', ', ')})"
    return told


def _live(value: Any, text: str) -> str:
    if not isinstance(value, Estimate):
        return escape(text)
    text, told = escape(text), escape(note(value))
    return (
        f'<span class="tl-number" tabindex="0" role="note" aria-label="{text}: {told}">'
        f'<span title="{told}">{text}</span></span>'
    )


def _folded(numbers: Iterable[tuple[Estimate, str]]) -> str:
    notes = []
    for value, text in numbers:
        figures = " ".join(str(row["figure"]) for row in value.rows if row.get("figure"))
        rows = f' data-figures="{escape(figures)}"' if figures else ""
        notes.append(f"<li{rows}>{escape(text)}: {escape(note(value))}</li>")
    items = "".join(dict.fromkeys(notes))
    heading = "<summary>Where these numbers come from</summary>"
    return f'<details class="tl-sources">{heading}<ul>{items}</ul></details>' if notes else ""


def show(frame: pd.DataFrame, *, caption: str, form: str = "") -> Shown:
    """Show a table; its first column, or an index that does more than count, heads the rows.

    Estimates are written in the unit of their column and a form (`Estimate.written`), else as
    printed, or ``about`` if they were computed; other cells as they are, missing ones as a dash.
    Underscores of headings are spaces. An empty table and a column of two units are ValueErrors.

    >>> from tradelib import Interval
    >>> amount = Estimate(Interval(25.4e12, 25.4e12), "CNY", "exports")
    >>> show(pd.DataFrame({"year": [2024], "exports": [amount]}), caption="Exports")
    Exports
    Year Exports (trillion yuan)
    2024                    25.4
    """
    counts = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    table = frame if counts else frame.reset_index()
    if table.empty:
        raise ValueError(f"the table {caption!r} is empty")
    heads = [str(head) for head in table.iloc[:, 0]]
    columns = [_column(name, heads, table[name], form) for name in table]
    titles, kinds, texts, numbers = zip(*columns, strict=True)
    plain = pd.DataFrame(dict(enumerate(texts))).to_string(index=False, header=titles)
    top = "".join(f'<th scope="col"{kind}>{escape(title)}</th>' for title, kind, *_ in columns)
    lines = [f"<thead><tr>{top}</tr></thead>\n<tbody>"]
    for row in zip(*texts, strict=True):
        head, *rest = zip(kinds, map(escape, row), strict=True)
        cells = "".join(f"<td{kind}>{text}</td>" for kind, text in rest)
        lines.append(f'<tr><th scope="row"{head[0]}>{head[1]}</th>{cells}</tr>')
    title, rows = escape(caption), "\n".join(lines)
    html = (
        f'<div class="tl-table {IGNORED}" tabindex="0" role="region" aria-label="{title}">'
        f"<table>\n<caption>{title}</caption>\n{rows}\n</tbody></table></div>"
    )
    return Shown(f"{caption}\n{plain}", html + _folded(chain(*numbers)))


def _column(name: Any, heads: list[str], cells: pd.Series[Any], form: str) -> tuple[Any, ...]:
    """A column's title, with its unit but for percent, its class, its texts, and its numbers."""
    heading = str(name).replace("_", " ")
    pairs = zip(heads, cells, strict=True)
    estimates = [(head, cell) for head, cell in pairs if isinstance(cell, Estimate)]
    scale = shared_scale(f"the column {heading!r}", estimates)
    unit = "" if scale.unit in ("percent", "") else f" ({scale.words})"
    kind = ' class="tl-n"' if estimates or cells.dtype.kind in "iuf" else ""
    numbers = [(one, f"{head}, {heading}: {one}") for head, one in estimates]
    title = heading[:1].upper() + heading[1:] + unit
    return title, kind, [_text(cell, scale, form) for cell in cells], numbers


def _text(cell: Any, scale: Scale, form: str) -> str:
    if isinstance(cell, Estimate):
        return short(cell, scale, form)
    if pd.isna(cell):
        return "–"
    return f"{cell:.6g}".replace("-", MINUS) if isinstance(cell, float) else str(cell)


def shared_scale(what: str, estimates: list[tuple[str, Estimate]]) -> Scale:
    """One scale for named estimates; an error that names them where the units differ."""
    units = {one.unit: name for name, one in estimates}
    if len(units) > 1:
        told = ", ".join(f"{name} in {unit}" for unit, name in units.items())
        raise ValueError(f"{what} has one unit, found {told}")
    # Few large ones do not decide: 130 and 1,189 billion read better than 0.13 and 1.189 trillion.
    sizes = [abs(float(one)) for _, one in estimates]
    return Scale.of(next(iter(units), ""), median_low(sizes or [0.0]))


def short(value: Estimate, scale: Scale, form: str = "") -> str:
    """Write a number in a scale, without its words."""
    form = form or ("" if value.row else "about")
    return value.written(form, replace(scale, words="")).removeprefix("about ")


def sources(rows: Iterable[Mapping[Any, Any]]) -> str:
    """Name in plain words where rows come from: the articles, then others, the most used first."""
    makers = Counter[tuple[bool, str]]()
    for row in rows:
        if publisher := row.get("publisher"):
            maker = re.split(r" via |; | \(", publisher)[0]
            maker = "China’s customs" if "GACC" in publisher else maker
            makers[not row.get("article"), maker] += 1
    told = [name for _, name in sorted(makers, key=lambda maker: (maker[0], -makers[maker]))]
    if (more := len(told) - 3) > 1:
        told = [*told[:3], f"and {more} others"]
    return "; ".join(told)
