"""Lighthouse's four scores for the form and results, on a phone and on a desktop, behind TLS as deployed, in the
machine's Chromium: `make lighthouse`.

A result belongs to a browser, so its cookie goes along. The phone is Lighthouse's usual one: slowed down four times, on
a slow network. The speed is that of this machine, so measure on one that does nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import os
import ssl
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tools import browser, proxied, qa

HOME = f"https://{proxied.NAME}/"
SCENARIOS = ("normal", "sixty-providers")


def main() -> None:
    """Prints a table with a row for each page; ends with status 1 where it was not the page that was measured."""
    chromium = browser.find() or browser.downloaded()
    if chromium is None:
        raise SystemExit(f"There is no Chromium. {browser.advice()}")
    try:
        qa.install()
        print("| Page | Performance | Accessibility | Best practices | SEO | Said |", flush=True)
        print("|---|---|---|---|---|---|", flush=True)
        with tempfile.TemporaryDirectory() as folder, proxied.site(Path(folder), LOG_LEVEL="error") as site:
            task: dict[str, Any] = {"chromium": chromium, "flags": flags(site), "pages": pages(site)}
            shown = [report(line) for line in qa.run("lighthouse.mjs", task)]
    except (qa.QaError, proxied.NotStarted) as error:
        raise SystemExit(str(error)) from error
    raise SystemExit(0 if all(shown) else 1)


def pages(site: proxied.Site) -> list[dict[str, Any]]:
    """The form as a stranger opens it, and results of a usual and of the largest size."""
    found: list[dict[str, Any]] = [{"name": "form", "url": HOME, "cookies": []}]
    for scenario in SCENARIOS:
        session = site.browser()
        url = proxied.look_up(session, scenario)
        cookies = [
            {"name": c.name, "value": c.value, "domain": proxied.NAME, "path": "/", "secure": True}
            for c in session.cookies
        ]
        found.append({"name": f"result, {scenario}", "url": url, "cookies": cookies})
    return found


def flags(site: proxied.Site) -> list[str]:
    """How Chromium reaches the site by its public name, and trusts its certificate and no other self-signed one."""
    found = [
        (
            f"--host-resolver-rules=MAP {proxied.NAME}:443 127.0.0.1:{site.https}, MAP {proxied.NAME}:80 "
            f"127.0.0.1:{site.http}"
        ),
        f"--ignore-certificate-errors-spki-list={key_hash(site.certificate)}",
    ]
    return [*found, "--no-sandbox"] if os.geteuid() == 0 else found


def key_hash(certificate: Path) -> str:
    """SHA-256 of the certificate's public key, as browsers write it."""
    key = ["openssl", "x509", "-in", str(certificate), "-pubkey", "-noout"]
    pem = subprocess.run(key, check=True, capture_output=True, text=True).stdout
    # Of the armor of a PEM file only the two words differ.
    der = ssl.PEM_cert_to_DER_cert(pem.strip().replace("PUBLIC KEY", "CERTIFICATE"))
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


def report(line: dict[str, Any]) -> bool:
    """Prints a row of the table, and says whether that page was shown."""
    is_shown = bool(line["shown"] == line["url"])
    said = [*line["warnings"], *line["said"]]
    if not is_shown:
        said.append(f"shown was {line['shown']}")
    print(f"| {' | '.join([line['name'], *map(str, line['scores'].values()), '; '.join(said)])} |", flush=True)
    return is_shown


if __name__ == "__main__":
    main()
