"""What the web says about an address, as a lookup's pages draw it: offered, under way, or as rows that nobody has
verified. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from webapp.lookups.lifecycle import Lookup
from webapp.pages.masks import hide, identifying_words, without_phones
from webapp.pages.progress import SHORTEST_DELAY, Status, Step
from webapp.plans.figures import dollars, mbps_text, plural
from webapp.research.answers import AnswerShape, WebProvider
from webapp.research.lifecycle import Reason, Research, State, helps

TITLE = "Found on the web, not verified"
LONGEST_DELAY = 5.0
WHEN_ASKING = 1.0
"""Seconds until a page asks again while another request is asking H Company."""


@dataclass(frozen=True, slots=True)
class WebRow:
    """One provider in words. `speeds` and `price` are "" where nothing is known, and `unknown` names what is not.

    `page` and `source` are links, None where there is none or an audience must not see it; `host` is the source's.
    """

    name: str
    technology: str
    speeds: str
    price: str
    unknown: str
    confidence: str
    page: str | None
    source: str | None
    host: str


@dataclass(frozen=True, slots=True)
class ResearchWords:
    """What came of it: a title, what it means, what to do next. `tone` picks icon and color."""

    title: str
    meaning: str
    next_step: str
    tone: str


class ResearchPart:
    """The part of one rendering. `research` is None where none was begun; `note` says why a click began none."""

    def __init__(
        self, research: Research | None, lookup: Lookup, now: float, *, read_only: bool, masked: bool, note: str = ""
    ) -> None:
        self.research = research
        self.note = note
        self._lookup = lookup
        self._now = now
        self._read_only = read_only
        self._masked = masked

    @property
    def is_running(self) -> bool:
        """It has begun and not ended."""
        return self.research is not None and self.research.active

    @property
    def has_ended(self) -> bool:
        """There is something to say of how it went."""
        return self.research is not None and not self.research.active

    @property
    def has_run(self) -> bool:
        """An agent was started."""
        return self.research is not None and self.research.session_id is not None

    @property
    def is_offered(self) -> bool:
        """The button that begins one, for the first time or after one that brought nothing."""
        if self._read_only or not helps(self._lookup):
            return False
        return self.research is None or self.research.state in {State.FAILED, State.STOPPED}

    @property
    def is_drawn(self) -> bool:
        """There is anything to draw. Others see what was found alone."""
        if self._read_only:
            return self.has_answer
        return self.is_offered or self.research is not None

    @property
    def has_answer(self) -> bool:
        """Something was answered, whatever became of it."""
        return self.has_ended and self.research is not None and self.research.answer.shape is not AnswerShape.NONE

    @property
    def asks_itself(self) -> bool:
        """Whether the page asks again without being told to."""
        return self.is_running and not self._read_only

    @property
    def delay_ms(self) -> int:
        """Milliseconds until the page asks again: just after the next question to H Company is due."""
        if self.research is None or self.research.next_poll_at is None:
            return 0
        wait = self.research.next_poll_at - self._now + 0.05
        if wait > LONGEST_DELAY + 1.0:
            # Someone is asking at this moment, under a lease.
            wait = WHEN_ASKING
        return round(min(max(wait, SHORTEST_DELAY), LONGEST_DELAY) * 1000)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Agent, search, answer: always three, in this order. Seconds count from the click."""
        research = self.research
        if research is None:
            return ()
        elapsed = max(0.0, self._now - research.begun_at)
        if research.working_at is None:
            text = "Starting the agent"
            if research.reason is not None:
                text = "Waiting for H Company, trying again"
            return (
                Step("Agent", Status.RUNNING, text, elapsed),
                Step("Search", Status.WAITING, "Search the web"),
                Step("Answer", Status.WAITING, "Answer"),
            )
        started = Step("Agent", Status.DONE, "Agent started", max(0.0, research.working_at - research.begun_at))
        taken = plural(research.steps, "step")
        if research.forced_at is not None:
            asked = max(0.0, research.forced_at - research.begun_at)
            return (
                started,
                Step("Search", Status.DONE, f"Searched in {taken}", asked),
                Step("Answer", Status.RUNNING, "Asked for what it has found", elapsed),
            )
        return (
            started,
            Step("Search", Status.RUNNING, f"Searching the web, {taken} so far", elapsed),
            Step("Answer", Status.WAITING, "Answer"),
        )

    @property
    def cost_text(self) -> str:
        """`Cost so far $0.05`, as H Company states it; "" while it does not."""
        if self.research is None or self.research.cost is None:
            return ""
        amount = dollars(round(self.research.cost * 100))
        if 0 < self.research.cost < 0.01:
            amount = "under $0.01"
        if self.research.active:
            return f"Cost so far {amount}"
        return f"Cost {amount}"

    @property
    def taken_text(self) -> str:
        """`14 seconds, 8 steps`, of one that has ended."""
        research = self.research
        if research is None or research.finished_at is None:
            return ""
        seconds = plural(max(1, round(research.finished_at - research.begun_at)), "second")
        if not research.steps:
            return seconds
        return f"{seconds}, {plural(research.steps, 'step')}"

    @property
    def rows(self) -> tuple[WebRow, ...]:
        """What was found, in the agent's order."""
        if self.research is None:
            return ()
        words = frozenset[str]()
        if self._masked:
            words = identifying_words(self._lookup)
        return tuple(web_row(each, words, masked=self._masked) for each in self.research.answer.providers)

    @property
    def text(self) -> str:
        """What was answered in free words, if that was all."""
        if self.research is None:
            return ""
        text = self.research.answer.text
        if self._masked:
            return hide(without_phones(text), identifying_words(self._lookup))
        return text

    @property
    def left_out(self) -> int:
        """Entries that could not be read or were past the limit."""
        if self.research is None:
            return 0
        return self.research.answer.left_out

    @property
    def words(self) -> ResearchWords | None:
        """What came of one that has ended."""
        research = self.research
        if research is None or research.active:
            return None
        if research.state is State.STOPPED:
            return STOPPED
        if research.state is State.FAILED:
            return FAILURES.get(research.reason or Reason.AGENT, FAILURES[Reason.AGENT])
        if research.answer.shape is AnswerShape.LIST and not research.answer.providers:
            return FOUND_NONE
        return _ANSWERED[research.answer.shape]

    @property
    def spoken(self) -> str:
        """What a screen reader is told: the beginning and the end."""
        if self.note:
            return self.note
        if self.is_running:
            return "Searching the web."
        words = self.words
        if words is None:
            return ""
        if self.rows:
            return f"{plural(len(self.rows), 'provider')} found on the web, not verified."
        return f"{words.title}."


