"""Which differences between the typed and the matched address are warned about, pair by pair."""

import pytest

from webapp.addresses.address import Address
from webapp.addresses.difference import difference

PAIRS = [
    # typed: street, unit, city, state, ZIP | matched | warnings, by the part they name
    # House number
    ("12 Oak St||Toledo|OH|43604", "14 OAK ST, TOLEDO, OH 43604", ["house number"]),
    ("123 1/2 Main St||||48226", "123 MAIN ST, DETROIT, MI 48226", ["house number"]),
    ("12A Oak St||Toledo|OH|43604", "12 OAK ST, TOLEDO, OH 43604", ["house number"]),
    ("133-25 41 Rd||Flushing|NY|11355", "133-52 41ST RD, FLUSHING, NY 11355", ["house number"]),
    ("100 Calle San Juan||||00907", "102 CALLE SAN JUAN, SAN JUAN, PR 00907", ["house number"]),
    ("One Campus Martius||Detroit|MI|48226", "2 CAMPUS MARTIUS, DETROIT, MI 48226", ["house number"]),
    # Street name
    ("12 Oak St||Toledo|OH|43604", "12 ELM ST, TOLEDO, OH 43604", ["street name"]),
    ("12 Oak Park Ave||Toledo|OH|43604", "12 OAK AVE, TOLEDO, OH 43604", ["street name"]),
    ("500 W 4th St||||48226", "500 W 14TH ST, DETROIT, MI 48226", ["street name"]),
    ("7 Broadway||New York|NY|10004", "7 WHITEHALL ST, NEW YORK, NY 10004", ["street name"]),
    ("40 Avenue B||New York|NY|10009", "40 AVENUE C, NEW YORK, NY 10009", ["street name"]),
    ("500 County Road 12||Montrose|CO|81401", "500 COUNTY ROAD 21, MONTROSE CO 81401", ["street name"]),
    ("1001 Woodwrd Ave Detroit||||48226", "1001 WOODWARD AVE, DETROIT, MI 48226", ["street name"]),
    # Direction
    ("500 N Main St||Ann Arbor|MI|48104", "500 S MAIN ST, ANN ARBOR, MI 48104", ["direction"]),
    ("500 North Main St||Ann Arbor|MI|48104", "500 MAIN ST, ANN ARBOR, MI 48104", ["direction"]),
    ("29090 Tiffany Dr E||Southfield|MI|48034", "29090 TIFFANY DR W, SOUTHFIELD, MI 48034", ["direction"]),
    ("1600 K St NW||Washington|DC|20006", "1600 K ST NE, WASHINGTON DC 20006", ["direction"]),
    ("1600 K St NW||Washington|DC|20006", "1600 K ST, WASHINGTON DC 20006", ["direction"]),
    ("12 E Lake Rd||||43604", "12 W LAKE RD, TOLEDO, OH 43604", ["direction"]),
    # Street type
    ("12 Oak St||Toledo|OH|43604", "12 OAK AVE, TOLEDO, OH 43604", ["street type"]),
    ("12 Oak Street||Toledo|OH|43604", "12 OAK CT TOLEDO OH 43604", ["street type"]),
    ("12 Oak Ln||Toledo|OH|43604", "12 OAK, TOLEDO, OH 43604", ["street type"]),
    ("500 N Lake Dr||||48226", "500 N LAKE CIR, DETROIT, MI 48226", ["street type"]),
    ("1600 Peachtree St NE||Atlanta|GA|30309", "1600 PEACHTREE RD NE, ATLANTA, GA 30309", ["street type"]),
    ("12 Park Blvd||Toledo|OH|43604", "12 PARK PL, TOLEDO, OH 43604", ["street type"]),
    # Unit
    ("12 Oak St|Apt 4|Toledo|OH|43604", "12 OAK ST APT 5, TOLEDO, OH 43604", ["unit"]),
    ("12 Oak St|Apt 4|Toledo|OH|43604", "12 OAK ST, TOLEDO, OH 43604", ["unit"]),
    ("12 Oak St||Toledo|OH|43604", "12 OAK ST APT 4, TOLEDO, OH 43604", ["unit"]),
    ("12 Oak St|Fl 2|Toledo|OH|43604", "12 OAK ST APT 2, TOLEDO, OH 43604", ["unit"]),
    ("12 Oak St|Upper|Toledo|OH|43604", "12 OAK ST LOWR, TOLEDO, OH 43604", ["unit"]),
    # City
    ("12 Oak St||Toledo|OH|43604", "12 OAK ST, OREGON, OH 43604", ["city"]),
    ("500 Main St||Ann Arbor|MI|48104", "500 MAIN ST, YPSILANTI, MI 48104", ["city"]),
    ("500 Main St||Springfield|OH|45501", "500 MAIN ST, DAYTON OH 45501", ["city"]),
    ("500 Main St||Springfield|OH|", "500 MAIN ST, DAYTON, OH 45402", ["city"]),
    ("500 Main St||Ann Arbor|MI|", "500 MAIN ST, MI 48197", ["city"]),
    # State
    ("500 Main St||Springfield|OH|45501", "500 MAIN ST, SPRINGFIELD, IL 45501", ["state"]),
    ("12 Oak St||Kansas City|MO|", "12 OAK ST, KANSAS CITY, KS 66101", ["state"]),
    ("12 Oak St||Kansas City|MO|", "12 OAK ST, KANSAS CITY KANSAS", ["state"]),
    ("12 Oak St||Portland|OR|", "12 OAK ST, PORTLAND, ME 04101", ["state"]),
    ("500 Main St||Springfield|OH|", "500 MAIN ST, SPRINGFIELD", ["state"]),
    # ZIP code
    ("12 Oak St||Toledo|OH|43604", "12 OAK ST, TOLEDO, OH 43605", ["ZIP code"]),
    ("12 Oak St||||43604", "12 OAK ST, TOLEDO, OH 43605", ["ZIP code"]),
    ("12 Oak St||Toledo|OH|43604-1111", "12 OAK ST, TOLEDO, OH 43604-2222", ["ZIP code"]),
    ("1001 Woodward Ave||Detroit|MI|48226", "1001 WOODWARD AVE, DETROIT, MI 48202", ["ZIP code"]),
    ("12 Oak St||Toledo|OH|43604", "12 OAK ST, TOLEDO, OH", ["ZIP code"]),
    # Several at once
    ("12 N Oak St||Toledo|OH|43604", "14 S ELM AVE, DETROIT, MI 48226",
     ["house number", "street name", "direction", "street type", "city", "state", "ZIP code"]),
    # Quiet: only another spelling
    ("12 oak street||toledo|OH|43604", "12 OAK ST, TOLEDO, OH 43604", []),
    ("12 Oak St.||Toledo|OH|43604", "12 OAK ST TOLEDO OH 43604", []),
    ("500 North Main Street||Ann Arbor|MI|48104", "500 N MAIN ST, ANN ARBOR, MI 48104", []),
    ("12 Oak St|Apartment 4|Toledo|OH|43604", "12 OAK ST # 4, TOLEDO, OH 43604", []),
    ("12 Oak St|Unit 4|Toledo|OH|43604", "12 OAK ST APT 4, TOLEDO, OH 43604", []),
    ("12 Oak St|4|Toledo|OH|43604", "12 OAK ST APT 4, TOLEDO, OH 43604", []),
    ("12 Oak St|Apt 4|Toledo|OH|43604", "12 OAK ST 4, TOLEDO, OH 43604", []),
    ("12 Oak St||Toledo|OH|43604", "12 OAK ST, TOLEDO, OH 43604-1234", []),
    ("350 Fifth Avenue||New York|NY|10118", "350 5TH AVE, NEW YORK, NY 10118", []),
    ("12 Fourteenth St||Toledo|OH|43604", "12 14TH ST, TOLEDO, OH 43604", []),
    ("133-25 41 Rd||Flushing|NY|11355", "13325 41ST RD, FLUSHING, NY 11355", []),
    ("700 Saint Mary's St||San Antonio|TX|78205", "700 ST MARYS ST, SAN ANTONIO, TX 78205", []),
    ("10 Main St||Saint Paul|MN|55101", "10 MAIN ST, ST PAUL, MN 55101", []),
    ("10 Main St||Fort Worth|TX|76102", "10 MAIN ST, FT WORTH, TX 76102", []),
    ("10 Main St||Mt. Clemens|MI|48043", "10 MAIN ST, MOUNT CLEMENS, MI 48043", []),
    ("12 Oak St||Toledo|OH|43604", "12 OAK ST, TOLEDO, OHIO 43604", []),
    ("12 Oak St||West Hollywood|CA|90069", "12 OAK ST, LOS ANGELES, CA 90069", []),
    ("133-25 41st Road||Queens|NY|11355", "133-25 41ST RD, FLUSHING, NY 11355", []),
    ("100 Calle Bayamón||San Juan|PR|00907", "100 CALLE BAYAMON, SAN JUAN, PR 00907", []),
    ("100 Calle San Juan||||00907", "100 CALLE SAN JUAN, SAN JUAN, PR 00907", []),
    ("500 County Road 12||Montrose|CO|81401", "500 CO RD 12, MONTROSE CO 81401", []),
    ("500 State Route 9||Albany|NY|12205", "500 STATE HWY 9, ALBANY, NY 12205", []),
    ("12 Van Buren St||Toledo|OH|43604", "12 VANBUREN ST, TOLEDO, OH 43604", []),
    ("1001 Woodward Ave Detroit||||48226", "1001 WOODWARD AVE, DETROIT, MI 48226", []),
    ("100 Avenue of the Americas||New York|NY|10013", "100 AVENUE OF THE AMERICAS, NEW YORK NY 10013", []),
    ("12 Oak View||Toledo|OH|43604", "12 OAK VW, TOLEDO, OH 43604", []),
    ("94 Washington St|basement apt|Hoboken|NJ|07030", "94 WASHINGTON ST BASEMENT APT, HOBOKEN, NJ 07030", []),
    ("55 Water St|Apt PH-A|New York|NY|10041", "55 WATER ST APT PH-A, NEW YORK, NY 10041", []),
    ("1200 Main St|Unit A&B|Kansas City|MO|64105", "1200 MAIN ST UNIT A&B, KANSAS CITY, MO 64105", []),
    # Quiet: what was not typed and Hum added, in a match that is the only one
    ("1001 Woodward Ave||||48226", "1001 WOODWARD AVE, DETROIT, MI 48226", []),
    ("1001 Woodward Ave||Detroit|MI|", "1001 WOODWARD AVE, DETROIT, MI 48226-3437", []),
    ("500 Main St||Ann Arbor|MI|48104", "500 N MAIN ST, ANN ARBOR, MI 48104", []),
    ("7 Broadway||New York|NY|10004", "7 E BROADWAY, NEW YORK, NY 10004", []),
    ("12 Oak||Toledo|OH|43604", "12 OAK ST, TOLEDO, OH 43604", []),
    ("12 Oak Park||Toledo|OH|43604", "12 OAK PARK AVE, TOLEDO, OH 43604", []),
    # Quiet: a direction at the other end
    ("500 N Main St||Ann Arbor|MI|48104", "500 MAIN ST N, ANN ARBOR, MI 48104", []),
]  # fmt: skip


