"""The form's buttons as pure functions: nothing of one's own is lost, and whatever is done can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.addresses.address import FIELDS, Address, clean
from webapp.addresses.pastes import split
from webapp.pages.address_form.actions import Clipboard, absorb_paste, act
from webapp.pages.address_form.advice import READY, RULE, advise
from webapp.pages.address_form.form_state import FormState, SplitState, conflicts, memory_of
from webapp.pages.address_form.reading import read_paste

LINE = "24 Eagle St, Albany, NY 12207"
READ = Address(street1="24 Eagle St", city="Albany", state="NY", zip="12207")
TWO = "Bill to:\n24 Eagle St\nAlbany NY 12207\nShip to:\n30 Church St\nRochester NY 14614"

entries = (
    st.none()
    | st.sampled_from(["24 Eagle St", "Apt 2", "Troy", "MI", "48226", "12207", "x" * 60])
    | st.text(max_size=20)
)
boxes = st.builds(
    lambda *given: clean(dict(zip(FIELDS, given, strict=True))), entries, entries, entries, entries, entries
)
pastes = st.text(max_size=200) | st.sampled_from(
    [LINE, TWO, "700 Boylston St, Boston, MA 2116", "48226", "PSC 1 Box 2, APO AE 09012"]
)
steps = st.lists(
    st.sampled_from(
        [
            "split",
            "split:street",
            "undo",
            "choose:0",
            "choose:9",
            "replace:zip",
            "replace:all",
            "keep:zip",
            "keep:all",
            "unit",
        ]
    )
    | st.sampled_from(["city:0", "city:1", "", "nonsense", "split:nonsense", "choose:²", "replace:", "keep:__class__"]),
    max_size=6,
)


def theirs(state: FormState) -> Address:
    read = read_paste(state)
    assert read is not None
    return read.theirs


@given(boxes, pastes)
def test_a_split_never_touches_a_box_that_holds_something(own: Address, paste: str) -> None:
    after = act(FormState(own, paste), "split").boxes
    assert all(getattr(after, name) == mine for name, mine in own.as_dict().items() if mine)


@given(boxes, pastes, st.sampled_from(["split", "split:street"]))
def test_undo_right_after_a_split_restores_the_boxes_exactly(own: Address, paste: str, how: str) -> None:
    after = act(FormState(own, paste), how)
    if after.can_undo:
        assert act(after, "undo").boxes == own


@given(boxes, pastes, steps)
def test_no_order_of_buttons_fails_and_the_memory_survives_its_way_through_the_page(
    own: Address, paste: str, pressed: list[str]
) -> None:
    state = FormState(own, paste)
    for action in pressed:
        state = act(state, action)
        assert state.memory is None or memory_of(state.memory.as_text()) == state.memory
    assert advise(state, read_paste(state)).hint


TAMPERED = ['{"chosen":1}', "[]", '"x"', "[" * 3_000, '{"before":1,"filled":{},"read":"","chosen":0,"kept":[]}']


@given(st.text(max_size=80) | st.sampled_from(TAMPERED))
def test_a_memory_that_was_tampered_with_is_none(text: str) -> None:
    assert memory_of(text) is None or isinstance(memory_of(text), SplitState)


def test_what_differs_is_a_conflict_until_it_is_decided() -> None:
    mine = Address(zip="48226", city="albany", state="NY")
    after = act(FormState(mine, LINE), "split")
    assert after.boxes == replace(mine, street1="24 Eagle St")
    assert [(conflict.field, conflict.mine, conflict.theirs) for conflict in conflicts(after, READ)] == [
        ("zip", "48226", "12207")
    ]
    replaced, kept = act(after, "replace:zip"), act(after, "keep:zip")
    assert (replaced.boxes.zip, conflicts(replaced, READ)) == ("12207", ())
    assert (kept.boxes.zip, conflicts(kept, READ)) == ("48226", ())
    assert act(replaced, "undo").boxes == mine


def test_a_box_edited_after_the_split_is_decided_by_that() -> None:
    after = act(FormState(Address(zip="48226"), LINE), "split")
    assert conflicts(replace(after, boxes=replace(after.boxes, zip="12208")), READ) == ()


def test_a_second_text_takes_the_place_of_the_first_but_not_of_what_was_typed() -> None:
    first = act(FormState(Address(), LINE), "split")
    corrected = replace(
        first, boxes=replace(first.boxes, street1="25 Eagle St"), paste="30 Church St, Rochester, NY 14614"
    )
    second = act(corrected, "split")
    assert second.boxes == Address(street1="25 Eagle St", city="Rochester", state="NY", zip="14614")
    assert [conflict.field for conflict in conflicts(second, theirs(second))] == ["street1"]
    assert act(second, "undo").boxes == Address(street1="25 Eagle St")


def test_undo_leaves_boxes_alone_that_the_split_did_not_fill() -> None:
    after = act(FormState(Address(), LINE), "split")
    typed = replace(after, boxes=replace(after.boxes, street2="Apt 2"))
    assert act(typed, "undo").boxes == Address(street2="Apt 2")


def test_two_addresses_fill_nothing_until_one_is_chosen() -> None:
    asked = act(FormState(Address(), TWO), "split")
    assert (asked.boxes, asked.can_undo) == (Address(), False)
    chosen = act(asked, "choose:1")
    assert chosen.boxes == Address(street1="30 Church St", city="Rochester", state="NY", zip="14614")
    assert act(chosen, "undo").boxes == Address()


def test_a_choice_made_for_another_text_chooses_nothing() -> None:
    asked = replace(act(FormState(Address(), TWO), "split"), paste=TWO.replace("30 Church", "31 Church"))
    assert act(asked, "choose:1") == asked


def test_the_part_without_the_doubt_can_be_taken() -> None:
    asked = act(FormState(Address(), "700 Boylston St, Boston, MA 2116"), "split")
    assert act(asked, "choose:0").boxes.zip == "02116"
    assert act(asked, "choose:1").boxes == Address(street1="700 Boylston St", city="Boston", state="MA")


@pytest.mark.parametrize(
    "text", ["1001 Woodward Ave", "1001 Woodward Ave Suite 100", "1001 Woodward Ave\n", "", "hello"]
)
def test_a_paste_of_just_a_street_stays_in_the_street_box(text: str) -> None:
    assert absorb_paste(FormState(Address(street1=text or None)), Clipboard(text, None)) is None


@pytest.mark.parametrize(
    "text", [LINE, "24 Eagle St\tAlbany\tNY\t12207", "24 Eagle St\nAlbany NY 12207", "24 Eagle St 12207"]
)
def test_a_paste_of_more_goes_to_the_paste_box_and_the_street_box_is_as_it_was(text: str) -> None:
    clobbered = FormState(Address(street1=f"12 Main St{text}"))
    after = absorb_paste(clobbered, Clipboard(text, "12 Main St"))
    assert after is not None
    assert (after.paste, after.boxes.street1, after.boxes.zip) == (text, "12 Main St", "12207")


def test_a_whole_address_in_the_street_box_is_split_and_undo_brings_it_back() -> None:
    after = act(FormState(Address(street1=LINE)), "split:street")
    assert (after.boxes, after.paste) == (READ, LINE)
    assert act(after, "undo").boxes == Address(street1=LINE)


@pytest.mark.parametrize(
    ("mine", "offered"),
    [
        (Address(zip="48226"), ["Detroit, MI"]),
        (Address(zip="48226-3437"), ["Detroit, MI"]),
        (Address(zip="48226", city="detroit"), ["detroit, MI"]),
        (Address(zip="48226", city="Detroit", state="MI"), []),
        (Address(zip="00926"), ["San Juan, PR", "Cupey, PR", "Rio Piedras, PR"]),
        (Address(zip="20500"), ["Washington, DC"]),
        (Address(zip="00000"), []),
        (Address(zip="482"), []),
    ],
)
def test_the_cities_of_a_zip_are_offered_where_they_are_missing(mine: Address, offered: list[str]) -> None:
    assert [city.line for city in advise(FormState(mine), None).cities] == offered


@pytest.mark.parametrize(
    ("mine", "hint"),
    [
        (Address(), RULE),
        (Address(street1="1 A St"), "Add a ZIP code, or the city and state."),
        (Address(street1="1 A St", city="Detroit"), "Add the state, or a ZIP code."),
        (Address(street1="1 A St", state="MI"), "Add the city, or a ZIP code."),
        (Address(zip="48226"), "Enter the street address too: a ZIP code alone covers many homes."),
        (Address(street1="1 A St", zip="48226"), READY),
        (Address(street1="1 A St", city="Detroit", state="MI"), READY),
        (
            Address(street1="1 A St", city="Washington", state="DC"),
            "Add the ZIP code: the lookup service finds addresses in District of Columbia by ZIP only.",
        ),
    ],
)
def test_the_hint_says_what_is_missing(mine: Address, hint: str) -> None:
    assert advise(FormState(mine), None).hint == hint


@pytest.mark.parametrize(
    ("paste", "own", "clear"),
    [
        (LINE, Address(), True),
        (LINE, Address(zip="12207"), True),
        (LINE, Address(zip="12208"), False),
        ("24 Eagle St, Albany", Address(), False),
        ("24 Eagle St, Albany, NY 48226", Address(), False),
        (TWO, Address(), False),
        ("thanks a lot", READ, False),
    ],
)
def test_only_a_text_without_any_doubt_may_be_sent_unseen(paste: str, own: Address, clear: bool) -> None:
    state = act(FormState(own, paste), "split")
    assert advise(state, read_paste(state)).clear is clear


def test_left_over_words_are_told_and_long_ones_cut() -> None:
    many = "\n".join(f"Remark number {number}: {'long ' * 40}" for number in range(12))
    read = read_paste(act(FormState(Address(), f"{LINE}\n{many}"), "split"))
    assert read is not None
    assert all(len(piece) <= 90 for piece in read.left_over)
    assert len(read.left_over) + read.left_unsaid == len(split(f"{LINE}\n{many}").left_over)


@pytest.mark.parametrize("word", ["apt ", "& 1 ", "# ", "12 Main St, "])
def test_an_absurdly_long_street_is_no_work(word: str) -> None:
    state = FormState(Address(street1="12 Main St apt 1 " + word * 4_000))
    assert advise(state, None).unit is None
    assert act(state, "unit") == act(state, "split:street") == state
