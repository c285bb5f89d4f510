"""An OpenID Connect provider for the demo and for tests: `make demo AUTH=oidc` starts it beside the app. Whoever types
a name is that person; it is for this machine only.
"""

from __future__ import annotations

import logging
import re
import sys

import flask
import oidc_provider_mock
from werkzeug.serving import make_server

PEOPLE = {"user": ["staff"], "operator": ["staff", "isp-operators"]}
"""People that can be chosen, with their groups; any other name is in none."""
_FOREIGN_STYLES = re.compile(r'<link[^>]*href="https://[^>]*>')


def create_app() -> flask.Flask:
    """The provider. Its pages would load a style sheet of another host, which is left out: nothing leaves the
    machine.
    """
    people = [oidc_provider_mock.User(sub=name, claims={"name": name, "groups": PEOPLE[name]}) for name in PEOPLE]
    app: flask.Flask = oidc_provider_mock.app(user_claims=people)

    @app.after_request
    def without_foreign_styles(response: flask.Response) -> flask.Response:
        if response.mimetype == "text/html":
            response.set_data(_FOREIGN_STYLES.sub("", response.get_data(as_text=True)))
        return response

    return app


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    make_server("127.0.0.1", int(sys.argv[1]), create_app(), threaded=True).serve_forever()
