"""One lookup with everything in it that an export must get right: accents, a formula, an unknown price, a free fee."""

from datetime import datetime, timedelta, timezone

from tests.made_plans import charge, discount, make_plan, make_provider, mbps, offering
from webapp.addresses.address import Address
from webapp.pages.exports.document import Environment, ResultDocument
from webapp.plans.best_plans import best_plans
from webapp.plans.model import Money, Technology
from webapp.plans.provider_figures import provider_figures

LIBERTY = make_provider(
    id="0c970c65",
    name="Liberty Puerto Rico",
    telephone="+18332981433",
    telephone_text="833-298-1433",
    url="https://provider.example.com/register",
    logo_url="https://logo.example.com/secret-ish.png",
    min_price=Money(45_00),
    promo_text="¡$50 menos el primer mes!",
    offerings=(offering(Technology.CABLE, 1000, 50),),
    plans=(
        make_plan(
            id="8083bfe8",
            name="Rápido 500",
            download=mbps(85, 500),
            upload=mbps(20),
            data_limit="1.2 TB",
            monthly_price=Money(60_00),
            discounts=(discount("initial_term_discount", 15_00, 12), discount("autopay_discount", 5_00)),
            fees=(charge("activation_fee", 0), charge("professional_installation_fee", None)),
            other_charges=(charge("price_lock", 1_00),),
            contract_required=False,
            modem_included=True,
        ),
        make_plan(
            id="9", name='=HYPERLINK("http://evil.example","x")', technology_text="cable", promo_text="<b>*free*</b>"
        ),
    ),
    plans_left_out=1,
)
BARE = make_provider(id="", name="Rocket Fiber", telephone_text="800-521-5881")

LOOKUP = ResultDocument(
    typed=Address("100 Calle Bayamón", "Apt 3", "San Juan", "PR", "00907"),
    matched="102 CALLE BAYAMON APT 3, SAN JUAN, PR 00907-1234",
    outcome="served",
    outcome_words="2 providers serve this address.",
    as_of=datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=-4))),
    time_zone="AST",
    data_set="25041808",
    environment=Environment.DEMO,
    providers=(provider_figures(LIBERTY), provider_figures(BARE)),
    providers_left_out=1,
    best=best_plans((provider_figures(LIBERTY), provider_figures(BARE))),
    order_text="In the order of Hum's answer.",
    flags=("The house number 100 was typed; the matched address has 102.",),
    url="https://isp.example.com/lookups/abc",
)
