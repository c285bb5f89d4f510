"""What the address form draws: the boxes, what the paste was read as, the advice beside them, and what went wrong.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from webapp.pages.address_form.advice import Advice, advise
from webapp.pages.address_form.form_state import FormState
from webapp.pages.address_form.reading import LABELS, PasteReading, read_paste, typed_parts
from webapp.pages.error_messages import HUM_IS_DOWN, ErrorMessage


@dataclass(frozen=True)
class FormPage:
    """The form for one rendering. `faults` are (id of the box to go to, message), `error` is why nothing was started.

    `hum_is_down` announces that Hum is not responding. `asks_cost` draws the box that confirms what a lookup costs.
    Without `is_read` the pasted text is shown, but not what it was read as. `focus_field` is the field at which a link
    lets a person begin.
    """

    state: FormState
    faults: Sequence[tuple[str, str]] = ()
    error: ErrorMessage | None = None
    hum_is_down: bool = False
    asks_cost: bool = False
    is_read: bool = True
    focus_field: str = ""

    labels = LABELS

    @cached_property
    def read(self) -> PasteReading | None:
        """What the paste box was read as."""
        if not self.is_read:
            return None
        return read_paste(self.state)

    @property
    def typed(self) -> tuple[str, ...]:
        """What the text in the paste box would be read as."""
        if not self.is_read:
            return ()
        return typed_parts(self.state)

    @cached_property
    def advice(self) -> Advice:
        """What is said beside the boxes."""
        return advise(self.state, self.read)

    @property
    def shows_fields(self) -> bool:
        """Whether the five fields are open: something is wrong or open, or no text stands for what is in them."""
        if self.faults or self.error or self.focus_field:
            return True
        if self.read is None:
            return any(self.state.boxes.as_dict().values())
        return not self.advice.clear

    @property
    def notice(self) -> ErrorMessage | None:
        """What to know before pressing *Look up*; an error says more, so nothing is added to one."""
        if self.hum_is_down and self.error is None:
            return HUM_IS_DOWN
        return None

    @property
    def asks_repeat(self) -> bool:
        """Whether the box is drawn that agrees to a lookup that Hum may count twice."""
        return self.error is not None and self.error.repeat_box

    def focus_after(self, action: str) -> str:
        """The id of the part where a person goes on once a button has changed the form on the page; "" leaves the focus
        where it is: after a split the box or button that had it is still there.
        """
        if action == "split":
            return ""
        if action == "undo":
            return "paste"
        return self._next_part

    def focus_after_load(self, action: str) -> str:
        """The same where the button has loaded the page anew, so that no focus is left."""
        if action.startswith("split") and self.read:
            return "reading"
        if action == "undo":
            return "paste"
        return self._next_part

    @property
    def _next_part(self) -> str:
        """What is undecided, else what is missing, else *Look up*."""
        if self.advice.conflicts:
            return "assist"
        return self.advice.missing or "look-up"

    def news_of(self, action: str) -> str:
        """What a button did, in one sentence for screen readers; "" where the page itself shows it."""
        if action == "undo":
            return "Undone."
        if not action.startswith("split") or self.read is None:
            return ""
        if self.read.asked:
            return " ".join(question.text for question in self.read.asked)
        if not self.read.rows:
            return "No address was found in this text."
        return f"Found: {', '.join(row.label for row in self.read.rows)}."
