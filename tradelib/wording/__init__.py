"""Words to quantities: `scan` finds the figures of a text, `parse` reads one expression.

The flow: `lexicon` (tables) and `currencies` (CLDR) name the words, `tokens` cuts the text,
`grammar` reads one expression, `sentence` adds what its neighbours lend, `direction` its sign.
"""

from tradelib.wording.scanning import Mention, mentions_table, parse, scan
from tradelib.wording.tokens import paragraphs, sentences

__all__ = ["Mention", "mentions_table", "paragraphs", "parse", "scan", "sentences"]
