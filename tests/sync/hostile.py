"""Bodies that a broken or ill-meaning sender could post, and what is the matter with each."""

from __future__ import annotations

import gzip
from typing import Any

JSON = "application/json"
_DEEP = 100_000
_OBJECT = b'{"device_time": "2026-11-22T10:00:00.000+07:00", "items": [%s]}'
_ITEM = _OBJECT % (
    b'{"kind": "visit", "op": "create", "id": "01930c5e-7a00-7000-8000-000000000001",'
    b' "base_version": null, "data": {%s}, "attachments": [], "captured": null}'
)
Hostile = tuple[bytes, dict[str, Any]]

BODIES: dict[str, Hostile] = {
    # --- not JSON at all -----------------------------------------------------------------
    "nothing": (b"", {}),
    "blanks": (b" \n\t ", {}),
    "a NUL byte": (b"\0", {}),
    "HTML of a captive portal": (b"<html><body>Login</body></html>", {}),
    "a form": (b"items=1&device_time=2", {}),
    "cut short": (b'{"items": [{"kind": "vis', {}),
    "trailing garbage": (b'{"items": []} {"items": []}', {}),
    "single quotes": (b"{'items': []}", {}),
    "a comment": (b'{"items": [] /* none */}', {}),
    "a trailing comma": (b'{"items": [],}', {}),
    "random bytes": (bytes(range(256)) * 4, {}),
    # --- depth and size ------------------------------------------------------------------
    "a hundred thousand lists": (b"[" * _DEEP, {}),
    "a hundred thousand lists, closed": (b"[" * _DEEP + b"]" * _DEEP, {}),
    "a hundred thousand objects": (b'{"a":' * _DEEP, {}),
    "33 levels inside an item": (_ITEM % (b'"a":' + b"[" * 33 + b"]" * 33), {}),
    "ten megabytes of text": (b'"' + b"a" * (10 * 1024 * 1024) + b'"', {}),
    "two million elements": (b"[" + b"1," * 2_000_000 + b"1]", {}),
    "a megabyte of quotes": (b'"' * 1024 * 1024, {}),
    "a number of a hundred thousand digits": (b'{"items": ' + b"9" * 100_000 + b"}", {}),
    # --- what two readers read differently -----------------------------------------------
    "equal keys": (b'{"items": [], "items": [1], "device_time": "x"}', {}),
    "equal keys, one escaped": (b'{"items": [], "\\u0069tems": [1]}', {}),
    "equal keys inside an item": (_ITEM % b'"id": 1, "id": 2', {}),
    "NaN": (_ITEM % b'"lat": NaN', {}),
    "Infinity": (_ITEM % b'"lat": -Infinity', {}),
    "1e400": (_ITEM % b'"lat": 1e400', {}),
    "2**70": (_ITEM % b'"n_male": 1180591620717411303424', {}),
    "2**53": (b'{"unsent_records": 9007199254740992}', {}),
    # --- characters ----------------------------------------------------------------------
    "a half character": (_ITEM % rb'"group_name": "\ud800"', {}),
    "a half character in a key": (_ITEM % rb'"\udfff": 1', {}),
    "the halves in the wrong order": (_ITEM % rb'"group_name": "\ude00\ud83d"', {}),
    "U+0000": (_ITEM % rb'"group_name": "a\u0000b"', {}),
    "U+0000 in a key": (b'{"\\u0000": 1}', {}),
    "a raw control character": (b'{"items": "\x01"}', {}),
    "a byte order mark": (b'\xef\xbb\xbf{"items": []}', {}),
    "UTF-16": ('{"items": []}'.encode("utf-16"), {}),
    "UTF-16 as it says": (
        '{"items": []}'.encode("utf-16"),
        {"content_type": f"{JSON}; charset=utf-16"},
    ),
    "TIS-620": ('{"label": "โทรศัพท์"}'.encode("tis-620"), {}),
    "overlong UTF-8": (b'"\xc0\xaf"', {}),
    "CESU-8": (b'"\xed\xa0\xbd\xed\xb8\x80"', {}),
    # --- another kind of body ------------------------------------------------------------
    "text/plain, as a foreign page can send": (b"{}", {"content_type": "text/plain"}),
    "a form's content type": (b"{}", {"content_type": "application/x-www-form-urlencoded"}),
    "multipart without a boundary": (b"{}", {"content_type": "multipart/form-data"}),
    "no content type": (b"{}", {"content_type": ""}),
    "packed": (gzip.compress(b"{}" * 1000), {"headers": {"Content-Encoding": "gzip"}}),
    # --- JSON of another shape -----------------------------------------------------------
    "null": (b"null", {}),
    "true": (b"true", {}),
    "a number": (b"0", {}),
    "a text": (b'"items"', {}),
    "a list": (b"[]", {}),
    "an empty object": (b"{}", {}),
    "nulls": (b'{"items": null, "device_time": null, "device_id": null, "install_id": null}', {}),
    "numbers for texts": (b'{"items": 1, "device_time": 2, "device_id": 3, "install_id": 4}', {}),
    "objects for texts": (b'{"items": {}, "device_time": {}, "device_id": {}, "label": {}}', {}),
    "lists for texts": (b'{"items": [], "device_time": [], "device_id": [], "label": []}', {}),
    "unknown fields": (b'{"role": "admin", "centre_id": "x", "status": "accepted"}', {}),
    "101 items": (_OBJECT % (b"0," * 100 + b"0"), {}),
    "prototype pollution": (b'{"__proto__": {"admin": true}, "constructor": 1}', {}),
}
