"""What the lookup's pages draw: the lookup in words, its providers as rows, and what this browser has already been
sent.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice

from webapp.addresses.difference import Difference, WordChange, difference
from webapp.hum.providers import ProviderList
from webapp.hum.sessions import AgentState
from webapp.lookups.lifecycle import Lookup
from webapp.pages import progress
from webapp.pages.charts import Scatter, price_speed
from webapp.pages.links import Links
from webapp.pages.maps import MapPicture, StateMap, picture
from webapp.pages.masks import identifying_words, masked_difference, masked_lookup, masked_providers
from webapp.pages.plan_rows import PLANS_IN_ROW, ListRow, PlanRows
from webapp.pages.research_part import ResearchPart
from webapp.plans.best_plans import BestPlan, best_plans
from webapp.plans.chosen_plans import PlanRef
from webapp.plans.filter_and_sort import FilteredList, filter_and_sort
from webapp.plans.model import Provider, Technology
from webapp.plans.provider_figures import ProviderFigures, provider_figures, summary
from webapp.plans.selection import NO_QUERY, Query, Selection
from webapp.research.lifecycle import Research
from webapp.upstream.give_way import GiveWay, keep_on

ROWS_AT_ONCE = 20
"""Rows of a long list that are drawn before the reader asks for the others."""


class LookupPage:
    """One lookup for one rendering. `seen` is what the fragment's last answer to this browser showed, as `mark` named
    it then.

    `check_text` is what came of *Check for more plans*, if that was pressed.
    `links` are the addresses of what its reader may do; without them the reader may only look. `for_paper` draws
    every row open and asks nothing again; `opened` is the key of the one row that is drawn by itself. `masked` hides
    house number, unit and telephones from an audience. `by_hand` says that a person presses Next, so the page does
    not ask by itself; `speed_note` how time passes in a demo. `read_research` reads the web search of a lookup by
    its id, None where there are none; `research_note` says why a click began none, and `research_now` is the time
    by which it goes (it keeps to no simulated clock). `give_way` is called between two providers that are drawn, so
    that sixty of them do not stop the other requests of a worker.
    """

    def __init__(
        self,
        lookup: Lookup,
        read_list: Callable[[Lookup], ProviderList | None],
        *,
        now: float,
        maps: Mapping[str, StateMap],
        seen: str = "",
        check_text: str = "",
        query: Query = NO_QUERY,
        links: Links | None = None,
        for_paper: bool = False,
        opened: str = "",
        masked: bool = False,
        by_hand: bool = False,
        speed_note: str = "",
        read_research: Callable[[str], Research | None] | None = None,
        research_note: str = "",
        research_now: float | None = None,
        give_way: GiveWay = keep_on,
    ) -> None:
        self.lookup = self._original = lookup
        if masked:
            self.lookup = masked_lookup(lookup)
        self.masked = masked
        self.now = now
        self._query = query
        self.links = links or Links()
        self.for_paper = for_paper
        self._opened = opened
        self.by_hand = by_hand
        self.check_text = check_text
        self.speed_note = speed_note
        self._read_list = read_list
        self._read_research = read_research
        self._research_note = research_note
        self._research_now = now if research_now is None else research_now
        self._give_way = give_way
        self._maps = maps
        self._is_fragment = bool(seen)
        seen_marks = [*seen.split(".", 3), "", "", ""][:4]
        self._seen_list, self._seen_headline, self._seen_findings, self._seen_speech = seen_marks

    @cached_property
    def selection(self) -> Selection:
        """The filters and order of the query; read only when the list is drawn."""
        return Selection.parse(self._query)

    @property
    def read_only(self) -> bool:
        """The reader may only look: the lookup is not their own, or all is drawn for paper."""
        return self.for_paper or self.links.read_only

    @cached_property
    def can_compare(self) -> bool:
        """The reader may put plans side by side."""
        return not self.for_paper and self.links.compare() is not None

    @cached_property
    def listed(self) -> ProviderList:
        """The stored provider list; read only when it is drawn, because most polls need none of it."""
        listed = self._read_list(self._original) or ProviderList(())
        if not self.masked:
            return listed
        return masked_providers(listed)

    @cached_property
    def research(self) -> ResearchPart | None:
        """What the web says; None where it cannot be searched. Read only when it is drawn, as most fragments draw none
        of it.
        """
        if self._read_research is None:
            return None
        return ResearchPart(
            self._read_research(self._original.id),
            self._original,
            self._research_now,
            read_only=self.read_only or self.links.research() is None,
            masked=self.masked,
            note=self._research_note,
        )

    @property
    def providers(self) -> tuple[Provider, ...]:
        """All providers in Hum's order."""
        return self.listed.providers

    @cached_property
    def figures(self) -> tuple[ProviderFigures, ...]:
        """The figures of all providers in Hum's order, worked out once."""
        figures = []
        for provider in self.providers:
            figures.append(provider_figures(provider))
            self._give_way()
        return tuple(figures)

    def _one_by_one(self, listed: Sequence[ProviderFigures]) -> Iterator[ProviderFigures]:
        """For work that looks at every plan."""
        for figures in listed:
            yield figures
            self._give_way()

    @cached_property
    def result(self) -> FilteredList:
        """The providers that pass the filters, in the chosen order, with a sentence for both."""
        return filter_and_sort(self.selection, self.figures)

    @cached_property
    def _rows(self) -> PlanRows:
        return PlanRows(self.providers, self._is_open)

    def _is_open(self, key: str) -> bool:
        return self.for_paper or key == self._opened or key in self.selection.opened

    @property
    def refs(self) -> tuple[PlanRef, ...]:
        """Every plan with the key that names it in a URL."""
        return self._rows.refs

    def plan(self, key: str) -> PlanRef | None:
        """The plan with this key in a URL."""
        for ref in self.refs:
            if ref.key == key:
                return ref
        return None

    @property
    def rows(self) -> Iterator[ListRow]:
        """The rows of the list, each made when it is drawn."""
        for make in islice(self._all_rows.values(), self._most_rows):
            yield make()
            self._give_way()

    @property
    def rows_left(self) -> int:
        """Rows that are drawn only when the reader asks for them."""
        return max(0, len(self._all_rows) - self._most_rows)

    @cached_property
    def _all_rows(self) -> dict[str, Callable[[], ListRow]]:
        """By their keys, in order."""
        order = self.selection.order
        if self.selection.by_plan:
            return self._rows.of_plans(self.result.shown, order)
        rows: dict[str, Callable[[], ListRow]] = {}
        for figures in self.result.shown:
            most = PLANS_IN_ROW
            if self.for_paper:
                # Paper leads to no other page.
                most = len(figures.plans)
            rows[str(self.number_of(figures.provider))] = partial(self._rows.of_provider, figures, order, most)
        return rows

    @property
    def _most_rows(self) -> int:
        if self.read_only or self.selection.show_all:
            return len(self._all_rows)
        return ROWS_AT_ONCE

    def all_plans(self, number: int) -> ListRow:
        """The provider with this place in Hum's order, from 1, with all its plans."""
        figures = self.figures[number - 1]
        rows = PlanRows(self.providers, bool)
        return rows.of_provider(figures, self.selection.order, len(figures.plans))

    @property
    def opened_row(self) -> ListRow | None:
        """The row `opened`; None where no such row passes the filters."""
        make = self._all_rows.get(self._opened)
        if make is None:
            return None
        return make()

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """Filters, order and open rows, as what leads back here carries them."""
        return [*self.selection.to_query(), *(("open", key) for key in self.selection.opened)]

    def open_link(self, row: ListRow) -> str | None:
        """This page with one more row open, for browsers without JavaScript."""
        if self._page_to_open is None:
            return None
        return f"{self._page_to_open}{row.key}#{row.id}"

    @cached_property
    def _page_to_open(self) -> str | None:
        return self.links.chosen_page([*self.query, ("open", "")])

    def number_of(self, provider: Provider) -> int:
        """The provider's place in Hum's order, from 1."""
        return self._rows.number_of(provider)

    @property
    def technologies(self) -> tuple[Technology, ...]:
        """The technologies that can be filtered by: those that occur, and those already chosen."""
        wanted = set(self.selection.technologies)
        for figures in self.figures:
            wanted.update(figures.technologies)
        return tuple(technology for technology in Technology if technology in wanted)

    @cached_property
    def technology_counts(self) -> dict[Technology, int]:
        """How many providers of the whole list have each technology that can be filtered by."""
        counts = dict.fromkeys(self.technologies, 0)
        for figures in self.figures:
            for technology in figures.technologies:
                counts[technology] += 1
        return counts

    @cached_property
    def best(self) -> tuple[BestPlan, ...]:
        """The plans that people ask for first, over the whole list."""
        return best_plans(self._one_by_one(self.figures))

    @cached_property
    def scatter(self) -> Scatter:
        """Price against speed of the shown providers' plans."""
        return price_speed(self._one_by_one(self.result.shown))

    @cached_property
    def map(self) -> MapPicture | None:
        """The state with a pin."""
        return picture(self._original, self._maps)

    @cached_property
    def steps(self) -> tuple[progress.Step, ...]:
        """Address, providers, plans."""
        return progress.steps(self.lookup, self.now)

    @cached_property
    def words(self) -> progress.Words | None:
        """The outcome in words; None while the lookup runs."""
        if self.links.read_only:
            return progress.words_for_others(self._original)
        return progress.words(self._original)

    @property
    def waiting_note(self) -> str | None:
        """Why it is held up, if it is."""
        return progress.waiting_note(self.lookup, self.now)

    @cached_property
    def headline(self) -> str:
        """Where the lookup stands, for the title."""
        return progress.headline(self.lookup)

    @property
    def spoken(self) -> str:
        """Where the lookup stands, for screen readers."""
        return progress.spoken(self.lookup, self.now)

    @property
    def asks_itself(self) -> bool:
        """Whether the page asks again without being told to."""
        return self.lookup.being_asked and not (self.by_hand or self.for_paper or self.links.read_only)

    @property
    def delay_ms(self) -> int:
        """Milliseconds until the fragment asks again."""
        return round(progress.refresh_delay(self.lookup, self.now) * 1000)

    @cached_property
    def difference(self) -> Difference:
        """The matched address against the typed one, word by word."""
        found = difference(self._original.address, self._original.matched_address)
        if not self.masked:
            return found
        return masked_difference(found, identifying_words(self._original))

    @property
    def match_differs(self) -> bool:
        """Whether Hum matched what may be another address than the typed one."""
        changes = {word.change for word in self.difference.words}
        return self.difference.flags.another_address or WordChange.CHANGED in changes

    @property
    def match_text(self) -> str:
        """How the matched address differs, in a few words; `Matched` where nothing does, "" before there is one."""
        if not self.difference.words:
            return ""
        if not self.match_differs:
            return "Matched"
        for word in self.difference.words:
            if word.change is WordChange.CHANGED:
                return f"Matched {word.text.strip(',')}, not {word.was}"
        removed = [word.text for word in self.difference.words if word.change is WordChange.REMOVED]
        if removed:
            return f"Matched without {' '.join(removed)}"
        return "Matched another address"

    @property
    def seconds(self) -> float | None:
        """How long the lookup took from the click to its end; None while it runs, and where its end was only found when
        somebody looked again.
        """
        return progress.since_start(self.lookup, self.lookup.finished_at)

    @property
    def file_name(self) -> str:
        """What a saved result is called, without the ending; an audience may not learn the id."""
        if self.masked:
            return "lookup"
        return f"lookup-{self.lookup.id[:8]}"

    @property
    def answer(self) -> str:
        """Who, how fast, how much, in one sentence, for the person on the phone."""
        return summary(self.figures)

    @property
    def ambiguous(self) -> bool:
        """Providers came although several addresses match: they may belong to another one."""
        return self.lookup.geocoding is AgentState.MULTIPLE

    @cached_property
    def mark(self) -> str:
        """What this rendering shows, short enough for a query string: the marks of the provider list, the headline, the
        findings and what was spoken. A whole page speaks nothing, so its first fragment says where the lookup stands.
        """
        speech = ""
        if self._is_fragment:
            speech = self._speech_mark
        return f"{self._list_mark}.{self._headline_mark}.{self._findings_mark}.{speech}"

    @property
    def list_is_new(self) -> bool:
        """This browser does not show this provider list yet."""
        return self._seen_list != self._list_mark

    @property
    def headline_is_new(self) -> bool:
        """This browser does not show this headline yet."""
        return self._seen_headline != self._headline_mark

    @property
    def speech_is_new(self) -> bool:
        """This browser has something to say: a live region speaks at the start, at the end, and rarely in between."""
        return self._seen_speech != self._speech_mark

    @property
    def findings_are_new(self) -> bool:
        """This browser does not show yet what Hum says now, or what can be done now."""
        return self._seen_findings != self._findings_mark

    @property
    def _list_mark(self) -> str:
        if self.lookup.provider_count:
            return (self.lookup.snapshot_digest or "")[:10]
        # Without providers the part still changes once: at the end it offers what can be done then.
        if self.lookup.being_asked:
            return "none"
        return "ended"

    @cached_property
    def _headline_mark(self) -> str:
        return _short(self.headline)

    @cached_property
    def _speech_mark(self) -> str:
        # Who moves the lookup on by hand is told what each step has changed.
        if self.by_hand:
            return self._headline_mark
        return progress.speech_turn(self.lookup, self.now, self._seen_speech)

    @cached_property
    def _findings_mark(self) -> str:
        """Of all that the findings are drawn from."""
        lookup = self.lookup
        answers = (lookup.matched_address, lookup.warning, lookup.geocoding, lookup.snapshot_digest)
        standing = (lookup.outcome, lookup.reason, lookup.can_resume, self.masked, self.speed_note, self.waiting_note)
        return _short(f"{answers}{standing}{self.check_text}")


def _short(text: str) -> str:
    return f"{zlib.crc32(text.encode()):x}"
