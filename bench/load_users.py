"""Officers on the eve of a deadline, as locust plays them.  Knows the product by its addresses.

    LAKTHAN_LOAD=folder locust -f bench/load_users.py     (bench/load.py starts it so)

The folder holds `people.json` (tokens, centres, names to sign in with) and some photographs.  In an
hour every officer sends twelve batches of visits and sixteen photographs from a phone, asks eight
times what is new, says four times how much waits, and looks at eight pages of the desk.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import os
import random
import re
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from locust import FastHttpUser, events, task  # type: ignore[import-not-found]

FOLDER = Path(os.environ["LAKTHAN_LOAD"])
PEOPLE = itertools.cycle(json.loads((FOLDER / "people.json").read_text("utf-8")))
PHOTOS = [path.read_bytes() for path in sorted(FOLDER.glob("*.jpg"))]
API = "/api/v1"
ACTS_AN_HOUR = 48  # of one officer: the sum of the weights below
PIECE = 1024 * 1024
PAGES = ("/", "/visits", "/photos", "/followups", "/submissions", "/centres", "/board/{district}")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
chance = random.Random(2567)


class Officer(FastHttpUser):
    """One officer with a phone and a desk."""

    connection_timeout = 30.0
    network_timeout = 60.0

    def wait_time(self) -> float:
        """Until the next act, in seconds: people do not keep step."""
        return chance.expovariate(ACTS_AN_HOUR / 3600)

    def on_start(self) -> None:
        """Sign in at the desk; the phone is enrolled already."""
        self.person = next(PEOPLE)
        self.bearer = {"Authorization": f"Bearer {self.person['token']}"}
        page = self.client.get("/sign-in", name="/sign-in")
        found = TOKEN.search(page.text)
        self.client.post("/sign-in", name="/sign-in", data={
            "login": self.person["login"], "password": self.person["password"],
            "csrf_token": found[1] if found else "",
        }, headers={"Origin": self.host, "Sec-Fetch-Site": "same-origin"})  # fmt: skip

    @task(12)
    def write_visits(self) -> None:
        """One to five entries of the visitor book in one batch."""
        self.send([_visit(self.person) for _ in range(chance.randint(1, 5))])

    @task(16)
    def send_photo(self) -> None:
        """A photograph's bytes by tus, then its record."""
        content = _unique(chance.choice(PHOTOS))
        item = _photo(self.person, content)
        path = self.create(item["attachments"][0])
        for offset in range(0, len(content), PIECE):
            part = content[offset : offset + PIECE]
            digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
            headers = self.bearer | {
                "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset),
                "Upload-Checksum": f"sha256 {digest}",
                "Content-Type": "application/offset+octet-stream",
            }  # fmt: skip
            self.again("PATCH", path, "PATCH upload", 204, data=part, headers=headers)
        self.send([item])

    @task(8)
    def pull(self) -> None:
        """What is new in the officer's area."""
        since = self.person.get("cursor")
        query = f"?since={since}" if since else ""
        answer = self.again("GET", f"{API}/changes{query}", "GET changes", 200, headers=self.bearer)
        self.person["cursor"] = answer.json()["cursor"]

    @task(4)
    def beat(self) -> None:
        """How much waits on the phone."""
        body = {
            "unsent_records": 0, "unsent_photos": 0, "unsent_bytes": 0, "oldest_unsent_at": None,
            "storage_left_bytes": None, "storage_persisted": None, "app_version": "load",
            "device_time": _moment(), "beat": None,
        }  # fmt: skip
        self.again(
            "POST", f"{API}/heartbeat", "POST heartbeat", 200, json=body, headers=self.bearer
        )

    @task(8)
    def look(self) -> None:
        """A page of the desk."""
        page = chance.choice(PAGES)
        self.again("GET", page.format(**self.person), f"GET {page}", 200)

    def send(self, items: list[dict[str, object]]) -> None:
        """A batch of records; each must be created."""
        body = {"items": items, "device_time": _moment()}
        answer = self.again(
            "POST", f"{API}/records", "POST records", 200, json=body, headers=self.bearer
        )
        told = [result["status"] for result in answer.json()["results"]]
        if told != ["created"] * len(items):
            raise SystemExit(f"not created: {answer.text[:600]}")

    def create(self, attachment: dict[str, object]) -> str:
        """Announce an upload; its address."""
        told = {"attachment_id": attachment["id"], "sha256": attachment["sha256"],
                "role": "original"}  # fmt: skip
        words = ",".join(f"{n} {base64.b64encode(str(v).encode()).decode()}"
                         for n, v in told.items())  # fmt: skip
        headers = self.bearer | {"Tus-Resumable": "1.0.0", "Upload-Metadata": words,
                                 "Upload-Length": str(attachment["bytes"])}  # fmt: skip
        answer = self.again("POST", f"{API}/uploads", "POST uploads", 201, headers=headers)
        return API + str(answer.headers["Location"]).partition(API)[2]

    def again(self, method: str, path: str, name: str, wanted: int, **more: object):
        """A request; told to come again, it comes again, as a phone does."""
        while True:
            with self.client.request(
                method, path, name=name, catch_response=True, allow_redirects=False, **more
            ) as answer:
                if answer.status_code == wanted:
                    return answer
                if answer.status_code == 503 and answer.headers.get("Retry-After"):
                    answer.success()
                    events.request.fire(
                        request_type="told", name="to come again", response_time=0,
                        response_length=0, exception=None, context={},
                    )  # fmt: skip
                    time.sleep(float(answer.headers["Retry-After"]))
                    continue
                answer.failure(f"{answer.status_code} {(answer.text or '')[:200]}")
                raise SystemExit(
                    f"{method} {path}: {answer.status_code} {(answer.text or '')[:300]}"
                )


