"""Sentences and tables whose numbers are computed, and lead to the words that were printed.

A template may hold ``**bold**``, ``*emphasis*``, ``[links](url)`` and empty lines between
paragraphs. What comes from the data is text and never markup. A note is an attribute of its number,
shown by the style sheet on pointing, focus and touch; without style sheets there remain ``title``
and, below the sentence, a list that opens without any script. So a sentence reads alike with all
markup removed. ``data-figures`` names the ledger's rows for the site to link.
"""

from __future__ import annotations

import inspect
import re
from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from string import Formatter
from textwrap import shorten
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from tradelib.estimate import Estimate
from tradelib.ledger import subject
from tradelib.scale import MINUS, Scale, written

DOUBT: Final = "Not certain under these settings:"
MOST_SOURCES: Final = 3
IGNORED: Final = "mathjax_ignore tex2jax_ignore"  # dollar signs are no mathematics
_MARKS: Final = {
    r"\[([^\]]+)\]\((https?://[^\s()]+|[\w./#-]+)\)": r'<a href="\2">\1</a>',
    r"\*\*(.+?)\*\*": r"<strong>\1</strong>",
    r"\*(?=\S)(.+?)(?<=\S)\*": r"<em>\1</em>",
}
HEDGES: Final = {"more than ": "> ", "less than ": "< ", "at least ": "≥ ", "at most ": "≤ "}
Holds: TypeAlias = "bool | np.bool_ | pd.Series[Any] | None"
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

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return bundle(self.plain, self.html)


def bundle(plain: str, html: str) -> dict[str, str]:
    """What a notebook stores of an output: each carries the style sheet that it needs."""
    return {"text/plain": plain, "text/html": f"<style>{STYLE}</style>{html}"}


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
    skeleton, found, texts = "", list[Any](), list[str]()
    for literal, field, form, _ in Formatter().parse(template.strip()):
        skeleton += literal.replace("{", "{{").replace("}", "}}")
        if field is not None:
            skeleton += f"{{{len(found)}}}"
            found.append(value := _value(field, names, sure, template))
            texts.append("not known" if missing(value) else format(value, form or ""))
    _tell_shared_units_once(skeleton, texts)
    skeleton = skeleton if sure else f"**{DOUBT}** {skeleton}"
    # Marks are the template's alone: fields are put in after they were made.
    plain, html = skeleton, escape(skeleton)
    for mark, tag in _MARKS.items():
        plain, html = re.sub(mark, r"\1", plain), re.sub(mark, tag, html)
    html = "".join(f"<p>{part.strip()}</p>" for part in re.split(r"\n\s*\n", html))
    pairs = list(zip(found, texts, strict=True))
    html = html.format(*(_live(value, text) for value, text in pairs))
    below = _folded((value, text) for value, text in pairs if isinstance(value, Estimate))
    kind = "tl-say" if sure else "tl-say tl-doubt"
    return Shown(plain.format(*texts), f'<div class="{kind} {IGNORED}">{html}{below}</div>')


def certain(holds: Holds) -> bool:
    """Whether all that is claimed is certainly true; where nothing is, it is."""
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
    told = "a missing value" if missing(value) else f"the {type(value).__name__} {value!r}"
    raise ValueError(f"{place} needs an estimate, a word or a whole number, found {told}")


def _tell_shared_units_once(skeleton: str, texts: list[str]) -> None:
    """Make "from 361 billion dollars to 280 billion dollars" "from 361 to 280 billion dollars"."""
    for first in map(int, re.findall(r"from {(\d+)} to {", skeleton)):
        unit = re.search(r"(?<=\d) \D+$", texts[first])
        if unit and " to " not in texts[first] and texts[first + 1].endswith(unit[0]):
            texts[first] = texts[first].removesuffix(unit[0])


def note(value: Estimate) -> str:
    """Give what stands behind a number, in some 400 characters; its ``rows`` hold all of it."""
    if value.row:
        return f"{_source(value.row)}: {value:range}"
    parts = [f"{subject(row)}, {_source(row)}" for row in value.rows[:3]]
    told = [shorten(part, 78, placeholder="…") for part in parts]
    told += [f"and {len(value.rows) - 3} more"] if len(value.rows) > 3 else []
    return "; ".join([f"{shorten(value.name, 150, placeholder='…')}: {value:range}", *told])


def _source(row: Mapping[Any, Any]) -> str:
    """What a row was printed as, by whom, and where."""
    place = str(row.get("publisher") or f"article {row['article']}")
    place += f", paragraph {row['paragraph']}" if "paragraph" in row else ""
    fixed = str(row.get("corrections") or "").replace("_", " ").replace(";", ", ")
    return f"“{row['surface']}”, {place}" + f" (corrected: {fixed})" * bool(fixed)


def _live(value: Any, text: str) -> str:
    """A number with its note; other values as they are."""
    if not isinstance(value, Estimate):
        return escape(text)
    text, told = escape(text), escape(note(value))
    return (
        f'<span class="tl-number" tabindex="0" role="note" aria-label="{text}: {told}">'
        f'<span title="{told}">{text}</span></span>'
    )


