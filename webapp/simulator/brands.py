"""Fifteen providers, their plans and the states they serve. Names are real, prices and phone numbers are illustrations,
not offers.
"""

from __future__ import annotations

from webapp.simulator.brand import Brand, Line, Product


def _states(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


_FEES = {"activation_fee": 0, "self_installation_fee": 0, "professional_installation_fee": 10000}
_FEES_AND_AUTOPAY = {**_FEES, "autopay_discount": 1000}


def _xfinity(name: str, down: str, up: str, cents: int) -> Product:
    return Product(
        name,
        down,
        up,
        cents,
        "cable",
        data_limit="1.2 TB",
        modem_included=False,
        initial_months=12,
        pricing={**_FEES_AND_AUTOPAY, "extra_data_fee": 1000, "initial_term_discount": 1500},
    )


def _spectrum(name: str, down: str, up: str, cents: int) -> Product:
    return Product(
        name,
        down,
        up,
        cents,
        "cable",
        initial_months=12,
        second_months=6,
        info="The price is locked for two years.",
        pricing={**_FEES, "initial_term_discount": 2000, "second_term_discount": 1000, "autopay_discount": 500},
    )


def _fiber(name: str, speed: str, cents: int, pricing: dict[str, int]) -> Product:
    """A plan as fast up as down."""
    return Product(name, speed, speed, cents, "fiber", pricing=pricing)


XFINITY = Brand(
    130317,
    "Xfinity",
    "800-555-0101",
    "xfinity.example.com",
    3500,
    (Line("Cable", 40, 1200, 35),),
    (
        _xfinity("Connect", "300", "100", 3500),
        _xfinity("Fast", "500", "100", 5500),
        _xfinity("Gigabit", "1100", "35", 7500),
    ),
    _states("MI MA IL PA CA WA CO GA FL TN NJ MD DC VA OR UT MN IN NM DE CT VT NH WV AR MS SC TX"),
    promo="Two months of mobile service included",
)
SPECTRUM = Brand(
    130235,
    "Spectrum",
    "+18005550102",
    "spectrum.example.com",
    4999,
    (Line("Cable", 40, 1000, 35),),
    (
        _spectrum("Internet Advantage", "100", "10", 2999),
        _spectrum("Internet Premier", "500", "20", 5000),
        _spectrum("Internet Gig", "1000", "40", 7000),
    ),
    _states("NY OH TX CA NC SC WI MO KY MA ME AL HI FL MI MT NE WY NH VT TN LA WA OR ID"),
    promo="$50 off your first month!",
)
ATT = Brand(
    130077,
    "AT&T",
    "800-555-0103",
    "att.example.com",
    5500,
    (Line("Fiber", 50, 5000, 5000),),
    (
        _fiber("Internet 300", "300", 5500, _FEES_AND_AUTOPAY),
        _fiber("Internet 500", "500", 6500, _FEES_AND_AUTOPAY),
        _fiber("Internet 1 Gig", "1000", 8000, _FEES_AND_AUTOPAY),
        _fiber("Internet 2 Gig", "2000", 14500, _FEES_AND_AUTOPAY),
        _fiber("Internet 5 Gig", "5000", 24500, _FEES_AND_AUTOPAY),
    ),
    _states("MI TX CA GA FL IL IN OH NC SC TN AL MS LA AR KS MO OK WI NV KY"),
    url_promo="Online only: a $150 reward card",
)
FRONTIER = Brand(
    130258,
    "Frontier",
    "+18332981433",
    "frontier.example.com",
    2999,
    (Line("Fiber", 50, 5000, 5000),),
    (_fiber("Fiber 500 Internet", "500", 2999, _FEES),),
    _states("CA CT FL TX NY WV OH IN IL PA WI MI AZ UT NV NM NC SC"),
    button="frontier.com",
)
ROCKET_FIBER = Brand(
    131425,
    "Rocket Fiber",
    "+13135550105",
    "rocketfiber.example.com",
    4999,
    (Line("Fiber", 50, 1000, 1000),),
    (),
    _states("MI"),
)
VERIZON = Brand(
    131426,
    "Verizon",
    "800-555-0106",
    "verizon.example.com",
    3500,
    (Line("Fixed Wireless", 71, 300, 20),),
    (
        Product(
            "5G Home",
            "85-300",
            "10-20",
            5000,
            "fixed wireless",
            pricing={"activation_fee": 0, "autopay_discount": 1500},
        ),
    ),
)
T_MOBILE = Brand(
    130403,
    "T-Mobile",
    "800-555-0107",
    "t-mobile.example.com",
    5000,
    (Line("Fixed Wireless", 71, 415, 55),),
    (
        Product(
            "Rely Home Internet",
            "87-318",
            "14-56",
            5000,
            "fixed wireless",
            pricing={"activation_fee": 3500, "self_installation_fee": 0},
        ),
    ),
)
WOW = Brand(
    130821,
    "WOW!",
    "800-555-0108",
    "wow.example.com",
    2999,
    (Line("Cable", 40, 1200, 50),),
    (
        Product(
            "Internet 300",
            "300",
            "20",
            2999,
            "cable",
            modem_included=False,
            pricing=_FEES_AND_AUTOPAY,
        ),
        Product(
            "Internet 1.2 Gig",
            "1200",
            "50",
            6999,
            "cable",
            modem_included=False,
            pricing=_FEES_AND_AUTOPAY,
        ),
    ),
    _states("MI OH IL IN AL GA FL SC TN"),
)
COX = Brand(
    130360,
    "Cox",
    "800-555-0109",
    "cox.example.com",
    5000,
    (Line("Cable", 40, 2000, 100),),
    (
        Product(
            "Go Fast",
            "100",
            "5",
            5000,
            "cable",
            data_limit="1.25 TB",
            contract=True,
            pricing={**_FEES, "extra_data_fee": 1000},
        ),
        Product(
            "Go Beyond Fast",
            "1000",
            "100",
            8500,
            "cable",
            data_limit="1.25 TB",
            contract=True,
            streaming_apps=("Disney+ Basic", "ESPN+"),
            initial_months=24,
            pricing={**_FEES, "extra_data_fee": 1000, "initial_term_discount": 2500},
        ),
    ),
    _states("AZ NV OK LA VA RI CT KS NE AR CA FL GA ID OH"),
)
GOOGLE_FIBER = Brand(
    131219,
    "Google Fiber",
    "800-555-0110",
    "fiber.example.com",
    7000,
    (Line("Fiber", 50, 8000, 8000),),
    (
        _fiber("1 Gig", "1000", 7000, {"professional_installation_fee": 0}),
        _fiber("3 Gig", "3000", 10000, {"professional_installation_fee": 0}),
        _fiber("8 Gig", "8000", 15000, {"professional_installation_fee": 0}),
    ),
    _states("TX MO KS UT NC GA TN CA AZ NV CO IA NE ID AL"),
)
KINETIC = Brand(
    131413,
    "Kinetic by Windstream",
    "800-555-0111",
    "kinetic.example.com",
    3999,
    (Line("DSL", 10, 100, 8),),
    (
        Product(
            "Kinetic Internet",
            "25-100",
            "3-8",
            3999,
            "dsl",
            contract=True,
            modem_included=False,
            initial_months=12,
            pricing={"activation_fee": 5000, "initial_term_discount": 1000},
        ),
    ),
    _states("GA KY IA AR NE OH AL NC PA TX MN MO MS NM NY OK SC FL SD ND MT WY KS"),
)
STARLINK = Brand(
    290111,
    "Starlink",
    "",
    "starlink.example.com",
    8000,
    (Line("Satellite", 61, 220, 25, "Non-Terrestrial"),),
    (
        Product(
            "Residential",
            "45-280",
            "10-30",
            12000,
            "satellite",
            modem_included=False,
            pricing={"equipment_purchase": 34900, "self_installation_fee": 0},
        ),
    ),
)
HUGHESNET = Brand(
    130627,
    "Hughesnet",
    "800-555-0113",
    "hughesnet.example.com",
    4999,
    (Line("Satellite", 60, 100, 5, "Non-Terrestrial"),),
    (
        Product(
            "Select",
            "50-100",
            "3-5",
            4999,
            "satellite",
            data_limit="100 GB priority data",
            contract=True,
            info="Signals travel to a geostationary satellite: expect delays of more than half a second.",
            initial_months=12,
            pricing={"activation_fee": 9900, "initial_term_discount": 2500},
        ),
    ),
)
LIBERTY = Brand(
    131001,
    "Liberty Puerto Rico",
    "787-555-0114",
    "liberty.example.com",
    4500,
    (Line("Cable", 40, 1000, 50),),
    (
        Product(
            "Internet Básico 300",
            "300",
            "20",
            4500,
            "cable",
            info="Instalación incluida en todo el país.",
            pricing=_FEES,
        ),
        Product(
            "Internet Más Rápido",
            "1000",
            "50",
            7900,
            "cable",
            info="Instalación incluida en todo el país.",
            pricing=_FEES,
        ),
    ),
    _states("PR VI"),
    promo="¡Primer mes al 50 %!",
)
ASTOUND = Brand(
    130228,
    "Astound Broadband powered by RCN",
    "800-555-0115",
    "astound.example.com",
    2000,
    (Line("Cable", 40, 1500, 50), Line("Fiber", 50, 1500, 1500)),
    (
        Product(
            "300 Mbps Internet",
            "300",
            "20",
            2000,
            "cable",
            modem_included=False,
            initial_months=24,
            pricing={"activation_fee": 999},
        ),
        Product(
            "1500 Mbps Internet", "1500", "1500", 6000, "fiber", initial_months=24, pricing={"activation_fee": 999}
        ),
        Product(
            "Signature TV",
            "",
            "",
            9999,
            "cable",
            category="tv",
            channels=270,
            modem_included=False,
            pricing={"activation_fee": 999},
        ),
    ),
    _states("MA IL NY PA DC TX CA WA OR IN MD VA"),
)

WIRED = (XFINITY, SPECTRUM, ATT, FRONTIER, WOW, COX, GOOGLE_FIBER, KINETIC, LIBERTY, ASTOUND)
WIRELESS = (VERIZON, T_MOBILE)
ALL = (*WIRED, ROCKET_FIBER, *WIRELESS, STARLINK, HUGHESNET)
