"""A recorded call as a command for a shell. Key and session token are shell variables: the command holds no secret.
Pure.
"""

from __future__ import annotations

import shlex

from webapp.upstream.call import Call

LEFT_OUT = frozenset({"authorization", "accept-encoding", "user-agent"})


def curl(call: Call, base_url: str) -> str:
    """The command. `base_url` must have been checked by `webapp.hum.endpoints.check_base_url`: it is quoted, not
    escaped.
    """
    url = base_url + call.path.replace("{token}", "$SESSION_TOKEN")
    parts = [f'curl --request {call.method} "{url}"', '--header "Authorization: Bearer $HUM_API_KEY"']
    parts += [
        f"--header {shlex.quote(f'{name}: {value}')}"
        for name, value in call.request_headers.items()
        if name.lower() not in LEFT_OUT
    ]
    if call.request_body is not None:
        parts.append(f"--data {shlex.quote(call.request_body)}")
    return " \\\n  ".join(parts)
