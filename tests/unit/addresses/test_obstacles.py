"""What no lookup can find or no provider can serve, by kind; and addresses that only look like it."""

from __future__ import annotations

import pytest

from webapp.addresses.address import Address, faults, obstacle


def kind_of(street: str) -> str | None:
    found = obstacle(Address(street1=street, zip="48226"))
    if found is None:
        return None
    assert found.text.endswith(".")
    return found.kind


@pytest.mark.parametrize(
    "street", ["PO Box 12", "P.O. Box 12", "p.o.box 12345", "POB 342", "Post Office Box 9", "Apartado 5", "Box 12"]
)
def test_a_po_box(street: str) -> None:
    assert kind_of(street) == "po_box"


@pytest.mark.parametrize(
    "street",
    [
        "1st Ave and Pike St",
        "77th Avenue and Bethany Home Road",
        "Corner of Cave St & Zerkel Ave",
        "between 5th and 6th on Main St",
        "Church St @ Main St",
        "Church St/Main St",
    ],
)
def test_a_crossing(street: str) -> None:
    assert kind_of(street) == "crossing"


@pytest.mark.parametrize(
    "street", ["Main St", "5th Ave", "Highway 61 North", "County Road 40", "US 31", "I-80", "Town and Country Blvd"]
)
def test_a_street_without_a_house_number(street: str) -> None:
    assert kind_of(street) == "no_number"


@pytest.mark.parametrize(
    "street",
    [
        *("24 Eagle St", "One Microsoft Way", "Calle Fortaleza 63", "Mile 1313.5 Alaska Hwy", "Carr 2 Km 11"),
        *(
            "W148 N9748 Tree Tops Dr",
            "632 & 636 5th Avenue",
            "900 Highway 61",
            "RR 2 Box 15",
            "1 Church St and Main St",
        ),
    ],
)
def test_a_house(street: str) -> None:
    assert kind_of(street) is None


@pytest.mark.parametrize(
    "address",
    [
        Address("PSC 41 Box 900", None, "APO", "AE", "09464"),
        Address("PSC 41 Box 900", None, "APO", None, "09464"),
        Address("Unit 2050 Box 4190", None, "FPO", None, "96278"),
    ],
)
def test_military_mail(address: Address) -> None:
    found = obstacle(address)
    assert found is not None
    assert found.kind == "military"


def test_nothing_is_said_of_an_address_without_a_street() -> None:
    assert obstacle(Address(zip="48226")) is None


@pytest.mark.parametrize("street", [".", "-", "N/A", "n/a", "none", "NULL", "(none)", "??"])
def test_words_for_nothing_are_a_missing_street(street: str) -> None:
    assert [fault.field for fault in faults(Address(street1=street, zip="48226"))] == ["street1"]
