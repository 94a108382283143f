"""The parts of a sentence about a picture that was there before.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.findings import figures
from app.findings.figures import Language


def reuse_figures(facts: Mapping[str, Any], language: Language, *, outside: bool) -> dict[str, str]:
    """`where`, `how`, `copies` and `struck_out`; each a phrase, or empty.

    `outside` names no centre: for readers who may not see the other photo.
    """
    thai = language == "th"
    return {
        "where": _where(facts, language, outside),
        "how": _how(facts, thai),
        "copies": _copies(int(facts.get("copies", 1)), thai),
        "struck_out": _struck_out(bool(facts.get("struck_out")), thai),
    }


def _where(facts: Mapping[str, Any], language: Language, outside: bool) -> str:
    day = figures.day(facts["earlier_day"], language)
    if language == "th":
        return f"{_place_th(facts, outside)} เมื่อ {day}{_quarter_th(facts)}"
    return f"{_place_en(facts, outside)}, on {day}{_quarter_en(facts)}"


def _place_th(facts: Mapping[str, Any], outside: bool) -> str:
    if facts["same_centre"]:
        return "ในอีกรายการหนึ่งของศูนย์นี้"
    return "ในศูนย์อื่นนอกพื้นที่ของท่าน" if outside else f"ที่{facts['centre_name']}"


def _place_en(facts: Mapping[str, Any], outside: bool) -> str:
    if facts["same_centre"]:
        return "in another record of this centre"
    return "at a centre outside your area" if outside else f"at {facts['centre_name']}"


def _quarter_th(facts: Mapping[str, Any]) -> str:
    return "" if facts["same_quarter"] else " (คนละไตรมาส)"


def _quarter_en(facts: Mapping[str, Any]) -> str:
    return "" if facts["same_quarter"] else " (another quarter)"


def _how(facts: Mapping[str, Any], thai: bool) -> str:
    """What was done to the earlier picture, in one sentence."""
    parts = [thai_words if thai else english for thai_words, english in _changes(facts)]
    if not parts:
        return ""
    return f"ต่างกันตรงที่ {' '.join(parts)} " if thai else f"Since then it was {_listed(parts)}. "


def _changes(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    if facts.get("mirrored"):
        found.append(("กลับซ้ายขวา", "mirrored"))
    if turned := facts.get("turned_deg"):
        found.append((f"หมุน {abs(turned)} องศา", f"turned by {abs(turned)} degrees"))
    if kept := facts.get("kept_share"):
        share = figures.percent(kept)
        found.append((f"ตัดขอบเหลือ {share}", f"cropped to {share}"))
    if added := facts.get("added_share"):
        share = figures.percent(added)
        found.append((f"เติมขอบหรือข้อความ {share}", f"framed or captioned ({share} is new)"))
    if facts.get("recoloured"):
        found.append(("ปรับสีหรือแสง", "recoloured"))
    return found


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _copies(count: int, thai: bool) -> str:
    if count <= 1:
        return ""
    return f"พบทั้งหมด {count} ภาพ " if thai else f"{count} earlier copies are known. "


def _struck_out(is_struck_out: bool, thai: bool) -> str:
    if not is_struck_out:
        return ""
    return "ภาพนั้นถูกขีดฆ่าแล้ว " if thai else "That photo was struck out. "
