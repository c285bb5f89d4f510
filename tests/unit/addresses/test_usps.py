"""The vocabulary of addresses holds together."""

from webapp.addresses.usps import SHORT_FORMS


def test_every_short_form_is_among_its_own_spellings() -> None:
    words = [short for short in SHORT_FORMS.values() if not short[0].isdigit()]
    assert [short for short in words if SHORT_FORMS.get(short) != short] == []
