"""Coverage-guided fuzzing of the scanner: run by hand, needs ``atheris``.

``python tests/fuzz/fuzz_scan.py -max_total_time=600 -max_len=300 CORPUS`` from the repository's
root. The sentences of the gold sets are put into the folder CORPUS first, to be mutated.
Whatever the text: a list of figures whose spans slice back, which `parse` reads alike, or one
clear ValueError; anything else is a finding.
"""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SIGNS = "$ US$ € ¥ 5 3.2 .5 1,234 2024 24 １２ ½ 3/4 – , . ( ) pesos \n"
PLAIN = b"T"
"""First byte of data that are a text; any other data choose words of the lexicon."""


def main() -> None:
    """Fuzz. The imports stand here, since pytest must be able to import this file without them."""
    import atheris

    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=["tradelib.wording", "tradelib.quantity"]):
        from tradelib import wording
        from tradelib.wording import lexicon

    phrases = [*lexicon.UNITS.entries, *lexicon.HEDGES.entries]
    words = {" ".join(phrase) for phrase in phrases} | lexicon.EVERY_WORD
    words |= set(SIGNS.split(" "))
    choice = sorted(words)

    def soup(data: bytes) -> str:
        """Spell a text of the lexicon's words and of anything else."""
        if data.startswith(PLAIN):
            return data[1:].decode("utf-8", "ignore")
        provider = atheris.FuzzedDataProvider(data)
        parts = []
        while provider.remaining_bytes() > 2:
            if provider.ConsumeBool():
                parts.append(choice[provider.ConsumeIntInRange(0, len(choice) - 1)])
            else:
                parts.append(provider.ConsumeUnicodeNoSurrogates(3))
            parts.append(" " if provider.ConsumeBool() else "")
        return "".join(parts)

    for folder in (Path(word) for word in sys.argv[1:] if not word.startswith("-")):
        seed(folder, wording)
    atheris.Setup(sys.argv, lambda data: check(wording, soup(data)))
    atheris.Fuzz()


def seed(folder: Path, wording: Any) -> None:
    """Put the sentences of the gold sets into a folder, each a file."""
    for file in sorted((ROOT / "tests/wording/gold").glob("*.jsonl")):
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            for number, (_, sentence) in enumerate(wording.sentences(row["text"])):
                data = PLAIN + sentence.encode("utf-8")
                (folder / f"{file.stem}-{row['id']}-{number}").write_bytes(data)


def check(wording: Any, text: str) -> None:
    """Fail on anything the laws of the reader do not allow."""
    end = 0
    for found in wording.scan(text):
        assert end <= found.start < found.end <= len(text), (text, found)
        assert text[found.start : found.end] == found.surface, (text, found)
        assert found.lower <= found.value <= found.upper, (text, found)
        end = found.end
        try:
            again = wording.parse(found.surface, found.direction, found.unit_hint, context=text)
        except ValueError as refusal:
            raise AssertionError(f"{found} in {text!r}") from refusal
        for field in ("kind", "value", "lower", "upper", "unit", "hedge"):
            assert getattr(again, field) == getattr(found, field), (text, found, again)
    for start, sentence in wording.sentences(text):
        assert text[start : start + len(sentence)] == sentence, text
    with contextlib.suppress(ValueError):
        wording.parse(text)


if __name__ == "__main__":
    main()
