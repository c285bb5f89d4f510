"""Providers, offerings and plans out of any generation of Hum's answers. One bad entry costs that entry only, and is
counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from webapp.hum.pricing import read_pricing
from webapp.hum.readers import (
    LONG,
    data_limit,
    flag,
    items,
    label,
    link,
    mapping,
    money,
    provider_list,
    speed,
    technology,
    telephone,
    texts,
    whole,
)
from webapp.plans.model import Amount, Money, Offering, Plan, Provider
from webapp.texts import clean
from webapp.upstream.call import Mask, secrets_in
from webapp.upstream.give_way import GiveWay, keep_on

MOST_PROVIDERS, MOST_PLANS, MOST_OFFERINGS, MOST_APPS = 100, 60, 50, 50

_PROVIDER_KEYS = frozenset(
    {"provider_id", "provider_name", "offerings", "product_catalog", "telephone", "url", "min_plan_price"}
)


@dataclass(frozen=True, slots=True)
class ProviderList:
    """Providers in Hum's order, each once. `left_out` counts entries that are not among them; of those, `over_limit`
    are past the limit of 100 and the others could not be read.

    `raw` is the answer's own list as JSON values, with secrets and unstorable characters gone: the form that is stored,
    and `read_providers(raw)` gives the same list again.
    """

    providers: tuple[Provider, ...]
    left_out: int = 0
    over_limit: int = 0
    raw: list[object] = field(default_factory=list)


def read_providers(raw: object) -> ProviderList | None:
    """The providers in a list, or in an answer that has one in a documented place; None when there is no such list.

    Documented places: `data` itself, `data.internet`, `data.services.internet`. Secrets in `raw` are dropped on the
    way.
    """
    found = provider_list(raw)
    if found is None:
        return None
    return providers_from(items(Mask(secrets_in(found)).without_secrets(found)))


def providers_from(clean_list: list[object], give_way: GiveWay = keep_on) -> ProviderList:
    """Reads a list that has already lost its secrets. `give_way` is called after each provider, so that a list of sixty
    does not stop the other requests of a worker.
    """
    readable = [entry for entry in map(mapping, clean_list) if not _PROVIDER_KEYS.isdisjoint(entry)]
    read = readable[:MOST_PROVIDERS]
    providers: dict[object, Provider] = {}
    for place, entry in enumerate(read):
        provider = _provider(entry)
        # Without an id nothing says that two entries of one name are one provider.
        identity: object = place
        if provider.id:
            identity = (provider.id, provider.name)
        if identity in providers:
            provider = _merged(providers[identity], provider)
        providers[identity] = provider
        give_way()
    return ProviderList(
        tuple(providers.values()),
        left_out=len(clean_list) - len(read),
        over_limit=len(readable) - len(read),
        raw=clean_list,
    )


def merged(known: ProviderList, news: ProviderList, give_way: GiveWay = keep_on) -> ProviderList:
    """The newer list, with what only the known one has: providers that are missing in the newer one, and plans of those
    that list fewer there.
    """
    before: defaultdict[str, list[Mapping[str, object]]] = defaultdict(list)
    for provider in map(mapping, known.raw):
        if not _PROVIDER_KEYS.isdisjoint(provider):
            before[_key(provider)].append(provider)
    entries: list[object] = []
    for entry in news.raw:
        same = before[_key(mapping(entry))]
        fuller: object = entry
        if same:
            older = same.pop(0)
            if _plan_count(older) > _plan_count(mapping(entry)):
                fuller = older
        entries.append(fuller)
    for missing in before.values():
        entries.extend(missing)
    return providers_from(entries, give_way)


def _key(entry: Mapping[str, object]) -> str:
    return label(entry.get("provider_id")) or clean(entry.get("provider_name"))


def _plan_count(entry: Mapping[str, object]) -> int:
    return len(_plans(entry.get("product_catalog"))[0])


def _merged(first: Provider, second: Provider) -> Provider:
    """One provider of two entries with the same id and name: everything that either offers, once."""
    return replace(
        first,
        telephone=first.telephone or second.telephone,
        telephone_text=first.telephone_text or second.telephone_text,
        url=first.url or second.url,
        button_label=first.button_label or second.button_label,
        logo_url=first.logo_url or second.logo_url,
        min_price=_lower(first.min_price, second.min_price),
        promo_text=first.promo_text or second.promo_text,
        offerings=tuple(dict.fromkeys((*first.offerings, *second.offerings))),
        plans=tuple(dict.fromkeys((*first.plans, *second.plans))),
        plans_left_out=first.plans_left_out + second.plans_left_out,
        plans_over_limit=first.plans_over_limit + second.plans_over_limit,
    )


def _lower(first: Amount, second: Amount) -> Amount:
    """The lower of two headline prices of one currency; where one of them is no figure, the other."""
    if isinstance(first, Money) and isinstance(second, Money):
        if first.currency == second.currency and second.cents < first.cents:
            return second
        return first
    if isinstance(second, Money) or first is None:
        return second
    return first


def _provider(entry: Mapping[str, object]) -> Provider:
    plans, plans_left_out, plans_over_limit = _plans(entry.get("product_catalog"))
    phone = telephone(entry.get("telephone"))
    return Provider(
        id=label(entry.get("provider_id")),
        name=clean(entry.get("provider_name")) or "Unnamed provider",
        telephone=phone.dialed,
        telephone_text=phone.text,
        url=link(entry.get("url")),
        button_label=clean(entry.get("button_label")),
        logo_url=link(entry.get("provider_logo")) or link(entry.get("provider_icon")),
        min_price=money(entry.get("min_plan_price")),
        promo_text=_promo(entry.get("provider_promo"), entry.get("promo_text"), entry.get("url_promo")),
        offerings=tuple(
            _offering(offering) for offering in map(mapping, items(entry.get("offerings"))[:MOST_OFFERINGS]) if offering
        ),
        plans=plans,
        plans_left_out=plans_left_out,
        plans_over_limit=plans_over_limit,
    )


def _offering(entry: Mapping[str, object]) -> Offering:
    return Offering(
        technology=technology(
            entry.get("technology"), entry.get("technology_category"), code=entry.get("technology_code")
        ),
        technology_text=clean(entry.get("technology")),
        download=speed(entry.get("max_download_speed")),
        upload=speed(entry.get("max_upload_speed"), is_upload=True),
    )


def _plans(catalog: object) -> tuple[tuple[Plan, ...], int, int]:
    """The plans, how many products are not among them, and how many of those are past the limit."""
    categories = [catalog] if isinstance(catalog, Mapping) else items(catalog)
    found = [
        (mapping(category), product) for category in categories for product in items(mapping(category).get("products"))
    ]
    readable = [(category, product) for category, product in found if isinstance(product, Mapping) and product]
    plans = tuple(_plan(product, category) for category, product in readable[:MOST_PLANS])
    return plans, len(found) - len(plans), len(readable) - len(plans)


def _plan(product: Mapping[str, object], category: Mapping[str, object]) -> Plan:
    pricing = read_pricing(product)
    return Plan(
        id=label(product.get("id")) or label(product.get("sku")),
        name=clean(product.get("name")) or "Unnamed plan",
        description=clean(product.get("description"), LONG),
        category=(clean(product.get("category")) or clean(category.get("category"))).lower(),
        technology=technology(product.get("technology")),
        technology_text=clean(product.get("technology")),
        position=whole(product.get("position")),
        download=speed(product.get("download_speed")),
        upload=speed(product.get("upload_speed"), is_upload=True),
        data_limit=data_limit(product.get("data_limit")),
        monthly_price=pricing.monthly_price,
        discounts=pricing.discounts,
        fees=pricing.fees,
        other_charges=pricing.other_charges,
        contract_required=flag(product.get("is_contract_required")),
        modem_included=flag(product.get("is_modem_router_included")),
        streaming_apps=texts(product.get("streaming_apps"), MOST_APPS),
        info=clean(product.get("info"), LONG),
        promo_text=_promo(product.get("product_promo")),
        hum_rank=whole(product.get("hum_rank")),
        amounts_left_out=pricing.left_out,
    )


def _promo(*places: object) -> str:
    """The first promotion said in any of the places, each a text or an object with a `promo_text`."""
    for place in places:
        if place is None:
            continue
        if said := clean(place) or clean(mapping(place).get("promo_text")):
            return said
    return ""
