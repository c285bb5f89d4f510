#!/bin/sh
# Makes .venv with the first Python that is new enough: the one asked for, then those with a version in their name.
set -eu

for python in "$@" python3.13 python3.12 python3.11 python3.14; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$python cannot make virtual environments: install that part of it (on Debian: apt-get install python3-venv) and run make again." >&2
        exit 1
    fi
    # A half-made .venv would look finished to the next run.
    "$python" -m venv --clear .venv || { rm -rf .venv; exit 1; }
    exit 0
done
echo "Python 3.11 or newer is needed, and $* is not: install one, or name it like this: make PYTHON=/path/to/python3." >&2
exit 1
