"""Coverage-guided fuzzing of the scanner: run by hand, needs ``atheris``.

``python tests/fuzz/fuzz_scan.py -max_total_time=600 -max_len=400`` from the repository's root.
Whatever the text: a list of figures whose spans slice back, which `parse` reads alike, or one
clear ValueError; anything else is a finding.
"""

import contextlib
import random
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

with atheris.instrument_imports(include=["tradelib.wording", "tradelib.quantity"]):
    from tradelib.wording import parse, scan, sentences

from tradelib.wording.lexicon import lexicon

LEXICON = lexicon()
WORDS = sorted(
    {" ".join(phrase) for table in (LEXICON.units, LEXICON.hedges) for phrase in table}
    | set(LEXICON.flags)
    | {"$", "US$", "€", "¥", "5", "3.2", "1,234", "2024", "１２", "-", "–", ",", ".", "(", "pesos"}
)


def soup(data: bytes) -> str:
    """Spell a text: every other byte pair picks a word of the lexicon, the rest stands as it is."""
    provider = atheris.FuzzedDataProvider(data)
    parts = []
    while provider.remaining_bytes() > 2:
        if provider.ConsumeBool():
            parts.append(WORDS[provider.ConsumeIntInRange(0, len(WORDS) - 1)])
        else:
            parts.append(provider.ConsumeUnicodeNoSurrogates(3))
        parts.append(" " if provider.ConsumeBool() else "")
    return "".join(parts)


def check(data: bytes) -> None:
    """Fail on anything the laws of the reader do not allow."""
    text = soup(data)
    end = 0
    for found in scan(text):
        assert end <= found.start < found.end <= len(text), (text, found)
        assert text[found.start : found.end] == found.surface, (text, found)
        assert found.lower <= found.value <= found.upper, (text, found)
        end = found.end
        try:
            again = parse(found.surface, found.direction, found.unit_hint, context=text)
        except ValueError as refusal:
            raise AssertionError(f"{found} in {text!r}") from refusal
        for field in ("kind", "value", "lower", "upper", "unit", "hedge"):
            assert getattr(again, field) == getattr(found, field), (text, found, again)
    for start, sentence in sentences(text):
        assert text[start : start + len(sentence)] == sentence, text
    with contextlib.suppress(ValueError):
        parse(text)


if __name__ == "__main__":
    random.seed(0)
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
