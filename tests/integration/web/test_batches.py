"""Batches from sheet to download: seen before anything is sent, mended, started once, paused, retried, taken away; and
nobody else's business.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from werkzeug.datastructures import FileStorage

from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site
from tests.integration.web.visitor import SAME_SITE, Visitor
from webapp.batches.batch import RowState
from webapp.batches.limits import MOST_BYTES
from webapp.batches.store import BatchStore
from webapp.lookups.polling import Request
from webapp.lookups.schema import lookup_table
from webapp.pages.batches.answers import NUMBERS
from webapp.research.answers import read_answer
from webapp.research.schema import research_table
from webapp.settings.values import PRODUCTION_URL

SHEET = """Site,Street,City,State,ZIP,Formula
Old library,5201 Woodward Ave,Detroit,MI,48202,=1+1
City hall,1 City Hall Sq,Boston,MA,2201,007
Old library again,5201 woodward ave,Detroit,MI,48202,
Nowhere,Woodward Ave,Detroit,MI,48226,-1

Box,PO Box 12,Detroit,MI,48226,@x
"""


def sent(visitor: Visitor, content: str | bytes = SHEET, name: str = "sites.csv") -> Page:
    """The answer to a file that was chosen on the page of batches."""
    page = visitor.get("/batches")
    data = content.encode() if isinstance(content, str) else content
    file = FileStorage(io.BytesIO(data), filename=name, name="sheet")
    return visitor.post("/batches", {**page.values(page.form_with("Check the addresses")), "sheet": file}, **SAME_SITE)


@pytest.fixture
def draft(visitor: Visitor) -> str:
    """The path of a batch that is not started."""
    return sent(visitor).location


@pytest.fixture
def running(visitor: Visitor, draft: str) -> str:
    """The path of one that is, with no worker to do the work."""
    visitor.press(visitor.get(draft), "Look up 2 addresses")
    return draft


def figures(page: Page) -> list[str]:
    return [element.text or "" for element in page.root.iter("dd")]


def look_up(site: Site, visitor: Visitor, path: str, *, fails: tuple[int, ...] = ()) -> None:
    """Does the worker's work by its own means."""
    store, batch_id = BatchStore(site.services.engine), path.rpartition("/")[2]
    batch = store.find(batch_id)
    assert batch is not None
    for row in store.waiting(batch_id, 10):
        now = site.clock()
        assert store.begin_row(batch_id, row.position, now)
        if row.position in fails:
            store.end_row(batch_id, row.position, RowState.FAILED, now, error="unavailable")
            continue
        request = Request(row.address, batch.viewer, row.submit_key, batch_id=batch_id)
        lookup = site.services.lookups.start(request).lookup
        while lookup.being_asked:
            site.turn(1)
            lookup = site.services.lookups.refresh(lookup)
        outcome = lookup.outcome
        assert outcome is not None
        store.end_row(batch_id, row.position, RowState.DONE, site.clock(), lookup_id=lookup.id, outcome=outcome.value)
    assert store.finish(batch_id, site.clock())


def test_every_row_is_seen_before_anything_is_sent(site: Site, visitor: Visitor, draft: str) -> None:
    page = visitor.get(draft)
    assert figures(page) == ["5", "2", "1", "2"]
    assert "2 lookups, at most 12 calls to Hum" in page.text
    assert "Row 5 Question" in page.text
    assert "has no house number" in page.text
    assert "Row 7 Cannot be looked up" in page.text
    assert "The same address as row 2" in visitor.get(f"{draft}?show=duplicate").text
    assert "1 City Hall Sq, Boston, MA 02201" in visitor.get(f"{draft}?show=ready").text
    assert site.services.history.count(visitor_id(site, draft)) == 0


def visitor_id(site: Site, path: str) -> str:
    batch = BatchStore(site.services.engine).find(path.rpartition("/")[2])
    assert batch is not None
    return batch.viewer


def test_columns_are_changed_in_one_press(visitor: Visitor, draft: str) -> None:
    page = visitor.get(draft)
    changed = visitor.follow(visitor.press(page, "Read the rows again", **{"column-1": "", "column-0": "street1"}))
    assert figures(changed)[1] == "0"
    assert "No row is ready" in changed.text
    form = page.values(page.form_with("Read the rows again"))
    assert visitor.post(f"{draft}/columns", form | {"column-0": "sold"}).status == 400


