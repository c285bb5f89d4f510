"""Requests that no browser sends. `/smuggled` is what an attacker would have the app answer without nginx having seen
it.
"""

from __future__ import annotations

HOST = b"Host: lookup.example.com\r\n"
OTHER_HOST = b"Host: evil.example\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"
GOOD_FORM = b"5\r\na=b&c\r\n0\r\n\r\n"


def get(path: bytes = b"/nothing", *headers: bytes, host: bytes = HOST, version: bytes = b"HTTP/1.1") -> bytes:
    return b"GET " + path + b" " + version + b"\r\n" + host + b"".join(header + b"\r\n" for header in headers) + b"\r\n"


def post(*headers: bytes, body: bytes = b"", version: bytes = b"HTTP/1.1") -> bytes:
    return (
        b"POST /address-form "
        + version
        + b"\r\n"
        + HOST
        + b"".join(header + b"\r\n" for header in headers)
        + b"\r\n"
        + body
    )


def length(number: int | str) -> bytes:
    return f"Content-Length: {number}".encode()


CHUNKED = b"Transfer-Encoding: chunked"
HIDING = length(len(SMUGGLED))

REFUSED = {
    "CL.TE": post(length(5 + len(SMUGGLED)), CHUNKED, body=b"0\r\n\r\n" + SMUGGLED),
    "TE.CL": post(CHUNKED, length(4), body=b"%x\r\n" % len(SMUGGLED) + SMUGGLED + b"\r\n0\r\n\r\n"),
    "CL.TE, another coding": post(HIDING, b"Transfer-Encoding: xchunked", body=SMUGGLED),
    "CL.TE, blank before the colon": post(HIDING, b"Transfer-Encoding : chunked", body=SMUGGLED),
    "CL.TE, tab": post(length(5 + len(SMUGGLED)), b"Transfer-Encoding:\tchunked", body=b"0\r\n\r\n" + SMUGGLED),
    "CL.TE, vertical tab": post(HIDING, b"Transfer-Encoding: \x0bchunked", body=SMUGGLED),
    "CL.TE, folded": post(HIDING, b"Transfer-Encoding:\r\n chunked", body=SMUGGLED),
    "CL.TE, quoted": post(HIDING, b'Transfer-Encoding: "chunked"', body=SMUGGLED),
    "CL.TE, after a bare carriage return": post(HIDING, b"X-A: b\rTransfer-Encoding: chunked", body=SMUGGLED),
    "TE twice": post(CHUNKED, b"Transfer-Encoding: identity", body=GOOD_FORM),
    "TE with two codings": post(b"Transfer-Encoding: chunked, identity", body=GOOD_FORM),
    "TE with HTTP/1.0": post(CHUNKED, body=GOOD_FORM, version=b"HTTP/1.0"),
    "two lengths": post(length(0), HIDING, body=SMUGGLED),
    "the same length twice": post(length(0), length(0)),
    "a list of lengths": post(length("0, 0")),
    "length with a plus": post(length("+0")),
    "length below zero": post(length(-1)),
    "length in hexadecimal": post(length("0x5"), body=b"a=b&c"),
    "length of 23 digits": post(length("9" * 23)),
    "a body over the limit": post(length(65 * 1024)),
    "chunk below zero": post(CHUNKED, body=b"-1\r\n\r\n"),
    "chunk with 0x": post(CHUNKED, body=b"0x5\r\nhello\r\n0\r\n\r\n"),
    "chunk that overflows": post(CHUNKED, body=b"ffffffffffffffffff\r\nhello"),
    "chunk of no number": post(CHUNKED, body=b"zz\r\n\r\n"),
    "chunk shorter than it says": post(CHUNKED, body=b"3\r\nhello\r\n0\r\n\r\n"),
    "two hosts": get(b"/nothing", b"Host: evil.example"),
    "the same host twice": get(b"/nothing", HOST.strip()),
    "no host": get(host=b""),
    "empty host": get(host=b"Host:\r\n"),
    "another host": get(host=OTHER_HOST),
    "host with a user": get(host=b"Host: evil@lookup.example.com\r\n"),
    "host with a path": get(host=b"Host: lookup.example.com/x\r\n"),
    "another host in the request line": get(b"https://evil.example/nothing"),
    "a file in the request line": get(b"file://localhost/etc/passwd"),
    "folded header": get(b"/nothing", b"X-A: b\r\n c"),
    "first header folded": get(host=b" X-A: b\r\n" + HOST),
    "bare carriage return": get(b"/nothing", b"X-A: b\rX-B: c"),
    "header of 9 kB": get(b"/nothing", b"X-A: " + b"a" * 9_000),
    "header of 100 kB": get(b"/nothing", b"X-A: " + b"a" * 100_000),
    "500 headers": get(b"/nothing", *(b"X-%d: a" % number for number in range(500))),
    "request line of 5 kB": get(b"/" + b"a" * 5_000),
    "request line of 9 kB": get(b"/" + b"a" * 9_000),
    "NUL in a header": get(b"/nothing", b"X-A: a\0b"),
    "NUL in a header's name": get(b"/nothing", b"X\0A: a"),
    "NUL in the path": get(b"/no\0thing"),
    "encoded NUL in the path": get(b"/no%00thing"),
    "blank before a colon": get(b"/nothing", b"X-Forwarded-For : 6.6.6.6"),
    "control character in a header": get(b"/nothing", b"X-A: a\x01b"),
    "bytes that are no text in the path": get(b"/\xff\xfe"),
    "blank in the path": get(b"/no thing"),
    "method that is no word": SMUGGLED.replace(b"GET", b"G\x80T"),
    "method in lower case": SMUGGLED.replace(b"GET", b"get"),
    "TRACE": SMUGGLED.replace(b"GET", b"TRACE"),
    "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "OPTIONS *": b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    "HTTP/2 after TLS agreed on 1.1": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/2.0": get(version=b"HTTP/2.0"),
    "HTTP/9.9": get(version=b"HTTP/9.9"),
    "HTTP/1.0 without a host": get(host=b"", version=b"HTTP/1.0"),
    "no HTTP": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\r\n\r\n",
    "out of the folder": get(b"/static/../../../etc/passwd"),
    "out of the folder, encoded": get(b"/static/%2e%2e/%2e%2e/etc/passwd"),
}
"""Answered with an error, or not at all, before a view of the app sees them."""

