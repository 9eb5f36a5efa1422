"""Tables and their descriptor, changed at random: the right answer, or sentences that say why not.

200 changes of each; `--hypothesis-profile thorough` tries 4,000.
"""

import csv
import json
import re
import shutil
import tempfile
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import load_figures, parse
from tradelib.ledger import data_folder
from tradelib.schema import DataError

pytestmark = pytest.mark.slow

MANY = settings(max_examples=2 * settings.default.max_examples)
SENTENCE = re.compile(r"[^\n]+expected [^\n]+")
OTHER_VALUES = [
    None, [], {}, "", 1, -1.5, True, 10**30, "x", "../x", "\ud800", "(", ["a", "b"], {"a": 1},
]  # fmt: skip
OTHER_TEXT = ["", "é", '"', ",", "\n", "\r", "\0", "x" * 200_000, "9" * 25, "=1+1", " ", "World"]


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as place:
        yield Path(shutil.copytree(data_folder(), Path(place) / "data"))


def cells(table):
    """Every cell as it is written in a file; 05 and 5 are the same number."""
    return [
        ["" if pd.isna(cell) else re.sub(r"^0+(?=\d+$)", "", str(cell)) for cell in row]
        for row in table.itertuples(index=False)
    ]


def load(folder):
    """The ledger, or none where it is refused as it should be."""
    try:
        return load_figures(folder=folder)
    except DataError as error:
        problems = error.problems
    assert problems
    for problem in problems:
        assert SENTENCE.fullmatch(problem), problem
        assert len(problem) < 1000
    return None


def places(value, way=()):
    """The way to every value inside a JSON value."""
    yield way
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*way, key))


def at(value, way):
    for key in way:
        value = value[key]
    return value


def change_json(value, random):
    """Delete, replace, repeat, rename or damage something anywhere in a JSON value."""
    *way, last = random.choice(list(places(value))[1:])
    holder = at(value, way)
    other = at(value, random.choice(list(places(value))))
    match random.randrange(4):
        case 0:
            del holder[last]
        case 1:
            holder[last] = random.choice(OTHER_VALUES)
        case 2:
            holder[last] = json.loads(json.dumps(other))
        case 3 if isinstance(holder, dict):
            holder[f"{last}{random.choice('sx1')}"] = holder.pop(last)
        case 3:
            holder.insert(last, holder[last - 1])


@given(st.integers(0, 2**64))
@MANY
def test_a_descriptor_that_was_changed_gives_the_same_figures_or_sentences(folder, seed):
    random = Random(seed)
    package = json.loads((data_folder() / "datapackage.json").read_text(encoding="utf-8"))
    for _ in range(random.choice([1, 1, 1, 3])):
        change_json(package, random)
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    figures = load(folder)
    if figures is not None:
        assert cells(figures) == cells(load_figures())


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"3", b"\xff", b'{"resources": null}', b'{"resources": []}',
     b"[" * 100_000, b"1" * 5000, b"\xef\xbb\xbf{}"],
)  # fmt: skip
def test_a_descriptor_that_is_none_is_a_sentence(folder, content):
    (folder / "datapackage.json").write_bytes(content)
    assert load(folder) is None


def change_text(text, random):
    """Damage a CSV file as an editor, a spreadsheet or a slip of the hand would."""
    start = random.randrange(len(text))
    end = start + random.choice([0, 1, 1, 5, 300])
    match random.randrange(3):
        case 0:
            return text[:start] + random.choice(OTHER_TEXT) + text[end:]
        case 1:
            return text[:start] + text[end:start:-1] + text[end:]
        case _:
            return text[:end] + text[start:]


@given(st.integers(0, 2**64))
@MANY
def test_figures_that_were_changed_are_read_as_they_stand_or_refused(folder, seed):
    """A second reader of CSV sees the same cells, and the words give the same value."""
    shutil.copyfile(data_folder() / "datapackage.json", folder / "datapackage.json")
    text = (data_folder() / "figures.csv").read_text(encoding="utf-8")
    changed = change_text(text, Random(seed))
    (folder / "figures.csv").write_text(changed, encoding="utf-8", newline="")
    figures = load(folder)
    if figures is not None:
        with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        stands = pd.DataFrame([row for row in rows if row], columns=header, dtype=str)
        printed = figures["corrections"] == ""
        assert cells(figures[printed][header]) == cells(stands[printed])
        for row in figures.to_dict("records"):
            assert parse(row["surface"], row["direction"], row["unit_hint"]).value == row["value"]
