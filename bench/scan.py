"""Measure the scanner: speed against a bare search for digits, growth, hostile input, a peer.

Run ``python bench/scan.py`` from the repository's root; it prints one table. The texts are made of
the passages under ``tests/wording``, of nobody's articles, four times a megabyte:

- *repeated*: two articles' length of text, as dense in figures as they are, again and again;
- *redrawn*: the same with every number (save years) drawn anew each time;
- *mixed*: hardly a passage occurs twice, and every number is drawn anew;
- *dense*: nothing but passages full of figures, every number drawn anew.

Nothing is remembered from one run to the next. quantulum3, if installed, reads the beginning of
the redrawn text.
"""

import itertools
import json
import platform
import random
import re
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tradelib.wording import scan, scanning  # noqa: E402

MB = 1_000_000
BARE = re.compile(r"\d[\d.,]*")
HOSTILE = {
    "1,1,1,…": "1," * 50_000,
    "one long number": "7" * 100_000,
    "$$$…": "$" * 100_000,
    "over over …": "over " * 20_000 + "5%",
    "nested ranges": "between 1 and " * 7_000,
    "ranges with dashes": "1-" * 50_000,
    "a list of bare numbers": "7, 8 and " * 11_000 + "9 percent",
}


PLAIN = [
    "The ministry did not say when talks would resume, and the embassy declined to comment.",
    "Shippers complain of long queues at the border, where papers are still checked by hand.",
    "“Nobody orders what he cannot insure,” said a trader who asked not to be named.",
    "The chamber wants a lasting truce instead, with clear rules for goods already at sea.",
    "Analysts had warned that the rush before the deadline would be followed by a lull.",
    "Farmers in the north of the country fear for a market that took them decades to build.",
    "Retailers have begun to look elsewhere, though few expect to find a supplier as cheap.",
    "The new plant, on the outskirts of the old port, makes frames, forks and brakes.",
]
"""Sentences without a figure, two or three to a passage: 9 figures in 1,000 characters."""
ARTICLES = 22
"""How many passages make two articles' length."""


def sentences() -> list[str]:
    files = [*sorted((ROOT / "tests/wording/gold").glob("*.jsonl"))]
    files.append(ROOT / "tests/wording/newsroom.jsonl")
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [" ".join(json.loads(line)["text"].split("\n")) for line in lines]


def text(kind: str, size: int = MB) -> str:
    rng = random.Random(20260114)

    def drawn(match: re.Match[str]) -> str:
        digits = match[0]
        if re.fullmatch(r"(?:19|20)\d\d", digits):
            return digits
        return re.sub(r"[1-9]", lambda _: str(rng.randint(1, 9)), digits)

    stock = sentences()
    few = [
        [passage, *rng.sample(PLAIN, rng.choice((2, 3)))] for passage in rng.sample(stock, ARTICLES)
    ]
    parts, length = [], 0
    for number in itertools.count():
        passage = few[number % ARTICLES] if kind in ("repeated", "redrawn") else [rng.choice(stock)]
        if kind == "mixed":
            passage += rng.sample(PLAIN, rng.choice((2, 3)))
        paragraph = " ".join(passage)
        parts.append(paragraph if kind == "repeated" else BARE.sub(drawn, paragraph))
        length += len(parts[-1]) + 1
        if length >= size:
            return "\n".join(parts)[:size]
    raise AssertionError


def seconds(action: Callable[[], object], runs: int = 5) -> float:
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        action()
        best = min(best, time.process_time() - start)
    return best


def cold(words: str) -> list:
    scanning.forget()
    return scan(words)


def row(name: str, *cells: str) -> None:
    print(f"| {name} | {' | '.join(cells)} |")


def main() -> None:
    scan("5%")
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}\n")
    row("1 MB of", "figures", "bare search", "scan", "times the search", "MB/s")
    row("---", *["---:"] * 5)
    for name in ("repeated", "redrawn", "mixed", "dense"):
        words = text(name)
        bare = seconds(lambda w=words: [match for match in BARE.finditer(w)])  # noqa: C416
        whole = seconds(lambda w=words: cold(w))
        row(
            name, str(len(cold(words))), f"{bare * 1e3:.1f} ms", f"{whole * 1e3:.0f} ms",
            f"{whole / bare:.1f}", f"{1 / whole:.1f}",
        )  # fmt: skip
    print()
    row("growth", "scan", "peak memory")
    row("---", "---:", "---:")
    for size in (MB // 4, MB // 2, MB, 2 * MB):
        words = text("mixed", size)
        took = seconds(lambda w=words: cold(w), 3)
        tracemalloc.start()
        cold(words)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        row(f"{size / MB:g} MB", f"{took * 1e3:.0f} ms", f"{peak / MB:.0f} MB")
    print()
    row("100 kB of", "scan")
    row("---", "---:")
    for name, words in HOSTILE.items():
        row(name, f"{seconds(lambda w=words: cold(w), 2) * 1e3:.0f} ms")
    print()
    try:
        from quantulum3 import parser
    except ImportError:
        print("quantulum3 is not installed: `pip install quantulum3` to compare.")
        return
    words = text("redrawn", 20_000)
    parser.parse("5%")
    took = seconds(lambda: parser.parse(words), 1)
    print(f"quantulum3 reads {len(words) / took / MB:.3f} MB/s of the same text.")


if __name__ == "__main__":
    main()