NOT_FOUND, NOT_ALLOWED, STALE_FORM = 404, 405, 422

HARMLESS = {
    "TE in capitals": (post(b"TRANSFER-ENCODING: CHUNKED", body=GOOD_FORM), STALE_FORM),
    "TE with an underscore": (post(b"Transfer_Encoding: chunked", length(5), body=b"0\r\n\r\n"), STALE_FORM),
    "a request as the body of a GET": (get(b"/nothing", HIDING) + SMUGGLED, NOT_FOUND),
    "a request as a chunk": (post(CHUNKED, body=b"%x\r\n" % len(SMUGGLED) + SMUGGLED + b"\r\n0\r\n\r\n"), STALE_FORM),
    "chunk with an extension": (post(CHUNKED, body=b"5;a=b\r\na=b&c\r\n0\r\n\r\n"), STALE_FORM),
    "chunk with a bare line feed": (post(CHUNKED, body=b"5\na=b&c\n0\n\n"), STALE_FORM),
    "chunk with a line feed in its extension": (post(CHUNKED, body=b"5;\na=b&c\r\n0\r\n\r\n"), STALE_FORM),
    "chunk with a blank": (post(CHUNKED, body=b"5 \r\na=b&c\r\n0\r\n\r\n"), STALE_FORM),
    "chunks with trailers": (
        post(CHUNKED, body=b"5\r\na=b&c\r\n0\r\nX-Forwarded-For: 6.6.6.6\r\nContent-Length: 99\r\n\r\n"),
        STALE_FORM,
    ),
    "an expectation that nobody has": (post(length(3), b"Expect: 200-maybe", body=b"a=b"), STALE_FORM),
    "bare line feeds": (get().replace(b"\r\n", b"\n"), NOT_FOUND),
    "a bare line feed between headers": (get(b"/nothing", b"X-A: b\nX-B: c"), NOT_FOUND),
    "empty lines first": (b"\r\n\r\n" + get(), NOT_FOUND),
    "a header without a colon": (get(b"/nothing", b"garbage"), NOT_FOUND),
    "our name in the request line, another in Host": (
        get(b"https://lookup.example.com/nothing", host=b"Host: evil.example\r\n"),
        NOT_FOUND,
    ),
    "another port": (get(host=b"Host: lookup.example.com:99\r\n"), NOT_FOUND),
    "HTTP/1.2": (get(version=b"HTTP/1.2"), NOT_FOUND),
    "upgrade to HTTP/2 in the clear": (
        get(b"/nothing", b"Upgrade: h2c", b"Connection: Upgrade, HTTP2-Settings", b"HTTP2-Settings: AAMA"),
        NOT_FOUND,
    ),
    "a thousand ranges": (get(b"/nothing", b"Range: bytes=0-0" + b",1-1" * 1_000), NOT_FOUND),
    "a method of nobody's": (SMUGGLED.replace(b"GET /smuggled", b"FROB /"), NOT_ALLOWED),
    "another place for the app": (
        get(b"/nothing", b"SCRIPT_NAME: /evil", b"Script-Name: /evil", b"PATH_INFO: /healthz"),
        NOT_FOUND,
    ),
    "another address for the page": (
        get(b"/nothing", b"X-Original-URL: /healthz", b"X-Rewrite-URL: /healthz"),
        NOT_FOUND,
    ),
    "another method": (get(b"/nothing", b"X-HTTP-Method-Override: POST", b"X-HTTP-Method: POST"), NOT_FOUND),
}
"""Taken for one ordinary request each: (bytes, status of the app's answer)."""