def web_row(provider: WebProvider, words: frozenset[str], *, masked: bool) -> WebRow:
    """A provider in words; `words` are hidden from an audience, and so are links, whose addresses may hold them."""
    unknown = []
    speeds = []
    for what, mbps in (("down", provider.download_mbps), ("up", provider.upload_mbps)):
        if mbps is None:
            unknown.append({"down": "download speed", "up": "upload speed"}[what])
        else:
            speeds.append(f"up to {mbps_text(mbps)} {what}")
    price = ""
    if provider.price_cents is None:
        unknown.append("price")
    else:
        price = f"from {dollars(provider.price_cents)} a month"
    if provider.technology is None:
        unknown.append("technology")
    name, technology = provider.name, provider.technology or ""
    page, source = provider.url, provider.source_url
    host = ""
    if source is not None:
        host = urlsplit(source).hostname or ""
    if masked:
        name, technology = hide(without_phones(name), words), hide(without_phones(technology), words)
        page = source = None
    return WebRow(
        name=name,
        technology=technology,
        speeds=", ".join(speeds),
        price=price,
        unknown=", ".join(unknown),
        confidence=provider.confidence or "",
        page=page,
        source=source,
        host=host,
    )


FOUND = ResearchWords(
    TITLE,
    "An agent of H Company read this on the pages named below. Nobody has checked it.",
    "Ask the provider before you promise anything.",
    "warn",
)
FOUND_NONE = ResearchWords(
    "Nothing found on the web",
    "The agent of H Company found no provider for this address. That is no proof that there is none.",
    "Ask the local providers directly.",
    "quiet",
)
STOPPED = ResearchWords(
    "Web search stopped", "You stopped it before there was an answer.", "You can search again.", "quiet"
)
_ANSWERED: Mapping[AnswerShape, ResearchWords] = {
    AnswerShape.LIST: FOUND,
    AnswerShape.TEXT: ResearchWords(
        TITLE,
        "An agent of H Company answered in a sentence of its own and named no list. Nobody has checked it.",
        "Ask the provider before you promise anything.",
        "warn",
    ),
    AnswerShape.UNUSABLE: ResearchWords(
        "The web search brought nothing that can be shown",
        "The agent of H Company answered in a form that we cannot read.",
        "Ask the local providers directly.",
        "quiet",
    ),
    AnswerShape.NONE: FOUND_NONE,
}
_TELL = "Tell the person who runs this page."
_KEPT = "What Hum said is kept."
FAILURES: Mapping[Reason, ResearchWords] = {
    Reason.KEY: ResearchWords(
        "The web cannot be searched", "H Company does not accept this installation's key.", f"{_TELL} {_KEPT}", "bad"
    ),
    Reason.CAPACITY: ResearchWords(
        "No web search is free at the moment",
        "H Company runs as many searches for us as it may. Nothing was started.",
        f"Try again in a few minutes. {_KEPT}",
        "warn",
    ),
    Reason.REFUSED: ResearchWords(
        "The web cannot be searched", "H Company refused the search as we ask for it.", f"{_TELL} {_KEPT}", "bad"
    ),
    Reason.GONE: ResearchWords(
        "The web search was lost", "H Company no longer knows it.", f"You can search again. {_KEPT}", "warn"
    ),
    Reason.UNAVAILABLE: ResearchWords(
        "The web search failed",
        "H Company could not be reached, or its answers could not be read, three times in a row.",
        f"Try again in a few minutes. {_KEPT}",
        "warn",
    ),
    Reason.AGENT: ResearchWords(
        "The web search failed",
        "The agent of H Company ended without an answer.",
        f"You can search again. {_KEPT}",
        "warn",
    ),
    Reason.CREDIT: ResearchWords(
        "The web cannot be searched",
        "This installation's account with H Company has no credit left.",
        f"{_TELL} {_KEPT}",
        "bad",
    ),
    Reason.BLOCKED: ResearchWords(
        "The web search failed",
        "The agent of H Company could not get to the pages that it needed.",
        f"Ask the local providers directly. {_KEPT}",
        "warn",
    ),
    Reason.TOO_LONG: ResearchWords(
        "The web search took too long",
        "It had no answer when its time was up, and was ended.",
        f"You can search again. {_KEPT}",
        "warn",
    ),
}


def no_slot_text(concurrency: int) -> str:
    """Why a click began nothing: as many searches run as may."""
    running = "One web search is" if concurrency == 1 else f"{concurrency} web searches are"
    return f"{running} running already, and no more may at once. Nothing was sent. Try again in a minute."


def other_environment_text(environment: str) -> str:
    """Why a click began nothing: the lookup comes from before this installation was moved to another Hum."""
    return f"This lookup was made on {environment}. Nothing was sent. Look the address up again first."