def test_a_row_is_mended_in_place_and_by_the_one_rule(visitor: Visitor, draft: str) -> None:
    form = visitor.get(f"{draft}/rows/4?show=doubt&page=1")
    wrong = visitor.press(form, "Use this address", street1="", zip="4822")
    assert wrong.status == 422
    assert "Enter a ZIP code as five digits" in wrong.text
    done = visitor.press(form, "Use this address", street1="2 Woodward Ave")
    assert done.location == f"{draft}?show=doubt&page=1#rows"
    assert figures(visitor.get(draft)) == ["5", "3", "1", "1"]
    # The first of two equal rows becomes another address: the second one is looked up itself.
    visitor.press(visitor.get(f"{draft}/rows/1"), "Use this address", street1="2 Woodward Ave", zip="48226")
    assert figures(visitor.get(draft)) == ["5", "3", "1", "1"]
    assert "5201 woodward ave" in visitor.get(f"{draft}?show=ready").text
    fragment = visitor.press_through_htmx(visitor.get(f"{draft}/rows/4"), "Use this address")
    assert fragment.is_fragment
    assert "Row 5 Duplicate" in fragment.text
    assert "Look up 3 addresses" in fragment.text_of("summary")
    assert visitor.get(f"{draft}/rows/9").status == 404


def test_a_batch_is_started_once_and_says_when_no_worker_is_there(visitor: Visitor, draft: str) -> None:
    page = visitor.get(draft)
    for _ in range(2):
        started = visitor.follow(visitor.press(page, "Look up 2 addresses"))
    assert "No worker is running" in started.text
    assert "0 of 2 rows looked up" in started.text
    assert started.poller is not None
    assert started.find("done") is not None


def test_pause_go_on_and_cancel(visitor: Visitor, running: str) -> None:
    paused = visitor.follow(visitor.press(visitor.get(running), "Pause"))
    assert "No further row is begun until you go on" in paused.text
    assert paused.poller is None
    again = visitor.follow(visitor.press(paused, "Go on"))
    assert again.heading == "sites.csv"
    assert again.text_of("progress-title") == "Running"
    ended = visitor.follow(visitor.press(again, "Cancel the rest"))
    assert ended.text_of("progress-title") == "Canceled"
    page = visitor.get(f"{running}/delete")
    assert visitor.post(f"{running}/do/burn", page.values(page.form_with("Delete the batch"))).status == 404


def test_a_screen_reader_is_told_every_ten_seconds_at_most(site: Site, visitor: Visitor, running: str) -> None:
    page = visitor.get(running)
    told = []
    for _ in range(8):
        site.turn(3)
        page = visitor.poll(page)
        told.append("0 of 2 rows looked up. The first" in "".join(part.text or "" for part in page.root.findall("p")))
    assert told == [False, False, False, True, False, False, False, True]


def test_failed_rows_alone_are_retried(site: Site, visitor: Visitor, running: str) -> None:
    look_up(site, visitor, running, fails=(2,))
    page = visitor.get(running)
    assert page.text_of("progress-title") == "Finished"
    assert "Failed. Hum could not be reached" in page.text
    again = visitor.follow(visitor.press(page, "Retry 1 failed row"))
    assert "1 of 2 rows looked up" in again.text
    look_up(site, visitor, running)
    assert "2 of 2 rows looked up" in visitor.get(running).text


def test_a_row_leads_to_its_page_and_back(site: Site, visitor: Visitor, running: str) -> None:
    look_up(site, visitor, running)
    batch = visitor.get(running)
    rows = [link.get("href", "") for link in batch.root.iter("a") if link.get("href", "").startswith("/lookups/")]
    back = visitor.get(rows[0]).find("back-to-batch")
    assert back is not None
    assert back.get("href") == running
    assert visitor.look_up("fast").find("back-to-batch") is None


