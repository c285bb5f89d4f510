"""Plans and providers for tests: everything unstated unless a test states it."""

from typing import Any

from webapp.plans.model import Charge, Discount, Money, Offering, Plan, Provider, Speed, Technology


def make_plan(**stated: Any) -> Plan:
    unstated: dict[str, Any] = {
        "id": "8083bfe8",
        "name": "Internet Advantage",
        "description": "",
        "category": "internet",
        "technology": Technology.CABLE,
        "technology_text": "cable",
        "position": None,
        "download": None,
        "upload": None,
        "data_limit": None,
        "monthly_price": None,
        "discounts": (),
        "fees": (),
        "other_charges": (),
        "contract_required": None,
        "modem_included": None,
        "streaming_apps": (),
        "info": "",
        "promo_text": "",
        "hum_rank": None,
    }
    return Plan(**unstated | stated)


def make_provider(**stated: Any) -> Provider:
    unstated: dict[str, Any] = {
        "id": "0c970c65",
        "name": "Rocket Fiber",
        "telephone": None,
        "telephone_text": "",
        "url": None,
        "button_label": "",
        "logo_url": None,
        "min_price": None,
        "promo_text": "",
        "offerings": (),
        "plans": (),
    }
    return Provider(**unstated | stated)


def mbps(low: float, high: float | None = None) -> Speed:
    return Speed(f"{low:g}" if high is None else f"{low:g}-{high:g}", low, low if high is None else high)


def offering(technology: Technology, down: float | None = None, up: float | None = None) -> Offering:
    return Offering(
        technology, technology.label, mbps(down) if down is not None else None, mbps(up) if up is not None else None
    )


def charge(key: str, cents: int | None) -> Charge:
    return Charge(key, key.replace("_", " ").capitalize(), None if cents is None else Money(cents))


def discount(key: str, cents: int | None, months: int | None = None) -> Discount:
    return Discount(key, key.replace("_", " ").capitalize(), None if cents is None else Money(cents), months)
