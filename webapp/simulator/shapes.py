"""The provider list of a session: which catalog its scenario finds, in the shape of the scenario's generation. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from webapp.simulator import catalog, malformed_catalogs
from webapp.simulator.brands import ALL
from webapp.simulator.catalog import Json
from webapp.simulator.normalized import Matched
from webapp.simulator.scenario import Catalog, Generation, Scenario

_CODES: dict[str, str] = {}
for _brand in ALL:
    for _line in _brand.lines:
        _CODES[_line.technology] = str(_line.code)


def listed(scenario: Scenario, address: Matched, *, with_products: bool = True) -> list[Json]:
    """The providers at `address` as this scenario tells them."""
    providers = _CATALOGS[scenario.catalog](address)
    if not with_products:
        providers = catalog.without_products(providers)
    reshape = _SHAPES.get(scenario.generation)
    if reshape is None:
        return providers
    return list(map(reshape, providers))


def _flat_promo(provider: Json) -> Json:
    """As mid-2025 documents show it: flat promotion texts, whole-number speeds, no data limit."""
    promo = provider["provider_promo"]
    kept = _without(provider, "buyflow_type", "provider_promo", "url_promo")
    text = ""
    if isinstance(promo, dict):
        text = promo["promo_text"]
    return {
        **kept,
        "promo_text": text,
        "promo_logo": "",
        "product_catalog": list(map(_older_category, _dicts(kept["product_catalog"]))),
    }


def _older_category(category: Json) -> Json:
    return {**category, "products": list(map(_older_product, _dicts(category["products"])))}


def _older_product(product: Json) -> Json:
    return {
        **_without(product, "select_type", "channel_count", "streaming_apps"),
        "download_speed": _whole(product["download_speed"]),
        "upload_speed": _whole(product["upload_speed"]),
        "data_limit": None,
    }


def _whole(speed: object) -> int | None:
    last = str(speed).rpartition("-")[2]
    if not last.isdigit():
        return None
    return int(last)


def _oldest(provider: Json) -> Json:
    """As the first documents show it: no id, no plans, technology codes as text."""
    return {
        "provider_name": provider["provider_name"],
        "telephone": provider["telephone"],
        "provider_logo": provider["provider_logo"],
        "url": provider["url"],
        "button_label": provider["button_label"],
        "min_plan_price": provider["min_plan_price"],
        "offerings": list(map(_oldest_offering, _dicts(provider["offerings"]))),
    }


def _oldest_offering(offering: Json) -> Json:
    code = _CODES[str(offering["technology"])]
    return {
        "technology": offering["technology"],
        "technology_code": code,
        "tech_logo": f"https://api.letshum.com/technologies/{code}.png",
        "max_download_speed": offering["max_download_speed"],
        "max_upload_speed": offering["max_upload_speed"],
    }


def _without(value: Json, *names: str) -> Json:
    return {key: inner for key, inner in value.items() if key not in names}


def _dicts(value: object) -> list[Json]:
    if not isinstance(value, list):
        return []
    return [each for each in value if isinstance(each, dict)]


_CATALOGS: Mapping[Catalog, Callable[[Matched], list[Json]]] = {
    Catalog.REGIONAL: catalog.regional,
    Catalog.NO_PROVIDERS: lambda address: [],
    Catalog.NO_PRODUCTS: lambda address: catalog.without_products(catalog.regional(address)),
    Catalog.SIXTY: malformed_catalogs.sixty,
    Catalog.SLOPPY: malformed_catalogs.sloppy,
    Catalog.RANGES: malformed_catalogs.ranges,
}
_SHAPES: Mapping[Generation, Callable[[Json], Json]] = {Generation.V1: _oldest, Generation.V2: _flat_promo}
