"""From an article's text to rows of ``figures.csv``, each label by a rule, and to findings.

In a sentence tags such as ``<flow exports>`` stand in the place of figures and of what is named by
the words of ``tags.csv`` and the tables of partners and products. By ``sentences.csv`` what is said
behind a figure comes to stand ahead of it. Each figure, or list of figures, gets its labels column
by column from the first rule of ``rules.csv`` that fits what stands around it. ``{name}`` in a
pattern is a row of ``words.csv``, ``?`` marks a guess, ``&`` parts a list, ``_`` is a tag's blank.
"""

from __future__ import annotations

import hashlib
import re
from calendar import month_abbr
from collections.abc import Iterator
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.auditing.checks import Network
from tradelib.auditing.keys import account_of
from tradelib.auditing.report import FINDING, Report, load
from tradelib.check import sentences_of
from tradelib.ledger import Where, load_table, with_words
from tradelib.periods import later, months, named
from tradelib.schema import Row
from tradelib.wording import Mention, scan

Sentence = tuple[int, str, list[Mention]]  # its paragraph, its text with tags, its figures
WORDS, TAGS, ORDER, RULES = (
    pd.read_csv(Path(__file__).with_name(f"{name}.csv"), keep_default_na=False).to_dict("records")
    for name in ("words", "tags", "sentences", "rules")
)
MEANT: Final[Row] = {row["name"]: row["words"] for row in WORDS}
LABELS: Final = tuple(dict.fromkeys(" ".join(rule["field"] for rule in RULES).split()))
MONTHS: Final = list(month_abbr)
WHOLE: Final = {"partner": "World", "product": "All"}
NEAR: Final = 1000  # characters of a sentence that bear on a figure, on each side


def draft(
    text: str,
    *,
    article: str,
    reporter: str = "China",
    year: int | None = None,
    published: str | None = None,
    folder: Where = None,
) -> pd.DataFrame:
    """Draft the rows of an article: what a person would type into ``figures.csv``, to be confirmed.

    The ``article`` is its slug, the ``reporter`` whose trade it reports, ``year`` the one that it
    reports on, ``published`` a month or a day (``2026-01``, ``2026-01-14``), ``folder`` as in
    `tradelib.load_table`. If this very text stands in ``articles.csv``, its slug is the one there,
    and so are year and date where not given; else these follow from each other, or from the last
    year that it names. A text that names none, a date of another form and a reporter that
    ``partners.csv`` lacks are a ValueError. Gives the columns of ``figures.csv``, all of text, in
    reading order, and ``check``: the columns that are guessed, separated by semicolons.

    >>> rows = draft("Exports to Africa rose 5% in 2024.", article="new", year=2024)
    >>> rows.loc[0, ["figure", "partner", "flow", "measure", "period", "basis"]].tolist()
    ['africa-exports-growth-2024', 'Africa', 'exports', 'growth', '2024', '2023']
    """
    for name, time in (("published", published), ("year", year)):
        if time and not re.fullmatch(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-[0-3]\d)?)?", str(time)):
            raise ValueError(f"{name} {time!r} has not the form 2026 or 2026-01")
    if reporter not in set(load_table("partners", folder)["partner"]):
        raise ValueError(f"reporter {reporter!r} does not stand in partners.csv")
    about = _about(text, article, year, published, folder) | {"reporter": reporter}
    found = scan(text)
    places = [place for place, _, inside in sentences_of(text, found) for _ in inside]
    rows = _rows(_sentences(text, found, about, folder), about)
    ledger = load_table("figures", folder)
    used = set(ledger.loc[ledger["article"] != about["article"], "figure"])
    for row, mention, (paragraph, sentence) in zip(rows, found, places, strict=True):
        row |= {"paragraph": str(paragraph), "sentence": str(sentence)}
        row |= {"surface": mention.surface, "unit_hint": mention.unit_hint, "note": ""}
        row |= {"article": about["article"], "vintage": about["vintage"]}
        row["check"] = ";".join(c for c in ledger.columns if row.get(c, "").startswith("?"))
        row |= {column: cell.removeprefix("?") for column, cell in row.items()}
        row["figure"] = _slug(row, used)
        used.add(row["figure"])
    return pd.DataFrame(rows, columns=[*ledger.columns, "check"], dtype="str")


