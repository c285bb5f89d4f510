"""From any paste to the five fields of an address: `split` and `split_unit`. Asks instead of guessing, and never
raises. Pure.
"""

from webapp.addresses.pastes.parsed import Part, PasteQuestion, Split
from webapp.addresses.pastes.reader import split
from webapp.addresses.pastes.units import split_unit

__all__ = ["Part", "PasteQuestion", "Split", "split", "split_unit"]
