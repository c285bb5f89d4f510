"""Whatever JSON arrives, the readers give clean values and raise nothing."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from hypothesis import given
from hypothesis import strategies as st

from webapp.hum.providers import read_providers
from webapp.hum.readers import LONG, mapping
from webapp.hum.sessions import first_token, read_internet, read_session
from webapp.upstream.call import Mask, secrets_in
from webapp.upstream.vendor_http import json_of, read_body

KEYS = (
    "data meta message request_status errors session_token session_status agent_status geocoding internet services "
    "service_address session_params normalized latitude longitude street zip hum_data_set provider_id provider_name "
    "telephone provider_logo url security_token min_plan_price amount_cents currency promo_text provider_promo "
    "offerings technology technology_code max_download_speed max_upload_speed product_catalog products category name "
    "position download_speed data_limit streaming_apps is_contract_required initial_term_discount_months pricing "
    "monthly_price activation_fee initial_term_discount other"
).split()
WORDS = [
    "",
    "matched",
    "warning",
    "error",
    "50-100",
    "Up to 1 Gig",
    "https://x.example.com/",
    "javascript:x",
    "800-521-5881",
    "4999",
    "\x00\u202e\ud800",
]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=20)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=40,
)
keyed = st.dictionaries(st.sampled_from(KEYS), anything, max_size=8)


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            if not field.name.startswith("raw"):
                yield from texts_in(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_in(item)


def assert_clean(value: object) -> None:
    for text in texts_in(value):
        assert len(text) <= LONG
        assert not {unicodedata.category(character) for character in text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.lists(keyed, max_size=4) | anything)
def test_any_value_reads_as_providers_or_as_none(value: object) -> None:
    found = read_providers(value)
    if found is not None:
        assert_clean(found)
        stored = json.loads(json.dumps(found.raw, allow_nan=False).encode())
        assert read_providers(stored) == found
        assert len(found.providers) + found.left_out == len(found.raw)


@given(keyed, st.booleans())
def test_any_object_reads_as_a_session_and_as_services(value: dict[str, object], processing: bool) -> None:
    envelope = mapping(Mask(secrets_in(value)).without_secrets(value))
    session = read_session(envelope, token=first_token(value, {}), processing=processing)
    assert_clean(session)
    assert_clean(read_internet(envelope, processing=processing))
    json.dumps(envelope, allow_nan=False).encode()


@given(st.binary(max_size=60) | anything.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_json_or_not(body: bytes) -> None:
    reading = read_body(body)
    if reading.is_json:
        assert json_of(body) == reading.value
    else:
        assert reading.value is None