def check_article(text: str, *, article: str, folder: Where = None, **about: Any) -> pd.DataFrame:
    """Draft an article's rows and audit them beside the ledger and what others print.

    Parameters are those of `tradelib.draft`. Gives the findings of `tradelib.audit` that contradict
    a figure of the article, and ``guessed``: the labels that they rest on and nobody has confirmed.
    The ``verdict`` is ``would contradict`` where there are such, and where two numbers are drafted
    as one quantity and no change of label would mend it: they are most likely two. Its ``attrs``
    tell how many figures are ``drafted``, and of how many a label is ``guessed``.

    >>> text = "Trade of 2031 came to 48 trillion yuan, exports to 26 trillion yuan and imports to "
    >>> check_article(text + "18 trillion yuan.", article="new", year=2031)["verdict"].tolist()
    ['contradicts']
    """
    rows = draft(text, article=article, folder=folder, **about)
    guesses = {
        figure: [f"{figure}: {column}" for column in LABELS if column in check.split(";")]
        for figure, check in zip(rows["figure"], rows["check"], strict=True)
    }
    ledger, _ = load(True, folder=folder)
    typed = with_words(rows).assign(name=rows["figure"], published=rows["vintage"] + "-01")
    drafted: list[Any] = typed.astype({"vintage": int}).to_dict("records")
    others = (one for one in ledger.figures.values() if one.article not in {*rows["article"]})
    network = Network([*map(account_of, drafted), *others], ledger.tree)
    report, findings = Report(network, ()), []
    behind = {report.explained(check): check.figures for check in report.mends}
    for cells in report.findings():
        told = dict(zip(FINDING, cells, strict=True))
        if told["verdict"] == "contradicts" and not guesses.keys().isdisjoint(told["figures"]):
            names = behind.get(told["evidence"], told["figures"])
            told["guessed"] = [guess for name in names for guess in guesses.get(name, ())]
            alike = told["kind"] == "conflict" and "=" not in told["evidence"]  # no arithmetic
            if alike or told["guessed"]:
                told["verdict"] = "would contradict"
            findings.append(told)
    table = pd.DataFrame(findings, columns=[*FINDING, "guessed"])
    table = table.sort_values(["verdict", "checks"], ascending=[True, False], kind="stable")
    table.attrs = {"drafted": len(rows), "guessed": sum(map(bool, guesses.values()))}
    return table


def _about(text: str, slug: str, year: int | None, published: str | None, folder: Where) -> Row:
    articles, digest = load_table("articles", folder), hashlib.sha256(text.encode()).hexdigest()
    for same in articles[articles["sha256"] == digest].to_dict("records"):
        slug, year = same["article"], year or same["year"]
        published = published or same["published"]
    dates = _pattern("({date})|{year}").finditer(text)  # one that dates itself tells of a year ago
    years = [(int(date[0][-4:]), bool(date[1])) for date in dates]
    if not (year or published or years):
        raise ValueError("the text names no year: give the year it reports on, or when it appeared")
    time = str(year or f"?{int(published[:4]) - 1 if published else max(years)[0] - max(years)[1]}")
    appeared = published or f"?{int(time.removeprefix('?')) + 1}-01"
    about = {"article": slug, "published": appeared.strip("?"), "basis": time, "period": time}
    return about | {"vintage": appeared.split("-")[0], **WHOLE}


@cache
def _pattern(words: str) -> re.Pattern[str]:
    while part := re.search(r"\{([a-z][\w -]*)\}", words):
        words = words.replace(part[0], f"(?:{MEANT[part[1]]})")
    return re.compile(words, re.DOTALL | re.IGNORECASE)


def _sentences(text: str, found: list[Mention], about: Row, folder: Where) -> list[Sentence]:
    wrap = "{wrap}" if re.search(r"[^\n]{101}", text) else "{wrap everywhere}"
    plain = re.sub("[<>¦]", " ", _pattern(wrap).sub(" ", text))
    names = sorted(_names(about["reporter"], folder), key=lambda row: -len(row["words"]))
    sentences = []
    for (paragraph, _), (start, end), mentions in sentences_of(plain, found):
        told = ""
        for mention in mentions:
            tag = f"<{mention.kind} {mention.unit}>¦{mention.surface}¦"
            told, start = told + plain[start : mention.start] + tag, mention.end
        told += plain[start:end]
        for row in (*names, *TAGS):  # words that stand in no tag
            words = _pattern(rf"(?<!\w){row['words']}(?!\w)(?![^<]*>)")
            told = words.sub(partial(_tag, row["tag"], row["value"], about["published"]), told)
        for rule in ORDER:
            for _ in range(4):  # a list is joined two by two: four times are sixteen
                told = _pattern(rule["pattern"]).sub(rule["value"], told)
        sentences.append((paragraph, told, mentions))
    return sentences


def _names(reporter: str, folder: Where) -> Iterator[dict[Any, Any]]:
    for kind, whole in WHOLE.items():
        table = load_table(f"{kind}s", folder)
        for row in table[table[kind] != whole].to_dict("records"):
            for name in filter(None, (row[kind], *row["aliases"].split(";"))):
                words = "[- ]".join(map(re.escape, re.split("[- ]", name))).replace("'", "['’]")
                if kind == "product":  # one or several
                    words = "(?i:" + re.sub(r"(?<!s)s?(?=\[|$)", "s?", words) + ")"
                elif row[kind] == reporter:  # German
                    words = re.sub(r"^(\w{4,})\w$", r"\1\\w*", words)
                tag = "own" if row[kind] == reporter else kind
                yield {"tag": tag, "value": row[kind], "words": f"(?-i:{words})"}


