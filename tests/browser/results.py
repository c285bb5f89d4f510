"""A finished lookup in a browser, and ways to look at it that several tests share."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.browsing import Browsing


def finished(browsing: Browsing, page: Page, scenario: str = "fast") -> str:
    """Looks a scenario up, watches it to its end, and gives the URL of the lookup."""
    browsing.look_up(page, scenario)
    browsing.finish(page)
    return page.url


def names(page: Page) -> list[str]:
    """The providers listed, in order."""
    return page.locator("h3[id^=provider-]").all_inner_texts()


def plan_paths(page: Page) -> list[str]:
    """Where the plans of the list have their pages, in order."""
    links = page.locator(".plan-name a")
    return [str(links.nth(index).get_attribute("href")) for index in range(links.count())]


def plan_keys(page: Page) -> list[str]:
    """The keys of the plans of the list, in order."""
    return [path.rpartition("/")[2] for path in plan_paths(page)]


def open_plans(page: Page, provider: str) -> Locator:
    """Opens the row of a provider; what folds it again."""
    page.get_by_role("link", name=re.compile(f"of {re.escape(provider)}$")).click()
    summary = page.locator(".plans > summary", has_text=f"of {provider}")
    expect(summary).to_be_visible()
    return summary


def copied(page: Page) -> str:
    """What is on the clipboard."""
    page.context.grant_permissions(["clipboard-read"])
    page.bring_to_front()
    return str(page.evaluate("navigator.clipboard.readText()"))


def expect_announced(page: Page, text: str) -> None:
    """The live region says this, for those who do not see what changed."""
    expect(page.locator("#announcement")).to_contain_text(text)
