"""Providers and plans as Hum's newest documents shape them, the same for the same address. Older shapes are made from
these.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable

from webapp.simulator.brand import Brand, Line, Product
from webapp.simulator.brands import ALL, HUGHESNET, LIBERTY, ROCKET_FIBER, STARLINK, WIRED, WIRELESS
from webapp.simulator.normalized import Matched

Json = dict[str, object]

_NAMESPACE = uuid.UUID("6f1d7a52-0c7e-5b1b-9a4e-48554d53494d")
_ANCHORAGE = range(99501, 99525)
_CATEGORY_NAMES = {"internet": "Internet", "tv": "Television"}
_SKU_PARTS = {"internet": "INT", "tv": "TV"}
_DISCOUNTS_AND_FEES = (
    "extra_data_fee",
    "professional_installation_fee",
    "self_installation_fee",
    "activation_fee",
    "initial_term_discount",
    "second_term_discount",
    "autopay_discount",
)


def regional(address: Matched) -> list[Json]:
    """The providers of an address: up to three wired ones of its state, one by radio, one or two by satellite."""
    return [provider(brand, address.line()) for brand in brands_at(address)]


def brands_at(address: Matched) -> tuple[Brand, ...]:
    """Which brands serve an address. Alaska outside Anchorage has none."""
    if address.state == "AK":
        if address.zip[:5].isdigit() and int(address.zip[:5]) in _ANCHORAGE:
            return (STARLINK, HUGHESNET)
        return ()
    if address.state in {"PR", "VI"}:
        return (LIBERTY, STARLINK, HUGHESNET)
    local = [brand for brand in WIRED if address.state in brand.states]
    wired = sorted(local, key=lambda brand: _digest(address.line(), brand.name))[:3]
    if address.state == "MI" and address.city == "DETROIT":
        wired.append(ROCKET_FIBER)
    wireless = WIRELESS[_digest(address.line(), "wireless")[0] % len(WIRELESS)]
    satellite = [STARLINK]
    if len(wired) <= 2:
        satellite.append(HUGHESNET)
    return (*sorted(wired, key=ALL.index), wireless, *satellite)


def provider(brand: Brand, line: str) -> Json:
    """One provider of the newest shape at the address `line`."""
    return {
        "provider_id": str(uuid.uuid5(_NAMESPACE, brand.name)),
        "provider_name": brand.name,
        "telephone": brand.telephone,
        "provider_icon": None,
        "provider_logo": f"https://harmony.letshum.com/logos/{brand.number}.png",
        "url": f"https://{brand.site}/register?utm_source=Hum",
        "security_token": security_token(brand.name, line),
        "buyflow_type": "direct",
        "button_label": brand.button,
        "min_plan_price": money(brand.min_cents),
        "provider_promo": {"promo_text": brand.promo, "promo_logo_url": ""},
        "url_promo": {"promo_text": brand.url_promo, "promo_logo_url": ""},
        "offerings": list(map(_offering, brand.lines)),
        "product_catalog": _categories(brand),
    }


def _offering(line: Line) -> Json:
    return {
        "technology": line.technology,
        "technology_category": line.category,
        "max_download_speed": line.download,
        "max_upload_speed": line.upload,
    }


def money(cents: int) -> Json:
    """An amount as Hum writes it."""
    return {"amount_cents": cents, "currency": "USD"}


def security_token(name: str, line: str) -> str:
    """66 characters that look like Hum's secret checkout token; they open nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    stream = hashlib.shake_256(f"{name}\n{line}".encode("utf-8", "replace")).digest(66)
    return "".join(alphabet[byte % 64] for byte in stream)


def _categories(brand: Brand) -> list[Json]:
    """The plans by category, in the order of the brand's plans; positions count within a category."""
    products: defaultdict[str, list[Json]] = defaultdict(list)
    for product in brand.products:
        listed = products[product.category]
        listed.append(_product(brand, product, position=len(listed) + 1))
    return [_category(brand, name, listed) for name, listed in products.items()]


def _category(brand: Brand, name: str, products: list[Json]) -> Json:
    return {
        "category": name,
        "category_name": _CATEGORY_NAMES[name],
        "category_description": f"{_CATEGORY_NAMES[name]} plans of {brand.name}",
        "products": products,
    }


def _product(brand: Brand, product: Product, position: int) -> Json:
    kind = {"cable": "CBL", "fiber": "FBR", "dsl": "DSL", "fixed wireless": "FWA", "satellite": "SAT"}[
        product.technology
    ]
    sku = f"{brand.number}-{_SKU_PARTS[product.category]}-{kind}-{position:02}"
    description = f"{product.channels} channels"
    if product.download:
        description = f"{product.download} Mbps"
    return {
        "id": str(uuid.uuid5(_NAMESPACE, sku)),
        "sku": sku,
        "name": product.name,
        "description": description,
        "category": product.category,
        "category_name": _CATEGORY_NAMES[product.category],
        "technology": product.technology,
        "position": position,
        "select_type": "radio",
        "download_speed": product.download,
        "upload_speed": product.upload,
        "data_limit": product.data_limit,
        "channel_count": product.channels,
        "streaming_apps": list(product.streaming_apps),
        "is_required_to_checkout": product.category == "internet",
        "is_contract_required": product.contract,
        "is_modem_router_included": product.modem_included,
        "is_local_checkout": False,
        "is_bundle_qualifier": None,
        "bundle_discounts": {},
        "product_promo": {},
        "required_with_plans": [],
        "included_with_plans": [],
        "only_available_with_plans": [],
        "initial_term_discount_months": product.initial_months,
        "second_term_discount_months": product.second_months,
        "hum_rank": 100 - 5 * position,
        "max_quantity": 1,
        "info": product.info,
        "pricing": _pricing(product),
    }


def _pricing(product: Product) -> Json:
    # In the order of the documented answers: discounts and fees, the monthly price, then whatever else there is.
    pricing: Json = {}
    for key in _DISCOUNTS_AND_FEES:
        if key in product.pricing:
            pricing[key] = money(product.pricing[key])
    pricing["monthly_price"] = money(product.cents)
    for key, cents in product.pricing.items():
        pricing[key] = money(cents)
    return pricing


def without_products(providers: Iterable[Json]) -> list[Json]:
    """The same providers with an empty catalog, as documented for providers whose plans are not known."""
    return [{**each, "product_catalog": []} for each in providers]


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).digest()
