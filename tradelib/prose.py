"""Sentences whose numbers are computed, and can be traced to the words that were printed.

A template may hold ``**bold**``, ``*emphasis*``, ``[links](url)`` and empty lines between
paragraphs; a field tells how its number is written (see `tradelib.estimate`).

A note is an attribute of its number, shown by the style sheet on pointing, focus and touch. Where
a viewer drops style sheets the attribute ``title`` remains, and below every sentence a list that
opens without any script holds all notes. Nothing else is added to the sentence, so that it reads
alike with all markup removed. ``data-figure`` names the ledger's row for the site to link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Formatter
from typing import Any, Final

from tradelib.estimate import UNKNOWN, Estimate

LIST_HEADING: Final = "Where these numbers come from"
_MARKS: Final = (
    (re.compile(r"\[([^\]]+)\]\((https?://[^\s()]+|[\w./#-]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*(?=\S)(.+?)(?<=\S)\*"), r"<em>\1</em>"),
)


@dataclass(frozen=True, repr=False)
class Shown:
    """What displays itself in a notebook: as ``plain`` text, and as ``html``."""

    plain: str
    html: str

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": self.plain, "text/html": f"<style>{style()}</style>{self.html}"}


class _Live(Formatter):
    """Puts live numbers into HTML, and keeps their notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def format_field(self, value: Any, form: str) -> str:
        text = escape(format(value, form))
        if not isinstance(value, Estimate):
            return text
        note, row = escape(value.note), f'data-figure="{escape(value.row.get("figure", ""))}"'
        self.notes.append(f"<li {row}>{text}: {note}</li>")
        row = f" {row}" * ("figure" in value.row)
        return (
            f'<span class="tl-number" tabindex="0" role="note" aria-label="{text}: {note}"{row}>'
            f'<span title="{note}">{text}</span></span>'
        )


def say(template: str, /, **values: Estimate | str | int) -> Shown:
    """Say a sentence with numbers in it: a template with fields, and what they stand for.

    Values are estimates, words and years; further ones are ignored, so that one table of numbers
    can serve many sentences. A field without a value, a value of which nothing is known, or a
    float that comes from nowhere is a ValueError.

    >>> from tradelib import Interval
    >>> surplus = Estimate(Interval(7.0e12, 7.09e12), "CNY", "customs")
    >>> say("In {year} the surplus came to **{surplus}**.", surplus=surplus, year=2024)
    In 2024 the surplus came to 7.0 to 7.1 trillion yuan.
    """
    for _, field, _, _ in Formatter().parse(template):
        value = "" if field is None else values.get(field, UNKNOWN)
        unknown = isinstance(value, Estimate) and not value
        if unknown or not isinstance(value, Estimate | str | int):
            found = "nothing" if unknown else f"the {type(value).__name__} {value!r}"
            wanted = "an estimate, a word or a whole number"
            raise ValueError(f"{{{field}}} in {template!r} needs {wanted}, found {found}")
    plain, html, live = template.strip(), escape(template.strip()), _Live()
    for mark, tag in _MARKS:
        plain, html = mark.sub(r"\1", plain), mark.sub(tag, html)
    html = "".join(f"<p>{part.strip()}</p>" for part in re.split(r"\n\s*\n", html))
    html = live.vformat(html, (), values)
    if live.notes:
        notes = "".join(dict.fromkeys(live.notes))
        html += f"<details><summary>{LIST_HEADING}</summary><ul>{notes}</ul></details>"
    return Shown(plain.format(**values), f'<div class="tl-say">{html}</div>')


def style() -> str:
    """Give the style sheet of live numbers and tables, on one line (``tradelib/house.css``).

    >>> ".tl-number" in style()
    True
    """
    text = files("tradelib").joinpath("house.css").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.S)).strip()
