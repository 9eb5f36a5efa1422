"""Words to quantities: `scan` finds the figures of a text, `parse` reads one expression.

The flow: `scanning` cuts a text into passages and sentences, `lexicon`, with the tables of all
words, a sentence into tokens; `numerals` reads a number, `reading` its sign, currency and unit,
`nouns` what it counts or that it is no figure; `sentence` adds what neighbours lend and the hedge,
`direction` the sign.
"""

from tradelib.wording.scanning import Mention, mentions_table, paragraphs, parse, scan, sentences

__all__ = ["Mention", "mentions_table", "paragraphs", "parse", "scan", "sentences"]
