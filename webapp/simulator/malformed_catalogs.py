"""Provider lists as no API should send them: sixty providers, nulls and wrong types, speeds as phrases."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from webapp.simulator import catalog
from webapp.simulator.brand import Brand, Line, Product
from webapp.simulator.brands import ALL, COX, VERIZON
from webapp.simulator.catalog import Json
from webapp.simulator.normalized import Matched

_PLACES = ("Northfield", "Eastlake", "Millbrook", "Harbor", "Prairie", "Summit", "Cedar", "Granite", "Juniper")
_TRADES = ("Fiber", "Cable", "Broadband", "Wireless", "Telecom")
_TECHNOLOGIES = (
    Line("Fiber", 50, 2000, 2000),
    Line("Cable", 40, 1000, 35),
    Line("DSL", 10, 100, 8),
    Line("Fixed Wireless", 71, 300, 20),
)
_MANY_PLANS, _FEW_PLANS = 60, 3


def sixty(address: Matched) -> list[Json]:
    """Fifteen known brands and forty-five invented ones; every tenth has sixty plans."""
    brands = list(ALL)
    for index, (place, trade) in enumerate(product(_PLACES, _TRADES)):
        brands.append(_invented(index, f"{place} {trade}"))
    brands[9::10] = map(_with_many_plans, brands[9::10])
    return [catalog.provider(brand, address.line()) for brand in brands]


def ranges(address: Matched) -> list[Json]:
    """Providers whose plans give speeds as ranges, phrases and grouped numbers."""
    speeds = (
        ("50-100", "10-25"),
        ("85-300", "10-20"),
        ("Up to 1 Gig", "Up to 35"),
        ("300", "100"),
        ("1,000", "1,000"),
        ("25 - 50 Mbps", ""),
    )
    plans = []
    for number, (down, up) in enumerate(speeds, start=1):
        plan = replace(COX.products[0], name=f"Plan {number}", download=down, upload=up, cents=3000 + 1000 * number)
        plans.append(plan)
    riverbend = replace(COX, name="Riverbend Cable", number=199001, products=tuple(plans))
    return [catalog.provider(riverbend, address.line()), catalog.provider(VERIZON, address.line())]


def sloppy(address: Matched) -> list[Json]:
    """Providers with nulls, missing keys and values of unexpected kinds; one good provider in front, one repeated id at
    the end.
    """
    good = catalog.regional(address)[:1]
    providers = [*good, *_nulls(), *_odd_texts(), _odd_offerings(), *_odd_catalogs()]
    for provider in good:
        providers.append({**provider, "offerings": None})
    return providers


def _invented(index: int, name: str) -> Brand:
    line = _TECHNOLOGIES[index % len(_TECHNOLOGIES)]
    plans = _plans(_FEW_PLANS, line)
    site = f"{name.lower().replace(' ', '-')}.example.com"
    return Brand(199100 + index, name, f"800-555-01{20 + index:02}", site, plans[0].cents, (line,), plans)


def _with_many_plans(brand: Brand) -> Brand:
    return replace(brand, products=_plans(_MANY_PLANS, brand.lines[0]))


def _plans(count: int, line: Line) -> tuple[Product, ...]:
    return tuple(_plan(number, line) for number in range(1, count + 1))


def _plan(number: int, line: Line) -> Product:
    speed = str(max(1, line.download * number // _MANY_PLANS))
    return Product(
        f"Plan {number}", speed, speed, 1999 + 100 * number, line.technology.lower(), pricing={"activation_fee": 0}
    )


def _nulls() -> list[Json]:
    every_key = dict.fromkeys(
        (
            "telephone",
            "provider_icon",
            "provider_logo",
            "url",
            "security_token",
            "buyflow_type",
            "button_label",
            "min_plan_price",
            "provider_promo",
            "url_promo",
            "offerings",
            "product_catalog",
        )
    )
    return [
        {"provider_id": "19d4d0c4-5f0e-5a51-8ab0-0a6f0f5b0001", "provider_name": "Null Valley Internet", **every_key},
        {"provider_id": "19d4d0c4-5f0e-5a51-8ab0-0a6f0f5b0002", "provider_name": "Bare Minimum Broadband"},
        {"provider_id": None, "provider_name": None, "offerings": [], "product_catalog": []},
        {"provider_id": 130999, "provider_name": 7, "offerings": {}, "product_catalog": ""},
    ]


def _odd_texts() -> list[Json]:
    return [
        {
            "provider_id": "19d4d0c4-5f0e-5a51-8ab0-0a6f0f5b0003",
            "provider_name": "Lakeshore <b>Fiber</b> &amp; Phone \U0001f680",
            "telephone": "CALL NOW",
            "provider_logo": "",
            "url": "javascript:void(0)",
            "button_label": "",
            "min_plan_price": {"amount_cents": "4999", "currency": "USD"},
            "provider_promo": {"promo_text": "<i>First month free</i>", "promo_logo_url": None},
            "offerings": [{"technology": "FIBER", "max_download_speed": "1000", "max_upload_speed": None}],
            "product_catalog": [],
        },
        {
            "provider_id": "19d4d0c4-5f0e-5a51-8ab0-0a6f0f5b0004",
            "provider_name": "Plain Wire Co-op",
            "telephone": "800-555-0181 ext. 12",
            "url": "plainwire.example.com/start",
            "min_plan_price": {"amount_cents": 49.99, "currency": None},
            "offerings": [{"technology": "dsl", "max_download_speed": 0, "max_upload_speed": -1}],
            "product_catalog": [None],
        },
    ]


def _odd_offerings() -> Json:
    return {
        "provider_id": "19d4d0c4-5f0e-5a51-8ab0-0a6f0f5b0005",
        "provider_name": "Far Horizon Networks",
        "telephone": None,
        "min_plan_price": {"amount_cents": 0, "currency": "USD"},
        "offerings": [
            {"technology": "Quantum Entanglement", "max_download_speed": 1000000000, "max_upload_speed": 300.5},
            {"technology": None},
            {"technology": ["Cable", "Fiber"], "max_download_speed": "Up to 1 Gig"},
            None,
        ],
        "product_catalog": {},
    }


def _odd_catalogs() -> list[Json]:
    odd_plan: Json = {
        "id": None,
        "name": None,
        "download_speed": 300.5,
        "upload_speed": "",
        "position": "first",
        "pricing": {
            "monthly_price": None,
            "activation_fee": {"amount_cents": None},
            "regional_surcharge_fee": {"amount_cents": 399},
        },
    }
    free_plan: Json = {
        "id": "starter",
        "name": "Starter",
        "technology": "cable",
        "download_speed": "50",
        "upload_speed": -1,
        "data_limit": None,
        "is_contract_required": None,
        "streaming_apps": None,
        "pricing": {"monthly_price": {"amount_cents": 0, "currency": "USD"}},
    }
    return [
        {
            "provider_id": "19d4d0c4-5f0e-5a51-8ab0-0a6f0f5b0006",
            "provider_name": "Orchard Cable",
            "telephone": "+18005550182",
            "min_plan_price": None,
            "offerings": [
                {
                    "technology": "cable",
                    "technology_category": None,
                    "max_download_speed": None,
                    "max_upload_speed": None,
                }
            ],
            "product_catalog": [
                {
                    "category": "internet",
                    "products": [odd_plan, free_plan, None, {}, {"name": "No prices", "pricing": None}],
                },
                {"category": None},
            ],
        }
    ]
