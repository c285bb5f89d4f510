"""The same lookup as a Streamlit script: it runs from top to bottom for each viewer, and what changes goes to the
browser over a WebSocket.

`?street1=` takes the place of typing and of the button; with `&watch=1` only the status is asked for, again and again.
"""

from __future__ import annotations

import os
import time

import requests
import streamlit as st

INTERVAL = 2.0
FIELDS = ("street1", "street2", "city", "state", "zip")


@st.cache_resource
def connections() -> requests.Session:
    """The connections to Hum, which all viewers share."""
    http = requests.Session()
    http.trust_env = False
    http.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=2_000))
    return http


st.set_page_config(page_title="Internet at an address")
with st.form("address"):
    typed = {name: st.text_input(name, value=st.query_params.get(name, "")) for name in FIELDS}
    pressed = st.form_submit_button("Look up")
if pressed or typed["street1"]:
    http, place = connections(), st.empty()
    created = http.post(f"{os.environ['HUM_API_URL']}/sessions", json=typed, timeout=10).json()
    url = f"{os.environ['HUM_API_URL']}/sessions/{created['meta']['session_token']}"
    answers = 1
    place.markdown(f"Answer {answers}: begun")
    while True:
        time.sleep(INTERVAL)
        status = http.get(url, timeout=10).json()
        answers += 1
        if "watch" in st.query_params:
            place.markdown(f"Answer {answers}: {status['request_status']}")
            continue
        agents = status["meta"]["agent_status"]
        place.markdown(f"Answer {answers}: {agents['geocoding']}, {agents['internet']}")
        if agents["internet"] == "matched":
            break
    providers = http.get(f"{url}/services/internet", timeout=10).json()["data"]["internet"]
    for provider in providers:
        st.subheader(provider["provider_name"])
        plans = [plan for category in provider["product_catalog"] for plan in category["products"]]
        st.table(
            [
                {
                    "name": plan["name"],
                    "down": str(plan["download_speed"]),
                    "up": str(plan["upload_speed"]),
                    "price": str(plan["pricing"]["monthly_price"]),
                }
                for plan in plans
            ]
        )
    st.markdown(f"{len(providers)} providers")
