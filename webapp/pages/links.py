"""Where a lookup's page leads. The page is drawn from these addresses and knows no routes, so that a share, an embed or
a batch draws the same page with addresses of its own.
"""

from __future__ import annotations

from collections.abc import Sequence


class Links:
    """Addresses of one lookup's pages and buttons. None: the reader cannot go there, and no link or button is drawn.

    This class leads nowhere; a subclass gives an address for what its reader may do. `read_only` says that the
    lookup is not the reader's own, `shows_calls` that this page has the calls beside the result.
    """

    read_only = True
    shows_calls = False

    def page(self) -> str | None:
        """The lookup's page."""
        return None

    def refreshed_page(self, query: Sequence[tuple[str, str]]) -> str | None:
        """The lookup's page, asking Hum first if a poll is due: for browsers without JavaScript. `query` as for
        `chosen_page`.
        """
        return None

    def chosen_page(self, query: Sequence[tuple[str, str]]) -> str | None:
        """This page with filters, an order and open rows as pairs of a query."""
        return None

    def row(self, key: str) -> str | None:
        """What one row has no room for, as a fragment; `key` is that of its `ListRow`."""
        return None

    def print_page(self) -> str | None:
        """The result for paper, with every plan."""
        return None

    def progress(self, seen: str) -> str | None:
        """The fragment that the page asks for; `seen` is `LookupPage.mark` of what the browser shows."""
        return None

    def stop(self) -> str | None:
        """*Stop*."""
        return None

    def keep_checking(self, seen: str) -> str | None:
        """*Keep checking*; `seen` as for `progress`."""
        return None

    def check_plans(self, seen: str) -> str | None:
        """*Check for more plans*; `seen` as for `progress`."""
        return None

    def next_step(self, seen: str) -> str | None:
        """*Next*, in a demo whose clock is moved by hand; `seen` as for `progress`."""
        return None

    def again(self) -> str | None:
        """*Look up again*."""
        return None

    def edit(self, focus: str = "") -> str | None:
        """The form filled with this lookup's address; `focus` names the field to begin at."""
        return None

    def look_up(self) -> str | None:
        """Where an address is sent."""
        return None

    def new_lookup(self) -> str | None:
        """The empty form, for a lookup after this one."""
        return None

    def batch(self) -> str | None:
        """The batch that the lookup is a row of."""
        return None

    def coverage(self) -> str | None:
        """Who serves the state."""
        return None

    def ask_coverage(self) -> str | None:
        """The button that asks Hum who serves the state."""
        return None

    def research(self) -> str | None:
        """The fragment of the web search, and where its button is sent."""
        return None

    def stop_research(self) -> str | None:
        """*Stop* of the web search."""
        return None

    def provider(self, number: int) -> str | None:
        """All plans of one provider; `number` is its place in Hum's order, from 1."""
        return None

    def plan(self, key: str) -> str | None:
        """One plan; `key` is that of its `PlanRef`."""
        return None

    def compare(self, keys: Sequence[str] = ()) -> str | None:
        """Plans side by side; without keys, where a form sends those chosen."""
        return None

    def export(self, kind: str) -> str | None:
        """The result as a file: txt, md, csv or json."""
        return None

    def report(self) -> str | None:
        """*Report a problem*."""
        return None

    def shares(self) -> str | None:
        """The share links to this lookup."""
        return None

    def create_share(self) -> str | None:
        """*Create a link*."""
        return None

    def revoke_share(self, share_id: str) -> str | None:
        """*Revoke*; `share_id` is that of the `Share`."""
        return None

    def console(self, row: str = "") -> str | None:
        """The API console; `row` is the id of a call's row to go to."""
        return None

    def refreshed_console(self) -> str | None:
        """The API console, asking Hum first if a poll is due: for browsers without JavaScript."""
        return None

    def live_console(self, seen: int, *, beside: bool) -> str | None:
        """The console's fragment; `seen` is the id of the newest call that the browser shows, 0 for none; `beside` says
        that it stands beside the result.
        """
        return None

    def calls(self) -> str | None:
        """The lookup's page with its calls beside the result."""
        return None

    def har(self) -> str | None:
        """The calls as a HAR file."""
        return None
