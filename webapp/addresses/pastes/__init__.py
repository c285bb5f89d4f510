"""From any paste to the five fields of an address: `split` and `split_unit`. Asks instead of guessing, and never
raises. Pure.

`role_of`, `state_in_cell` and `with_lost_zeros` read what tables hold: the name of a column, a state, a ZIP code that
a spreadsheet took for a number.
"""

from webapp.addresses.pastes.drafting import with_lost_zeros
from webapp.addresses.pastes.parsed import Part, PasteQuestion, Split
from webapp.addresses.pastes.reader import split
from webapp.addresses.pastes.records import role_of
from webapp.addresses.pastes.state_names import state_in_cell
from webapp.addresses.pastes.units import split_unit

__all__ = ["Part", "PasteQuestion", "Split", "role_of", "split", "split_unit", "state_in_cell", "with_lost_zeros"]