def _tag(kind: str, value: str, published: str, match: re.Match[str]) -> str:
    """A period without a year is the last such that was over when the article was published."""
    if kind == "currency":
        value = "".join(m.unit for m in scan(f"1 {match[1]}") if m.kind == "money")
    if kind == "period":
        told = [MONTHS.index(month) for month in re.findall("|".join(MONTHS[1:]), match[0])]
        told = told or [int(month) for month in value.split("-")]
        first, last = told[0], told[-1]
        first -= 12 * (last < first)  # November to January
        said, year, month = match["year"] or "", int(published[:4]), int(published[5:7] or 12)
        ago = "last" in said.lower() or (not said and last > month)
        year = int(said) if said.isdigit() else year - ago
        value = named(12 * year + first - 1, 12 * year + last - 1)
    return f"<{kind} {value.replace(' ', '_')}>" if value else match[0]


def _rows(sentences: list[Sentence], about: Row) -> list[Row]:
    """Label figure by figure; what a sentence does not say stays as before in the paragraph."""
    periods = re.findall("<period ([^>]*)>", " ".join(t for _, t, some in sentences if some))
    finer = any(len(period) > 4 for period in periods)  # than years
    if finer:
        about["period"] = periods[0]
    about["flow"] = [*re.findall(r"<flow (\w+)", " ".join(t for _, t, _ in sentences)), "trade"][0]
    rows, last, paragraph, so_far, names = list[Row](), Row(), 0, set[str](), dict[str, str]()
    for place, told, mentions in sentences:
        about |= {f"named {kind}": name for kind, name in names.items()}
        names = dict(re.findall(r"<(partner|product) ([^>?&]*)>", told.replace("_", " ")))
        if not mentions:  # imports collapsed. They fell 17%
            if flows := re.findall(r"<flow (\w+)", told):
                last, paragraph = {**WHOLE, "flow": flows[-1], **names}, place
            continue
        so_far |= set(re.findall("<period ([^>]*)>", told))
        if finer:  # in doubt once a part of a year has been told beside another period
            about["period"] = about["period"].removeprefix("?")
            if len(some := so_far or {*periods}) > 1 and max(map(len, some)) > 4:
                about["period"] = "?" + (last.get("period") or about["period"]).removeprefix("?")
        last = {c: last[c].removeprefix("?") for c in ("flow", *WHOLE) if place == paragraph}
        last = {c: label if label in WHOLE.values() else f"?{label}" for c, label in last.items()}
        new = _labelled(told, mentions, last, about)
        rows, last, paragraph = rows + new, new[0], place
    return rows


def _labelled(text: str, mentions: list[Mention], last: Row, about: Row) -> list[Row]:
    """Label the figures of a sentence, of a list together; ``last`` is what they follow."""
    rows, flags = list[Row](), "" if "flow" in last else "<new>"
    parts = _pattern("({figure})").split(text)
    for at in range(1, len(parts), 2):
        mention, size = mentions[len(rows)], parts[at].count("&") + 1
        this = f"<this {mention.kind} {mention.unit} {re.sub('[<>¦ ]', '_', mention.surface)}>"
        before, behind = "".join(parts[: at - 1])[-NEAR:], "".join(parts[at + 2 :])[:NEAR]
        view = f"{before}¦{parts[at - 1]}{this}{parts[at + 1]}¦{behind}"
        row = Row()
        for column in LABELS:
            now = row.get("period") or last.get("period") or about["period"]
            first, end = months(now.removeprefix("?"))
            guess = "?" * (column == "period" and now.startswith("?"))
            sources = {"said": mention.direction, "step": named(2 * first - end - 1, first - 1)}
            sources |= {"before": last.get(column, ""), "article": about.get(column, "")}
            sources |= {"named": about.get(f"named {column}", "")}
            sources |= {"year before": guess + later(now.removeprefix("?"), -1)}
            row[column] = _answer(column, flags + view, sources, size)
            flags += f"<row {column} {row[column].removeprefix('?')}>"
        flags = f"<after {row['measure'].removeprefix('?')}>"
        last = last if "<against>" in parts[at - 1] else row
        for item in range(size):
            rows.append({c: v.split("&")[item] if "&" in v else v for c, v in row.items()})
    return rows


def _answer(column: str, view: str, sources: Row, size: int) -> str:
    for rule in RULES:
        value = sources.get(rule["source"], "")
        if column not in rule["field"].split() or (rule["source"] and not value):
            continue
        if not (match := _pattern(rule["pattern"].replace("{field}", column)).search(view)):
            continue
        value = value or match.expand(rule["value"]).replace("_", " ")
        items = list(dict.fromkeys(value.split("&")))
        if len(items) not in (1, size):
            items = ["trade"] if set(items) == {"exports", "imports"} else [f"?{items[0]}"]
        if rule["guess"] == "yes" or (rule["guess"] and value not in WHOLE.values()):
            items = [f"?{item.removeprefix('?')}" for item in items]
        return "&".join(items)
    raise ValueError(f"rules.csv: found no rule for {column} that always answers, expected one")


def _slug(row: Row, used: set[str]) -> str:
    parts = [row[column] for column in ("partner", "product", "flow", "measure", "period")]
    told = " ".join(part for part in parts if part not in (*WHOLE.values(), "level"))
    slug = re.sub(r"[^a-z0-9]+", "-", told.lower()).strip("-")
    names = (f"{slug}-{number}" if number > 1 else slug for number in count(1))
    return next(name for name in names if name not in used)
