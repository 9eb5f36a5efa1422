"""Measure the scanner: speed against a bare search for digits, growth, hostile input.

Run ``python bench/scan.py`` from the repository's root; it prints two tables. The text is made of
the passages under ``tests/wording``, of nobody's articles, with sentences without a figure between
them, as dense in figures as the two articles are. No sentence, no name and no number occurs twice
in it: names are invented, numbers drawn anew (calendar years apart), so nothing is gained by
remembering.
"""

import itertools
import json
import platform
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tradelib.wording import scan  # noqa: E402
from tradelib.wording.lexicon import MULTIPLES  # noqa: E402
from tradelib.wording.numerals import STARTS  # noqa: E402

MB = 1_000_000
BARE = re.compile(r"\d[\d.,]*")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
YEAR = re.compile(r"(?:19|20)\d\d")
SYLLABLES = [a + b for a in "bdfgklmnprst" for b in "aeo"]
HOSTILE = {
    "1,1,1,…": "1," * 50_000,
    "one long number": "7" * 100_000,
    "$$$…": "$" * 100_000,
    "over over …": "over " * 20_000 + "5%",
    "nested ranges": "between 1 and " * 7_000,
    "ranges with dashes": "1-" * 50_000,
    "a list of bare numbers": "7, 8 and " * 11_000 + "9 percent",
    "lines of a number": "5\n" * 50_000,
    "sentences of a number": "1. " * 33_000,
}


class Writer:
    """Writes passages in which no sentence, no name and no number occurs twice."""

    def __init__(self) -> None:
        """Read the stock of passages, and the words of them that make no figure."""
        files = [*sorted((ROOT / "tests/wording/gold").glob("passages-*.jsonl"))]
        files.append(ROOT / "tests/wording/newsroom.jsonl")
        lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
        self.stock = [" ".join(json.loads(line)["text"].split()) for line in lines]
        known = {word for text in self.stock for word in re.findall(r"\b[a-z]{2,9}\b", text)}
        self.words = sorted(known - STARTS - MULTIPLES.keys())
        self.rng = random.Random(20260114)
        self.used: set[str] = set()

    def _new(self, draw: Callable[[int], str]) -> str:
        word = next(word for word in map(draw, itertools.count()) if word not in self.used)
        self.used.add(word)
        return word

    def _name(self, match: re.Match[str]) -> str:
        return self._new(lambda _: "".join(self.rng.choices(SYLLABLES, k=4)).capitalize())

    def _number(self, match: re.Match[str]) -> str:
        digits = match[0].rstrip(".,")
        if YEAR.fullmatch(digits):
            return match[0]

        def draw(tries: int) -> str:
            drawn = re.sub(r"[1-9]", lambda _: str(self.rng.randint(1, 9)), digits)
            more = "".join(self.rng.choices("123456789", k=tries // 3))
            return drawn + ("." if more and "." not in drawn else "") + more

        return self._new(draw) + match[0][len(digits) :]

    def _plain(self) -> str:
        """Give a sentence without a figure."""
        words = self.rng.choices(self.words, k=self.rng.randint(10, 18))
        return f"{' '.join(words).capitalize()}."

    def paragraph(self) -> str:
        """Give a passage with names and numbers of its own, and two or three plain sentences."""
        passage = NAME.sub(self._name, self.rng.choice(self.stock))
        told = [part for part in re.split(r"(?<=[a-z]\.) ", passage) if BARE.search(part)]
        few = [self._plain() for _ in range(self.rng.choice((2, 3)))]
        return " ".join([BARE.sub(self._number, " ".join(told)), *few])


def text(size: int = MB) -> str:
    writer, parts, length = Writer(), list[str](), 0
    while length < size:
        parts.append(writer.paragraph())
        length += len(parts[-1]) + 2
    return "\n\n".join(parts)[:size]


def seconds(action: Callable[[], object], runs: int = 5) -> float:
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        action()
        best = min(best, time.process_time() - start)
    return best


def row(name: str, *cells: str) -> None:
    print(f"| {name} | {' | '.join(cells)} |")


def main() -> None:
    scan("5%")
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}\n")
    row("text", "figures", "bare search", "scan", "times the search")
    row("---", *["---:"] * 4)
    for size in (MB // 4, MB // 2, MB, 2 * MB):
        words = text(size)
        bare = seconds(lambda w=words: [match for match in BARE.finditer(w)])  # noqa: C416
        whole = seconds(lambda w=words: scan(w))
        times = f"{bare * 1e3:.1f} ms", f"{whole * 1e3:.0f} ms", f"{whole / bare:.0f}"
        row(f"{size / MB:g} MB", str(len(scan(words))), *times)
    print()
    row("100 kB of", "scan")
    row("---", "---:")
    for name, words in HOSTILE.items():
        row(name, f"{seconds(lambda w=words: scan(w), 2) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
