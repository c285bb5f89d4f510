"""What the simulator knows of a provider: its lines, its plans, where it serves."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One technology of a brand with its fastest speeds in Mbps. `code` is the FCC's number for the technology."""

    technology: str
    code: int
    download: int
    upload: int
    category: str = "Terrestrial"


@dataclass(frozen=True, slots=True)
class Product:
    """One plan. Speeds are texts as newer answers give them; `pricing` holds cents under Hum's keys beside
    `monthly_price`.
    """

    name: str
    download: str
    upload: str
    cents: int
    technology: str
    category: str = "internet"
    data_limit: str = "Unlimited"
    contract: bool = False
    modem_included: bool = True
    channels: int = 0
    streaming_apps: tuple[str, ...] = ()
    info: str = ""
    initial_months: int = 0
    second_months: int = 0
    pricing: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Brand:
    """One provider. `states` is where it can serve; empty means everywhere. `min_cents` is the headline price as the
    API states it.
    """

    number: int
    name: str
    telephone: str
    site: str
    min_cents: int
    lines: tuple[Line, ...]
    products: tuple[Product, ...]
    states: frozenset[str] = frozenset()
    button: str = "Get Started"
    promo: str = ""
    url_promo: str = ""
