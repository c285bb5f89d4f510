"""Viewers of the Streamlit program, run with the environment that has Streamlit: they speak to it as its page in a
browser does, protobuf over a WebSocket.

`python -m tools.bench.streamlit_viewers ws://127.0.0.1:8501/_stcore/stream watch 300 20` prints a line of JSON for each
answer that has arrived: the viewer's number, which answer, and the moment in seconds of `time.perf_counter`, which on
one machine is the same clock in every process. `look-up` ends each viewer with the list, and its line has `null` for
the answer. A viewer that fails prints `{"error": ...}`.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_ANSWER = re.compile(r"Answer (\d+): ")
_LIST = re.compile(r"\d+ providers")


def main() -> None:
    """The mode, how many viewers, how many seconds they watch, and from which number on."""
    url, mode, count, seconds, first = sys.argv[1:6]
    asyncio.run(_all(url, mode, int(count), float(seconds), int(first)))


async def _all(url: str, mode: str, count: int, seconds: float, first: int) -> None:
    until = time.perf_counter() + seconds
    # As the others: in a watched load evenly over an interval, lookups one after the other.
    gap = 0.2 if mode == "look-up" else 2.0 / count
    await asyncio.gather(*(_view(url, mode, first + place, gap * place, until) for place in range(count)))


async def _view(url: str, mode: str, number: int, wait: float, until: float) -> None:
    await asyncio.sleep(wait)
    try:
        async with websockets.connect(url, subprotocols=["streamlit"], max_size=None, open_timeout=30) as socket:
            await _rerun(socket, "")
            await _until_drawn(socket)
            watching = "&watch=1" if mode == "watch" else ""
            await _rerun(socket, f"street1={number}+Main+St&city=Detroit&state=MI&zip=48226{watching}")
            await asyncio.wait_for(_read(socket, number), max(until - time.perf_counter(), 0.1))
    except TimeoutError:
        if mode == "look-up":
            print(json.dumps({"error": "no list in time"}), flush=True)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)


async def _rerun(socket: websockets.ClientConnection, query: str) -> None:
    message = BackMsg()
    message.rerun_script.query_string = query
    await socket.send(message.SerializeToString())


async def _until_drawn(socket: websockets.ClientConnection) -> None:
    """Reads the form's messages to the end of the script."""
    async for received in socket:
        message = ForwardMsg()
        message.ParseFromString(received)
        if message.WhichOneof("type") == "script_finished":
            return


async def _read(socket: websockets.ClientConnection, number: int) -> None:
    """Tells of each answer as it comes, and returns with the list."""
    async for received in socket:
        message = ForwardMsg()
        message.ParseFromString(received)
        text = message.delta.new_element.markdown.body
        answer = _ANSWER.match(text)
        if answer is not None:
            print(json.dumps({"number": number, "answer": int(answer[1]), "at": time.perf_counter()}), flush=True)
        elif _LIST.fullmatch(text):
            print(json.dumps({"number": number, "answer": None, "at": time.perf_counter()}), flush=True)
            return


if __name__ == "__main__":
    main()
