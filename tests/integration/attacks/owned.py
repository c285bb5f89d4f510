"""A finished lookup of somebody, with a share link, and the address of every route of the app with what is theirs
filled in.

The routes come from the app itself: one that is added later is attacked too.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from werkzeug.routing import Rule

from tests.integration.web.page import Page
from tests.integration.web.site import Site
from tests.integration.web.stored import Ended, ended

OF_FRAMES = {"embedding.refused", "embedding.ended", "embedding.script", "embedding.share"}
"""What frames alone use, and what answers in place of one: `tests/integration/web/test_frames.py`."""


@dataclass(frozen=True)
class Owned:
    """What belongs to one browser. `csrf_token` is the one its pages hold."""

    site: Site
    lookup: Ended
    plan_key: str
    share_id: str
    share_token: str
    batch_id: str
    csrf_token: str

    def addresses(self, method: str, within: str = "") -> list[str]:
        """Every address that takes this method, or of those the ones whose route begins with `within`."""
        rules = [
            rule
            for rule in self.site.app.url_map.iter_rules()
            if method in (rule.methods or ()) and rule.rule.startswith(within) and rule.endpoint not in OF_FRAMES
        ]
        return [self._filled(rule) for rule in rules]

    def lookups_and_links(self) -> tuple[int, int]:
        """How many lookups there are, and how many share links that work."""
        with self.site.database() as connection:
            counted = [
                connection.exec_driver_sql(f"SELECT count(*) FROM {rows}").scalar_one()
                for rows in ("lookup", "share WHERE revoked_at IS NULL")
            ]
        return counted[0], counted[1]

    def _filled(self, rule: Rule) -> str:
        key = "fast" if rule.rule.startswith("/scenarios") else self.plan_key
        known = {
            "number": 1,
            "key": key,
            "row_key": "1",
            "kind": "csv",
            "action": "pause",
            "batch_id": self.batch_id,
            "share_id": self.share_id,
            "token": self.share_token,
            "lookup_id": self.lookup.id,
        }
        with self.site.app.test_request_context():
            return str(self.site.app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments}))


def own(site: Site) -> Owned:
    """Looks something up in a new browser and shares it."""
    lookup = ended(site, "instant")
    shares = lookup.visitor.follow(lookup.visitor.press(lookup.page("/shares"), "Create a link"))
    revoke = shares.form_with("Revoke link 1").get("action", "")
    (link,) = (box.get("value", "") for box in shares.root.iter("input") if box.get("readonly") is not None)
    sheet = lookup.visitor.press(lookup.visitor.get("/batches"), "Check the addresses", paste="1 Main St, Detroit, MI")
    plan_key = next(iter(lookup.plan_keys().values()))
    return Owned(
        site,
        lookup,
        plan_key,
        revoke.split("/")[-2],
        urlsplit(link).path.rpartition("/")[2],
        sheet.location.rpartition("/")[2],
        token_of(shares),
    )


def token_of(page: Page) -> str:
    """The form token on a page."""
    return next(box.get("value", "") for box in page.root.iter("input") if box.get("name") == "csrf_token")
