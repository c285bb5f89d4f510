"""Whether a provider passes a reader's filters: yes, no, or not known because Hum does not state the figure. Pure."""

from __future__ import annotations

from webapp.plans.headlines import Line, lines, lowest_price
from webapp.plans.model import Provider
from webapp.plans.selection import Selection


def passes(selection: Selection, provider: Provider) -> bool | None:
    """True: shown. False: ruled out by what Hum states. None: no filter rules it out, but one needs a figure that is
    not stated.
    """
    usable = [
        line for line in lines(provider) if not selection.technologies or line.technology in selection.technologies
    ]
    return _all_of(
        [
            bool(usable) or not selection.technologies,
            bool(provider.plans) or not selection.has_plans,
            _fast_enough(selection, usable),
            _cheap_enough(selection.max_price, lowest_price(provider)),
        ]
    )


def _all_of(verdicts: list[bool | None]) -> bool | None:
    return False if False in verdicts else None if None in verdicts else True


def _cheap_enough(limit: int | None, cents: int | None) -> bool | None:
    if limit is None:
        return True
    return None if cents is None else cents <= limit


def _fast_enough(selection: Selection, usable: list[Line]) -> bool | None:
    if selection.min_down is None and selection.min_up is None:
        return True
    # One and the same line must reach both speeds: a fast download by one and a fast upload by another serve nobody.
    verdicts = [
        _all_of([_reaches(line.down_mbps, selection.min_down), _reaches(line.up_mbps, selection.min_up)])
        for line in usable
    ]
    if True in verdicts:
        return True
    return None if None in verdicts or not usable else False


def _reaches(mbps: float | None, limit: float | None) -> bool | None:
    if limit is None:
        return True
    return None if mbps is None else mbps >= limit