def test_the_sheet_comes_back_with_the_answers_beside_it(site: Site, visitor: Visitor, running: str) -> None:
    look_up(site, visitor, running)
    text = visitor.get(f"{running}/export.csv").html.removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text)))
    typed = list(csv.reader(io.StringIO(SHEET)))
    assert [row[:6] for row in rows[:2]] == [typed[0], [*typed[1][:5], "'=1+1"]]
    assert rows[2][5] == "'007"
    assert rows[5] == []
    header = rows[0]
    answers = [dict(zip(header[6:], row[6:], strict=False)) for row in rows if row]
    assert [answer["result"] for answer in answers[1:]] == [
        "Providers found",
        "Providers found",
        "Providers found",
        "Question. Woodward Ave has no house number. Without one, the building may not be found.",
        "Cannot be looked up. A PO box is for mail only, so no provider serves it. Enter the street address instead.",
    ]
    assert answers[1]["link"] == answers[3]["link"] != answers[2]["link"]
    assert float(answers[1]["cheapest_monthly_price"]) > 0
    assert answers[1]["providers"].count(" | ") + 1 == int(answers[1]["provider_count"])


def test_a_web_search_of_one_row_brings_a_column_and_without_one_there_is_none(
    site: Site, visitor: Visitor, running: str
) -> None:
    look_up(site, visitor, running)
    for per in ("", "?per=plan"):
        assert "unverified" not in visitor.get(f"{running}/export.csv{per}").html
    with site.database() as connection:
        of_batch = sa.select(lookup_table.c.id).where(lookup_table.c.batch_id == running.rpartition("/")[2])
        lookup_id = connection.execute(of_batch).scalars().first()
        answer = read_answer({"providers": [{"name": "=Lakeshore Fiber", "source_url": "https://isp.example.com/"}]})
        row = {"lookup_id": lookup_id, "attempt": 1, "state": "done", "begun_at": site.clock(), "polls": 1}
        row |= {"finished_at": site.clock(), "from_index": 0, "failures": 0, "steps": 3, "answer": answer.as_json()}
        connection.execute(research_table.insert().values(row))
    for per in ("", "?per=plan"):
        rows = list(csv.reader(io.StringIO(visitor.get(f"{running}/export.csv{per}").html.removeprefix("\ufeff"))))
        place = rows[0].index("unverified_web_results")
        assert place == len(rows[0]) - 2
        found = {row[place] for row in rows[1:] if len(row) > place}
        said = "'=Lakeshore Fiber (unverified); not known: download speed, upload speed, price, technology"
        assert found == {"", f"{said}; source: https://isp.example.com/"}


def test_the_workbook_says_the_same_cell_by_cell(site: Site, visitor: Visitor, running: str, tmp_path: Path) -> None:
    look_up(site, visitor, running)
    for per in ("", "?per=plan"):
        lines = list(csv.reader(io.StringIO(visitor.get(f"{running}/export.csv{per}").html.removeprefix("\ufeff"))))
        path = tmp_path / "answers.xlsx"
        path.write_bytes(visitor.get(f"{running}/export.xlsx{per}").data)
        cells = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        assert len(cells) == len(lines)
        for row, line in zip(cells, lines, strict=True):
            written = [cell if isinstance(cell, str) else float(cell) for cell in row]
            for place, cell in enumerate(written):
                text = line[place] if place < len(line) else ""
                assert cell == (float(text) if isinstance(cell, float) else text.removeprefix("'")), (place, cell, text)
        numbers = {column for column, cell in zip(lines[0], cells[1], strict=True) if isinstance(cell, float)}
        assert numbers <= NUMBERS | {name for name in lines[0] if name.endswith(("_price", "_mbps", "_count"))}
        assert numbers


def test_deleting_a_batch_deletes_its_lookups(site: Site, visitor: Visitor, running: str) -> None:
    look_up(site, visitor, running)
    link = next(
        each.get("href", "") for each in visitor.get(running).root.iter("a") if "/lookups/" in each.get("href", "")
    )
    assert visitor.get(link).status == 200
    gone = visitor.follow(visitor.press(visitor.get(f"{running}/delete"), "Delete the batch"))
    assert "deleted" in gone.text
    assert visitor.get(link).status == visitor.get(running).status == 404