def _typed(text: str) -> Address:
    street1, street2, city, state, zip_code = text.split("|")
    return Address(street1, street2 or None, city or None, state or None, zip_code or None)


@pytest.mark.parametrize(("typed", "matched", "parts"), PAIRS)
def test_another_part_is_warned_about_and_another_spelling_is_not(typed: str, matched: str, parts: list[str]) -> None:
    found = difference(_typed(typed), matched)
    assert len(found.warnings) == len(parts), found.warnings
    for part, warning in zip(parts, found.warnings, strict=True):
        assert f" {part} " in warning
    assert found.flags.another_address == bool(parts)


@pytest.mark.parametrize(
    ("typed", "matched", "warning"),
    [
        (
            "12 Oak Park Ave||Toledo|OH|43604",
            "12 ELM GROVE AVE, TOLEDO, OH 43604",
            "The street name Oak Park was typed; the matched address has ELM GROVE.",
        ),
        (
            "500 N Main St||Ann Arbor|MI|48104",
            "500 MAIN ST, ANN ARBOR, MI 48104",
            "The direction N is missing from the matched address.",
        ),
        (
            "12 Oak Street||Toledo|OH|43604",
            "12 OAK AVE, TOLEDO, OH 43604",
            "The street type Street was typed; the matched address has AVE.",
        ),
        (
            "500 Main St||Ann Arbor|MI|48104",
            "500 MAIN ST, YPSILANTI, MI 48104",
            "The city Ann Arbor was typed; the matched address has YPSILANTI.",
        ),
        (
            "500 Main St||Springfield|OH|",
            "500 MAIN ST, SPRINGFIELD, ILLINOIS 62701",
            "The state OH was typed; the matched address has ILLINOIS.",
        ),
    ],
)
def test_a_warning_says_the_part_and_both_values(typed: str, matched: str, warning: str) -> None:
    assert difference(_typed(typed), matched).warnings == (warning,)