def _moment() -> str:
    instant = datetime.now(UTC) + timedelta(hours=7)
    return instant.replace(tzinfo=None).isoformat(timespec="milliseconds") + "+07:00"


def _item(kind: str, data: dict[str, object], **more: object) -> dict[str, object]:
    return {"kind": kind, "op": "create", "id": data["id"], "base_version": None, "data": data,
            "attachments": [], "captured": None} | more  # fmt: skip


def _captured(programme: str) -> dict[str, object]:
    position = {"lat": 19.15, "lon": 100.27, "accuracy_m": 12.5, "fix_age_s": 3, "source": "device"}
    return {"id": _uuid7(), "captured_at": _moment(), "device_id": None, "clock_skew_s": None,
            "position": position, "programme_version": programme}  # fmt: skip


def _uuid7() -> str:
    number = int(time.time() * 1000) << 80 | 7 << 76 | uuid.uuid4().int & ((1 << 76) - 1)
    return str(uuid.UUID(int=number & ~(3 << 62) | 2 << 62))


def _visit(person: dict[str, str]) -> dict[str, object]:
    return _item("visit", _captured(person["programme"]) | {
        "centre_id": chance.choice(person["centres"]), "visit_date": person["today"],
        "time_in": None, "time_out": None, "kind": "study", "group_name": "โรงเรียนบ้านควร",
        "sector": "students", "origin_subdistrict_code": None, "origin_text": None,
        "n_male": 20, "n_female": 22, "n_other": 0, "n_child": 20, "topics": ["water", "mulch"],
        "trainer": None, "satisfaction": None, "suggestion": None, "consent_followup": True,
        "consent_photo": False, "leader_name": "ครูสมศรี ใจดี", "phone": "0812345678",
    })  # fmt: skip


def _photo(person: dict[str, str], content: bytes) -> dict[str, object]:
    centre = chance.choice(person["centres"])
    data = _captured(person["programme"]) | {
        "subject_kind": "centre", "subject_id": centre, "caption": "แปลงสาธิต", "source": "camera",
        "file_name": None,
    }  # fmt: skip
    attachment = {"id": data["id"], "role": "original", "bytes": len(content),
                  "sha256": hashlib.sha256(content).hexdigest(), "type": "image/jpeg"}  # fmt: skip
    return _item("photo", data, attachments=[attachment])


def _unique(photo: bytes) -> bytes:
    """The same picture as another file: a comment of its own after the first marker."""
    words = uuid.uuid4().hex.encode()
    return photo[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2) + words + photo[2:]
