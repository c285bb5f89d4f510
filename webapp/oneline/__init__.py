"""From any paste to the five fields of an address: `split` and `split_unit`. Pure; asks instead of guessing, never raises."""

from webapp.oneline.model import Part, Question, Split
from webapp.oneline.paste import split
from webapp.oneline.units import split_unit

__all__ = ["Part", "Question", "Split", "split", "split_unit"]
