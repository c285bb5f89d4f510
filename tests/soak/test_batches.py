"""A sheet from drop to download with a real server, worker and browser; and the largest sheet there is."""

from __future__ import annotations

import io
import logging
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import xlsxwriter
from playwright.sync_api import BrowserContext, FilePayload, expect
from python_calamine import CalamineWorkbook

from tests.soak.server import serving
from tests.soak.worker_processes import workers_on
from webapp.batches.limits import MOST_ROWS
from webapp.pages.batches.sample import sample_csv

pytestmark = [pytest.mark.soak, pytest.mark.long, pytest.mark.slow("it waits for lookups in real time")]

SAMPLE: FilePayload = {"name": "public-buildings.csv", "mimeType": "text/csv", "buffer": sample_csv()}
LONGEST_PREVIEW, MOST_MEGABYTES = 10.0, 250
REAL_TIME = 90_000
log = logging.getLogger(__name__)


def test_the_sample_sheet_from_drop_to_download(tmp_path: Path, new_context: Callable[..., BrowserContext]) -> None:
    with serving(tmp_path) as server, workers_on(tmp_path) as workers:
        workers.start().wait_until_it_works()
        page = new_context(base_url=server.url).new_page()
        page.goto("/batches")
        with page.expect_download() as sample:
            page.get_by_role("link", name="Sample sheet").click()
        page.get_by_label("A spreadsheet or text file").set_input_files(sample.value.path())
        page.get_by_role("button", name="Check the addresses").click()
        page.get_by_role("button", name=re.compile("Look up [0-9]+ addresses")).click()
        expect(page.get_by_role("heading", name="Finished")).to_be_visible(timeout=REAL_TIME)
        with page.expect_download() as answers:
            page.get_by_role("link", name="Excel, a row for each address").click()
        rows = CalamineWorkbook.from_path(answers.value.path()).get_sheet_by_index(0).to_python()
    typed = sample_csv().decode("utf-8-sig").splitlines()
    assert [row[0] for row in rows] == [line.split(",")[0] for line in typed]
    result = rows[0].index("result")
    assert {row[result] for row in rows[1:19]} == {"Providers found"}
    assert rows[19][result + 1 :] == rows[1][result + 1 :]
    assert str(rows[20][result]).startswith("Question. Woodward Ave has no house number")


@pytest.mark.parametrize("columns", ["fields", "lines"])
def test_ten_thousand_rows_are_uploaded_and_previewed(columns: str, tmp_path: Path) -> None:
    with serving(tmp_path, WEB_CONCURRENCY="1") as server:
        browser = requests.Session()
        form = browser.get(f"{server.url}/batches", timeout=30).text
        token = re.search(r'id="sheet-token" name="csrf_token" type="hidden" value="([^"]+)', form)
        assert token is not None
        (worker,) = server.workers()
        began, worked = time.monotonic(), processor_seconds(worker)
        preview = browser.post(
            f"{server.url}/batches",
            data={"csrf_token": token[1]},
            files={"sheet": ("sites.xlsx", largest_sheet(columns))},
            headers={"Sec-Fetch-Site": "same-origin"},
            timeout=60,
        )
        seconds, worked = time.monotonic() - began, processor_seconds(worker) - worked
        megabytes = peak_megabytes(worker)
    assert "Look up 10,000 addresses" in preview.text
    log.info("%s: %.1f s, of which %.1f s of a processor, %.0f MB", columns, seconds, worked, megabytes)
    assert worked <= LONGEST_PREVIEW
    assert megabytes <= MOST_MEGABYTES


def largest_sheet(columns: str) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number in range(MOST_ROWS):
            street = f"{number + 1} Woodward Ave"
            if columns == "lines":
                sheet.write_row(number, 0, [f"Site {number}", f"{street}, Suite {number % 90 + 1}, Detroit, MI 48226"])
            else:
                sheet.write_row(number, 0, [f"Site {number}", street, "Detroit", "MI", 48226])
    return target.getvalue()


def processor_seconds(pid: int) -> float:
    """What a process and those that it has waited for have used: other than a clock, it knows no other tests."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(pid: int) -> float:
    """The most memory that a process has had."""
    found = re.search(r"VmHWM:\s+([0-9]+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024
