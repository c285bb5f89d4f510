"""What the programs that ours is compared with need, in an environment of its own: `.tools/bench`, from
`requirements/bench.txt`.
"""

from __future__ import annotations

import hashlib
import subprocess
import venv

from tools import assets

LOCKED = assets.ROOT / "requirements" / "bench.txt"
FOLDER = assets.ROOT / ".tools" / "bench"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / ".made-from"


def install() -> None:
    """Installs FastAPI, Streamlit and what they need, unless this very lock is installed. Raises SystemExit where that
    fails.
    """
    digest = hashlib.sha256(LOCKED.read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == digest:
        return
    print("Installing the programs to compare with ...", flush=True)
    venv.create(FOLDER, clear=True, with_pip=True)
    pip = (str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
    if subprocess.run([*pip, "--requirement", str(LOCKED)], check=False).returncode != 0:
        raise SystemExit("requirements/bench.txt could not be installed.")
    STAMP.write_text(digest)
