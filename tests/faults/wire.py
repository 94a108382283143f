"""A client over a real line, for `tests.sync.phone_client.Phone` in place of Flask's own."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Answer:
    """What a `Phone` looks at of an answer."""

    status_code: int
    headers: http.client.HTTPMessage
    data: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.data.decode("utf-8", "replace")

    @property
    def mimetype(self) -> str:
        """The content type without its parameters."""
        return self.headers.get_content_type()

    def get_json(self, *, silent: bool = False, force: bool = False) -> Any:
        """The body as JSON, or None."""
        try:
            return json.loads(self.data)
        except ValueError:
            return None


class WireClient:
    """One connection per request, as a phone that just came back has."""

    def __init__(self, address: str, timeout_s: float = 30) -> None:
        self.host = address.removeprefix("http://")
        self.timeout_s = timeout_s

    def open(
        self,
        path: str,
        *,
        method: str,
        headers: dict[str, str],
        json: Any = None,
        data: bytes | None = None,
        query_string: dict[str, str] | None = None,
    ) -> Answer:
        """Send one request.  Raises OSError or http.client.HTTPException when the line breaks."""
        if query_string:
            path += "?" + urlencode(query_string)
        if json is not None:
            data = _dumped(json)
            headers = {**headers, "Content-Type": "application/json"}
        line = http.client.HTTPConnection(self.host, timeout=self.timeout_s)
        try:
            line.request(method, path, data, headers)
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            line.close()


def _dumped(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
