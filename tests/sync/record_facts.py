"""One ordinary record of each kind, as a phone tells it; tests say only what matters to them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.records.kinds import KINDS
from app.rounds.programme import load_programme
from tests.sync.phone_client import Item, Phone, captured, today

PDF = b"%PDF-1.7\n" + b"an order of the district \n" * 60
DISTRICT = "5606"


def facts_of(kind: str) -> dict[str, Any]:
    """What the boxes of the kind's form hold.  A new copy each time."""
    day = today().isoformat()
    later = (today() + timedelta(days=60)).isoformat()
    criteria = load_programme().assessment.criteria
    facts: dict[str, dict[str, Any]] = {
        "activity": {
            "kind": "aow_mue", "title": "เอามื้อสามัคคี ขุดคลองไส้ไก่", "held_on": day,
            "sides": ["place", "people"], "n_male": 12, "n_female": 15, "n_youth": 4,
            "lead": "ผู้ใหญ่บ้าน", "partners": ["government", "citizens"], "result": "ได้คลอง 40 เมตร",
        },
        "network_order": {
            "order_no": "123/2567", "dated_on": day, "fiscal_year": 2567, "act": "appoint",
            "members": [
                {"name": "นายอำเภอ", "organisation": "ที่ว่าการอำเภอ", "sector": "government",
                 "role": "ประธาน", "phone": "0812345678"},
                {"name": "พระครู", "organisation": None, "sector": "religious", "role": None,
                 "phone": None},
            ],
        },
        "assessment": {
            "assessed_on": day, "fiscal_year": 2567, "assessor": "พัฒนากร",
            "scores": [
                {"criterion": c.key, "points": 4, "note": None, "evidence": []} for c in criteria
            ],
            "problems": "น้ำไม่พอในฤดูแล้ง", "needs": "เครื่องสูบน้ำ", "strategies": ["strengthen"],
            "target_grade": "A", "proposed_grade": "B",
        },
        "plan_item": {
            "fiscal_year": 2567, "side": "place", "strategy": "repair", "title": "ซ่อมฝายชะลอน้ำ",
            "target": "ฝาย 2 แห่ง", "starts_on": day, "ends_on": later, "budget_baht": 12000,
            "budget_source": "local", "responsible": "พัฒนากรตำบล", "partners": ["government"],
        },
        "plan_result": {
            "item_id": None, "reported_on": day, "done_percent": 40, "result": "ซ่อมแล้ว 1 แห่ง",
            "spent_baht": 4000,
        },
        "post": {
            "channel": "facebook", "posted_on": day, "title": "เอามื้อที่ปง",
            "url": "https://www.facebook.com/pong/posts/1", "side": "promotion", "read_on": day,
            "views": 120, "likes": 14, "shares": 2,
        },
        "document": {
            "kind": "order", "title": "คำสั่งแต่งตั้งเครือข่าย", "dated_on": day,
            "file_name": "คำสั่ง.pdf", "file_sha256": hashlib.sha256(PDF).hexdigest(),
            "file_bytes": len(PDF), "file_type": "application/pdf",
        },
    }  # fmt: skip
    return facts[kind]


def record_data(kind: str, centre_id: object = None, **facts: Any) -> dict[str, Any]:
    """A record as the API takes it: of the centre, else of the district."""
    blank = {field.name: field.nothing for field in KINDS[kind].fields}
    whose = {
        "centre_id": str(centre_id) if centre_id else None,
        "district_code": None if centre_id else DISTRICT,
    }
    return captured() | whose | blank | facts_of(kind) | facts


def record_item(phone: Phone, kind: str, centre_id: object = None, **facts: Any) -> Item:
    """A new record of the kind; a document announces its file, which follows by `upload`."""
    data = record_data(kind, centre_id, **facts)
    return phone.item(
        kind, "create", data, attachments=attached(data) if kind == "document" else ()
    )


def attached(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a document announces."""
    return [
        {"id": data["id"], "role": "original", "sha256": data["file_sha256"],
         "bytes": data["file_bytes"], "type": "application/octet-stream"}
    ]  # fmt: skip
