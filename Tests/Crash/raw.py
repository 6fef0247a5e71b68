"""Requests as bytes, so that they can be wrong in every way, and what may come back."""

import http.client
import json
import re
import socket
from dataclasses import dataclass, field, replace

from line import ANY_KEY


@dataclass(frozen=True)
class Request:
    service: str
    method: str
    path: str
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    def bytes(self):
        headers = {
            "Host": "127.0.0.1", "Authorization": ANY_KEY.format(self.service), "Content-Length": str(len(self.body)),
            **self.headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None)
        return f"{self.method} {self.path} HTTP/1.1\r\n{head}\r\n".encode("utf-8", "surrogateescape") + self.body

    def but(self, **changes):
        headers = {**self.headers, **changes.pop("headers", {})}
        return replace(self, headers=headers, **changes)


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def code(self):
        """The error code in the form of any protocol, None when there is none."""
        if kind := self.headers.get("x-amzn-errortype"):
            return kind.split(":")[0]
        if found := re.search(rb"<Code>([^<]+)</Code>", self.body):
            return found[1].decode()
        try:
            return json.loads(self.body).get("__type", "").split("#")[-1] or None
        except (ValueError, AttributeError):
            return None


def talk(port, data, piece=1 << 20, timeout=60):
    """Sends bytes in pieces and then says that this was all → the first answer, or None where there was none."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for start in range(0, len(data), piece):
                connection.sendall(data[start:start + piece])
            connection.shutdown(socket.SHUT_WR)
        except TimeoutError:
            raise
        except OSError:
            pass
        return read(connection, data[:4].decode("latin-1").strip())


def read(connection, method):
    answer = http.client.HTTPResponse(connection, method=method)
    try:
        answer.begin()
        body = answer.read()
    except TimeoutError:
        raise
    except (OSError, http.client.HTTPException, ValueError):
        return None
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)


# The server may not know an operation or a version of HTTP, but nothing may go wrong inside of it.
UNKNOWN = {501, 505}


def check(answer, sent):
    """A closed connection, success, or an error of the caller in its protocol's form."""
    if answer is None or answer.status < 400:
        return
    shown = f"{answer.status} {answer.body[:300]!r} to {sent[:1500]!r}"
    assert answer.status < 500 or answer.status in UNKNOWN, shown
    assert answer.code != "InternalFailure", shown
    plain = answer.headers.get("content-type", "").startswith("text/plain")
    assert answer.code or plain or not answer.body, f"no error code: {shown}"
