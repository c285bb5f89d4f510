"""A browser that is watched while it reads hostile texts: dialogs, scripts that ran, nodes that no template of ours has put there.

What `Browsing` listens to anyway (complaints of the policy, exceptions, requests to other hosts) counts too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Dialog, Page, Route

from tests.browser.browsing import Browsing
from tests.browser.results import plan_paths
from tests.integration.attacks.payloads import MARK

COUNT_HITS = "window.hit = () => { console.error('a script of an attacker ran'); };"

INTRUDERS = """
window.intruders = (root) => {
  const banned = new Set(("animate applet audio base embed foreignobject frame frameset iframe image img marquee math object set source " +
    "style video").split(" "));
  const addresses = ["href", "src", "action", "formaction", "data", "poster", "srcset", "background", "xlink:href",
    "data-hx-get", "data-hx-post"];
  const ourIcon = /^data:image\\/svg\\+xml,<svg xmlns=%22http:\\/\\/www\\.w3\\.org\\/2000\\/svg%22 viewBox=[\\w%. <>=#/-]*<\\/svg>$/;
  const ourRefresh = /^3;url=\\/lookups\\/|^0;url=\\/\\?sent=[\\w-]{16,40}(&(from|scenario|focus)=[\\w-]+)*$/;
  const found = [];
  const look = (part) => {
    const name = part.localName.toLowerCase();
    if (name === "link" && part.rel === "icon" && ourIcon.test(part.getAttribute("href")) && part.attributes.length === 3) return;
    const say = (what) => found.push(`${what} in ${part.outerHTML.slice(0, 200)}`);
    if (name.includes("injected") || banned.has(name)) say(`<${name}>`);
    if (name === "script" && !/^\\/static\\//.test(part.getAttribute("src") ?? "")) say("a script");
    if (name === "link" && !/^\\/static\\//.test(part.getAttribute("href") ?? "")) say("a link element");
    if (name === "meta" && part.httpEquiv && !ourRefresh.test(part.content)) say("a meta element");
    for (const { name: attribute, value } of part.attributes) {
      if (/injected|^on|^srcdoc$|^style$|^ping$|^hx-|^data-hx-(on|vals|headers)/.test(attribute)) say(`the attribute ${attribute}`);
      const outside = name === "a" && attribute === "href" && /^(https?:\\/\\/[\\w.-]+(:\\d+)?([/?#]|$)|tel:\\+\\d+$)/i.test(value);
      if (addresses.includes(attribute) && !outside && !/^(#|$|\\/(?![/\\\\]))/.test(value)) say(`the address ${value}`);
    }
    if (part.content instanceof DocumentFragment) part.content.querySelectorAll("*").forEach(look);
    if (part.shadowRoot) part.shadowRoot.querySelectorAll("*").forEach(look);
  };
  root.querySelectorAll("*").forEach(look);
  if (root.documentElement.outerHTML.includes(String(7331 * 7))) found.push("a template was filled in");
  return found;
};
window.intrudersIn = (html) => intruders(new DOMParser().parseFromString(html, "text/html"));
// Asks for one address after the other, without leaving the page, and looks through every answer.
window.askAll = async (asked) => {
  const answers = [];
  for (const [path, fields, headers] of asked) {
    const answer = await fetch(path, { headers, ...(fields && { method: "POST", body: new URLSearchParams(fields) }) });
    const text = await answer.text();
    answers.push({ path, status: answer.status, url: answer.url, found: intrudersIn(text), echoes: text.includes("x-injected") });
  }
  return answers;
};
"""

Asked = tuple[str, dict[str, str] | None, dict[str, str]]
"""A request: address, fields of a POST, headers."""
TOKEN = {"csrf_token": "{token}"}
BY_HTMX = {"HX-Request": "true"}


@dataclass
class Watch(Browsing):
    """Windows in which attacks are looked for."""

    def window(self, **options: object) -> Page:
        page = super().window(**options)
        page.context.add_init_script(COUNT_HITS + INTRUDERS)
        page.context.on("dialog", self._on_dialog)
        return page

    def visit(self, page: Page, path: str) -> None:
        """Opens a page and looks through it."""
        page.goto(path)
        self.look_through(page)

    def look_through(self, page: Page) -> None:
        """Complains of everything on the page as it stands that is not ours."""
        self.complaints.extend(f"{page.url}: {found}" for found in page.evaluate("intruders(document)"))

    def read(self, page: Page, path: str) -> None:
        """Opens an address that answers with plain text or JSON, as if it had not asked to be saved: it must be shown, not obeyed."""
        page.goto(path)
        assert page.evaluate("document.contentType") in {"text/plain", "text/markdown", "application/json"}, path
        found = page.evaluate("[...document.body.querySelectorAll('*')].map((part) => part.localName)")
        assert set(found) <= {"pre", "div"}, found

    def ask(self, page: Page, asked: Sequence[Asked]) -> list[dict[str, Any]]:
        """Sends the requests from the page and looks through the answers; `{token}` in a field is the page's form token."""
        token = page.locator("[name=csrf_token]").first.input_value()
        sendable = [
            (path, fields and {name: _typed(text).replace("{token}", token) for name, text in fields.items()}, headers)
            for path, fields, headers in asked
        ]
        answers: list[dict[str, Any]] = page.evaluate("(asked) => askAll(asked)", sendable)
        self.complaints.extend(f"{answer['url']}: {found}" for answer in answers for found in answer["found"])
        return answers

    def finished(self, page: Page, scenario: str) -> str:
        """A lookup whose answers come in by htmx, looked through at its end; its path."""
        self.look_up(page, scenario)
        self.finish(page)
        self.look_through(page)
        return urlsplit(page.url).path

    def look_around(self, page: Page, path: str) -> None:
        """Every page that belongs to a lookup, also what is meant to be saved."""
        ends = ["", "/report", "/shares"]
        keys = [plan.rpartition("/")[2] for plan in plan_paths(page)]
        if keys:
            ends += [
                "/providers/1",
                f"/plans/{keys[0]}",
                f"/plans/{keys[-1]}",
                "/compare?" + urlencode([("plan", key) for key in keys[:4]]),
            ]
        for end in (*ends, "/console"):
            self.visit(page, path + end)
        assert MARK in page.inner_text("#calls")
        page.route("**/*.{har,json}*", shown_not_saved)
        for end in ("/export.txt", "/export.md", "/export.json", "/calls.har"):
            self.read(page, path + end)
            assert MARK in page.content()

    def _on_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()


def _typed(text: str) -> str:
    """The text as a browser can send it: nobody types half a letter."""
    return text.encode("utf-8", "replace").decode()


def shown_not_saved(route: Route) -> None:
    """Lets the browser show a file that is meant to be saved."""
    answer = route.fetch()
    route.fulfill(
        response=answer,
        headers={name: value for name, value in answer.headers.items() if name != "content-disposition"},
    )
