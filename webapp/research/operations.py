"""The endpoints of H Company's agent sessions that we use."""

from __future__ import annotations

from webapp.upstream.call import Operation

VENDOR = "H Company"

CREATE = Operation("h_create", "POST", "/api/v2/sessions")
CHANGES = Operation("h_changes", "GET", "/api/v2/sessions/{id}/changes")
FORCE_ANSWER = Operation("h_force_answer", "POST", "/api/v2/sessions/{id}/force_answer")
DELETE = Operation("h_delete", "DELETE", "/api/v2/sessions/{id}")