def test_a_batch_is_its_viewers_alone(site: Site, visitor: Visitor, running: str) -> None:
    other = site.visitor()
    other.get("/batches")
    ends = ("", "/progress", "/delete", "/rows/1", "/export.csv", "/export.xlsx")
    assert {end: other.get(running + end).status for end in ends} == dict.fromkeys(ends, 404)
    token = {
        "csrf_token": other.get("/batches").values(other.get("/batches").form_with("Check the addresses"))["csrf_token"]
    }
    buttons = ("/columns", "/start", "/do/cancel", "/delete", "/rows/1")
    assert {end: other.post(running + end, token).status for end in buttons} == dict.fromkeys(buttons, 404)
    assert visitor.get(running).text_of("progress-title") == "Running"
    assert visitor.get("/batches/%00").status == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "The sheet was not read"), (b"<html>", "web page"), (b"Street,City,ZIP\n", "no row below")],
    ids=["empty", "web page", "only a header"],
)
def test_what_cannot_be_read_is_said_in_a_sentence(visitor: Visitor, content: bytes, words: str) -> None:
    page = sent(visitor, content)
    assert page.status == 422
    assert words in page.text


def test_a_pasted_text_that_is_refused_is_kept(visitor: Visitor) -> None:
    lines = "Street,City,ZIP"
    page = visitor.press(visitor.get("/batches"), "Check the addresses", paste=lines)
    assert page.status == 422
    assert page.values(page.form_with("Check the addresses"))["paste"].strip() == lines


def test_a_file_that_is_too_large_is_refused(visitor: Visitor) -> None:
    page = visitor.get("/batches")
    token = page.values(page.form_with("Check the addresses"))["csrf_token"]
    part = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    begin = f"{part.format('csrf_token', '')}{token}\r\n{part.format('sheet', '; filename=x.csv')}".encode()
    for size, status in ((MOST_BYTES + 1, 422), (2 * MOST_BYTES, 413)):
        answer = visitor.post_body(
            "/batches", begin + b"x" * size + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"
        )
        assert answer.status == status
        assert "larger than 5 MB" in answer.text


def test_a_file_needs_the_form_token_and_leaves_nothing_in_the_log(
    log_lines: io.StringIO, visitor: Visitor, draft: str
) -> None:
    refused = visitor.post("/batches", {"paste": "1 Main St, Detroit, MI"})
    assert refused.status == 403
    visitor.press(visitor.get(draft), "Look up 2 addresses")
    for words in ("Woodward", "sites.csv", "library"):
        assert words not in log_lines.getvalue()


def test_several_pasted_addresses_become_a_batch(visitor: Visitor) -> None:
    lines = "5201 Woodward Ave, Detroit, MI 48202\n700 Boylston St, Boston, MA 02116"
    page = visitor.press(visitor.get("/"), "Look up", paste=lines)
    button = page.find("look-up-all")
    assert button is not None
    assert button.text == "Look up 2 addresses"
    form = page.values(page.form_with("Look up 2 addresses"))
    batch = visitor.follow(visitor.post(button.get("formaction", ""), form))
    assert figures(batch) == ["2", "2", "0", "0"]
    assert batch.heading == "Pasted addresses"


@pytest.fixture(scope="module")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """With a key that is never used: nothing is sent before a batch is started, and there is no worker."""
    opened = open_site(
        tmp_path_factory.mktemp("live"), HUM_API_KEY="k" * 20, HUM_API_URL=PRODUCTION_URL, CONFIRM_LIVE="1"
    )
    yield opened
    opened.close()


def test_live_says_that_it_costs_money_and_asks(live_site: Site) -> None:
    visitor = live_site.visitor()
    page = visitor.follow(sent(visitor))
    assert "cost money" in page.text
    refused = visitor.press(page, "Look up 2 addresses")
    assert refused.status == 422
    assert "Nothing was started" in refused.text
    assert "Running" in visitor.follow(visitor.press(page, "Look up 2 addresses", costs_money="1")).text


def test_masked_files_hide_the_sheet(site: Site, visitor: Visitor, running: str) -> None:
    look_up(site, visitor, running)
    visitor.press(visitor.get("/presenter"), "Switch on presenter mode")
    rows = list(csv.reader(io.StringIO(visitor.get(f"{running}/export.csv").html.removeprefix("\ufeff"))))
    assert rows[1][:3] == ["•••"] * 3
    assert "5201" not in str(rows)