def _folded(numbers: Iterable[tuple[Estimate, str]]) -> str:
    """The notes of numbers as a list that opens without any script; each once."""
    notes = []
    for value, text in numbers:
        figures = " ".join(str(row["figure"]) for row in value.rows if row.get("figure"))
        rows = f' data-figures="{escape(figures)}"' if figures else ""
        notes.append(f"<li{rows}>{escape(text)}: {escape(note(value))}</li>")
    items = "".join(dict.fromkeys(notes))
    heading = "<summary>Where these numbers come from</summary>"
    return f'<details class="tl-sources">{heading}<ul>{items}</ul></details>' if notes else ""


class _Column(NamedTuple):
    """A column as it is written: its heading, its cells, their class, and its numbers by name."""

    title: str
    texts: list[str]
    kind: str
    numbers: list[tuple[Estimate, str]]


def show(frame: pd.DataFrame, *, caption: str) -> Shown:
    """Show a table; its first column, or an index that does more than count, heads the rows.

    Estimates are written in the unit of their column: as printed, or ``about`` where they were
    computed; other cells as they are, missing ones as a dash. Headings are the names of columns,
    their underscores spaces. A table without rows and a column of two units are ValueErrors.

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
    columns = [_column(named(name).replace("_", " "), [*table[name]], heads) for name in table]
    texts = pd.DataFrame({place: column.texts for place, column in enumerate(columns)})
    plain = texts.to_string(index=False, header=[column.title for column in columns])
    return Shown(f"{caption}\n{plain}", _html(caption, columns))


def _column(heading: str, cells: list[Any], heads: list[str]) -> _Column:
    """Write a column: its heading, with the unit of estimates but for percent, and its cells."""
    estimates = [(head, c) for head, c in zip(heads, cells, strict=True) if isinstance(c, Estimate)]
    title = heading[:1].upper() + heading[1:]
    if not estimates:
        kind = ' class="tl-n"' if pd.Series(cells).dtype.kind in "iuf" else ""
        return _Column(title, [_text(cell) for cell in cells], kind, [])
    units = {one.unit: head for head, one in estimates}
    if len(units) > 1:
        told = ", ".join(f"{head} in {unit}" for unit, head in units.items())
        raise ValueError(f"the column {heading!r} has more than one unit: {told}")
    scale = Scale.of(next(iter(units)), *(one.value for _, one in estimates))
    title += "" if scale.unit == "percent" else f" ({scale.words})"
    texts = [short(cell, scale) if isinstance(cell, Estimate) else _text(cell) for cell in cells]
    numbers = [(one, f"{head}, {heading}: {one}") for head, one in estimates]
    return _Column(title, texts, ' class="tl-n"', numbers)


def _text(cell: Any) -> str:
    if missing(cell):
        return "–"
    return f"{cell:.6g}".replace("-", MINUS) if isinstance(cell, float) else str(cell)


def _html(caption: str, columns: list[_Column]) -> str:
    """The table in a box that scrolls sideways, and below it its list of notes."""
    first, *others = columns
    top = "".join(f'<th scope="col"{one.kind}>{escape(one.title)}</th>' for one in others)
    lines = [f'<thead><tr><th scope="col">{escape(first.title)}</th>{top}</tr></thead>\n<tbody>']
    for place, head in enumerate(first.texts):
        cells = "".join(f"<td{one.kind}>{escape(one.texts[place])}</td>" for one in others)
        lines.append(f'<tr><th scope="row">{escape(head)}</th>{cells}</tr>')
    title, rows = escape(caption), "\n".join(lines)
    return (
        f'<div class="tl-table {IGNORED}" tabindex="0" role="region" aria-label="{title}">'
        f"<table>\n<caption>{title}</caption>\n{rows}\n</tbody></table></div>"
        f"{_folded(number for one in columns for number in one.numbers)}"
    )


def short(value: Estimate, scale: Scale) -> str:
    """Write a number for a chart or a cell: in their scale, without its words.

    It stands as printed, or ``about`` where it was computed.
    """
    form, bare = "" if value.row else "about", replace(scale, words="")
    text = written(form, value.unit, value.interval, value.value, value.row.get("hedge", ""), bare)
    text = text.removeprefix("about ")
    for words, sign in HEDGES.items():
        text = text.replace(words, sign)
    return text


def named(label: Any) -> str:
    """The text of a label, which may be of several levels."""
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def sources(rows: Iterable[Mapping[Any, Any]]) -> str:
    """Name in plain words where rows come from: the articles, then others, the most used first."""
    rows = [row for row in rows if row.get("publisher")]
    makers = Counter((not row.get("article"), _maker(row["publisher"])) for row in rows)
    told = [name for _, name in sorted(makers, key=lambda maker: (maker[0], -makers[maker]))]
    if (more := len(told) - MOST_SOURCES) > 1:
        told = [*told[:MOST_SOURCES], f"and {more} others"]
    return "; ".join(told)


def _maker(publisher: str) -> str:
    """Who made a figure, not who passed it on."""
    return "China’s customs" if "GACC" in publisher else re.split(r" via |; | \(", publisher)[0]
