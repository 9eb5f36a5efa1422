"""Words to quantities: `scan` finds the figures of a text, `parse` reads one expression.

The flow: `tokens` cuts a text into passages, sentences and tokens; `numerals` reads a number,
`reading` its sign, currency and unit, `nouns` what it counts or that it is no figure; `sentence`
adds what neighbours lend and the hedge, `direction` the sign. All words stand in the tables of
`lexicon`.
"""

from tradelib.wording.scanning import Mention, mentions_table, parse, scan
from tradelib.wording.tokens import paragraphs, sentences

__all__ = ["Mention", "mentions_table", "paragraphs", "parse", "scan", "sentences"]
