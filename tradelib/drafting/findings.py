"""From an article's text to findings: its rows are drafted and audited, and nothing is typed."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.drafting.rows import draft
from tradelib.ledger import data_folder, load_figures, load_table
from tradelib.output import csv_text
from tradelib.schema import DataError

LABELS: Final = ("reporter", "partner", "product", "flow", "measure", "period", "basis")
"""Columns that the audit goes by: what needs a guess in one of them is no finding yet."""
WEAK: Final = "would contradict"
COLUMNS: Final = ("verdict", "beside", "finding", "suggestion", "figures", "guessed")
Row = dict[str, Any]


def check_article(
    text: str, *, article: str, folder: Path | str | None = None, **about: Any
) -> pd.DataFrame:
    """Draft an article's rows and audit them: beside the ledger and what others print, and alone.

    Parameters are those of `tradelib.draft`. All labels are a draft. A contradiction that needs a
    guessed one is none yet: a first audit goes without such rows, a second takes them in. Nor is
    it where two numbers are drafted as one quantity and no change of label would mend it: they are
    most likely two. Figures that were told are left out of the audits that follow, so that nothing
    is told twice.

    Returns
    -------
    DataFrame
        A row a contradiction that a figure of the article is part of: ``verdict``
        (``contradicts``, or ``would contradict`` where it is none yet), ``beside`` (``the ledger``
        or ``itself``), ``finding`` (in words), ``suggestion`` (the change of label that would mend
        it), ``figures`` (their slugs), ``guessed`` (the labels of those to be confirmed first).
        Its ``attrs`` tell how many figures are ``drafted`` and of how many a label is ``guessed``,
        and give a sentence for each that is ``left out`` because the tables refuse it.

    Examples
    --------
    >>> text = "Trade of 2031 came to 48 trillion yuan, exports to 26 trillion yuan and imports to "
    >>> check_article(text + "18 trillion yuan.", article="new", year=2031)["verdict"].tolist()
    ['contradicts']
    """
    rows = draft(text, article=article, folder=folder, **about)
    guesses = {
        row["figure"]: [f"{row['figure']}: {c}" for c in LABELS if c in row["check"].split(";")]
        for row in rows.to_dict("records")
    }
    unsure = {figure for figure, guessed in guesses.items() if guessed}
    digest = hashlib.sha256(text.encode()).hexdigest()
    left_out: dict[str, str] = {}
    found: list[Row] = []
    for beside in ("the ledger", "itself"):
        for verdict in ("contradicts", WEAK) if unsure else ("contradicts",):
            told = {figure for other in found for figure in other["figures"]}
            some = rows[~rows["figure"].isin(told | (set() if verdict == WEAK else unsure))]
            for row in _contradictions(some, digest, beside == "itself", folder, left_out):
                alike = row["kind"] == "conflict" and "=" not in row["finding"]  # no arithmetic
                guessed = [guess for figure in row["figures"] for guess in guesses.get(figure, [])]
                row |= {"verdict": WEAK if alike else verdict, "beside": beside, "guessed": guessed}
                found.append(row)
    table = pd.DataFrame(found, columns=COLUMNS)
    table.attrs = {"drafted": len(rows), "guessed": len(unsure), "left out": [*left_out.values()]}
    return table


def _contradictions(
    rows: pd.DataFrame,
    digest: str,
    alone: bool,
    folder: Path | str | None,
    left_out: dict[str, str],
) -> list[Row]:
    """Audit drafted rows in a copy of the tables: with the other articles, or with nothing else.

    The ledger's own labels are read as corrected, and its claims are left out: what is wrong with
    them is told by the audit of the ledger. Rows that the tables refuse are ``left_out``.
    """
    from tradelib.auditing import audit

    rows = rows[~rows["figure"].isin(left_out)]
    if rows.empty:
        return []
    ledger, articles = load_figures(folder=folder), load_table("articles", folder)
    new = rows.iloc[0]
    others = articles[(articles["sha256"] != digest) & (articles["article"] != new["article"])]
    ledger = ledger[ledger["article"].isin(others["article"]) & (not alone)]
    known = {"article": new["article"], "sha256": digest, "language": "en", "summary": "A draft"}
    known |= {"published": f"{new['vintage']}-01", "year": int(new["vintage"]) - 1}
    tables: dict[str, list[dict[Any, Any]]] = {
        "articles": [known, *others.to_dict("records")],
        "figures": [*rows.to_dict("records"), *ledger.to_dict("records")],
        "claims": [],
        "corrections": [],
    }
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(data_folder(folder), Path(temporary) / "data"))
        for name, records in tables.items():
            columns = list(load_table(name, folder).columns)
            cells = [{column: row.get(column, "") for column in columns} for row in records]
            (copy / f"{name}.csv").write_text(csv_text(columns, cells, raw=True), encoding="utf-8")
        try:
            told = audit(reference=not alone, folder=copy)
        except DataError as error:
            refused = _refused(error.problems, list(rows["figure"]))
            if not refused:
                raise
            left_out |= refused
            return _contradictions(rows, digest, alone, folder, left_out)
    told = told[told["verdict"] == "contradicts"].rename(columns={"evidence": "finding"})
    found = [{str(k): v for k, v in row.items()} for row in told.to_dict("records")]
    return [row for row in found if not set(rows["figure"]).isdisjoint(row["figures"])]


def _refused(problems: list[str], figures: list[str]) -> dict[str, str]:
    """Give the sentence for each drafted figure that a table refuses; drafted rows come first."""
    refused = {}
    for problem in problems:
        named = re.match(r"figures\.csv, (?:line (\d+)|row ([^,]+)), (.*)", problem)
        if named:
            line = int(named[1] or 0) - 2
            figure = named[2] or (figures[line] if 0 <= line < len(figures) else "")
            if figure in figures:
                refused[figure] = f"{figure}: {named[3]}"
    return refused
