"""The demo's 26 learning centres: invented villages in the province's real subdistricts.

A centre stands within about 1.5 km of its subdistrict's published point, always at the same
spot.  Telephone numbers are well formed and plainly invented: 08x-000-00xx.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import cos, radians
from random import Random

from app.centres.rules import CentreDraft

METRES_PER_DEGREE = 111_320.0  # of latitude; of longitude at the equator
SPREAD_M = 1_500.0

_RAI = {"HLM1": 1, "HLM3": 3, "CLM10": 10, "CLM15": 15, "SEP1": 1, "SEP3": 3, "other": 6}
_BUDGET = {
    "HLM": ("โครงการพัฒนาพื้นที่ต้นแบบการพัฒนาคุณภาพชีวิตตามหลักทฤษฎีใหม่", 2564),
    "CLM": ("โครงการพัฒนาพื้นที่ต้นแบบการพัฒนาคุณภาพชีวิตตามหลักทฤษฎีใหม่", 2564),
    "SEP": ("งบพัฒนาหมู่บ้านเศรษฐกิจพอเพียง", 2565),
    "oth": ("เจ้าของแปลงดำเนินการเอง (ขยายผล)", 2566),
}


@dataclass(frozen=True, slots=True)
class Plot:
    """One row of the list.  `busy`: how often groups come, 1 (seldom) to 3 (a model centre)."""

    code: str
    subdistrict: str
    plot_class: str
    village: str
    moo: int
    steward: str
    busy: int
    status: str = "active"


PLOTS: tuple[Plot, ...] = (
    Plot("5601-001", "560105", "HLM3", "บ้านสาธิตดอนแก้ว", 4, "นายสมมติ ตัวอย่างดี", 3),
    Plot("5601-002", "560110", "CLM15", "บ้านจำลองแม่กา", 2, "นางสาธิต ทดลองทำ", 3),
    Plot("5601-003", "560102", "HLM1", "บ้านตัวอย่างร่มเย็น", 6, "นายจำลอง สมมุติสุข", 2),
    Plot("5601-004", "560112", "SEP3", "บ้านสมมุติพัฒนา", 9, "นางนามแฝง ใจงาม", 2),
    Plot("5601-005", "560118", "HLM1", "บ้านทดลองป่าม่วง", 3, "นายทดสอบ เพียงพอ", 1, "paused"),
    Plot("5602-001", "560202", "HLM3", "บ้านสาธิตทุ่งทอง", 5, "นายนิทาน ปลูกฝัน", 2),
    Plot("5602-002", "560206", "SEP1", "บ้านจำลองสุข", 7, "นางสาวตัวอย่าง ทองทุ่ง", 1),
    Plot("5603-001", "560301", "CLM10", "บ้านสมมุติเวียงงาม", 1, "นายสาธิต ริมคลอง", 3),
    Plot("5603-002", "560308", "HLM3", "บ้านตัวอย่างฝายแก้ว", 8, "นางทดลอง ห่มดิน", 2),
    Plot("5603-003", "560310", "HLM1", "บ้านสาธิตดอยร่ม", 10, "นายจำลอง ชายป่า", 1),
    Plot("5604-001", "560401", "HLM3", "บ้านทดลองม่วงงาม", 3, "นางสมมติ สวนผัก", 2),
    Plot("5604-002", "560403", "other", "บ้านจำลองริมยม", 6, "นายตัวอย่าง แปลงรวม", 1),
    Plot("5605-001", "560501", "HLM3", "บ้านสาธิตดอกคำ", 4, "นางสาธิต บ้านสวน", 3),
    Plot("5605-002", "560509", "SEP3", "บ้านสมมุติสันทราย", 2, "นายนามสมมุติ ปันน้ำ", 2),
    Plot("5605-003", "560505", "HLM1", "บ้านตัวอย่างห้วยใส", 11, "นางนิทาน เก็บเมล็ด", 1),
    Plot("5606-001", "560604", "HLM3", "บ้านสาธิตงิมงาม", 4, "นายสมมุติ พอเพียง", 3),
    Plot("5606-002", "560601", "CLM15", "บ้านจำลองปงสามัคคี", 1, "นางตัวอย่าง เอามื้อ", 3),
    Plot("5606-003", "560602", "HLM1", "บ้านทดลองควรดง", 7, "นายทดลอง คลองไส้ไก่", 2),
    Plot("5606-004", "560606", "HLM3", "บ้านสมมุตินาปรัง", 5, "นางสาวสาธิต นาขั้นบันได", 2),
    Plot("5606-005", "560607", "SEP1", "บ้านตัวอย่างขุนน้ำ", 9, "นายจำลอง ต้นน้ำ", 1),
    Plot("5607-001", "560701", "HLM3", "บ้านสาธิตหนองบัว", 2, "นางทดสอบ บัวหลวง", 2),
    Plot("5607-002", "560706", "HLM1", "บ้านจำลองเจริญ", 6, "นายสาธิต เจริญไร่", 2),
    Plot("5608-001", "560803", "HLM3", "บ้านสมมุติกล้วยงาม", 3, "นางจำลอง กอกล้วย", 2),
    Plot("5608-002", "560805", "other", "บ้านทดลองสบน้ำ", 5, "นายนามแฝง สวนรวม", 1),
    Plot("5609-001", "560902", "HLM3", "บ้านสาธิตดงงาม", 8, "นายตัวอย่าง ดงไผ่", 2),
    Plot("5609-002", "560903", "SEP3", "บ้านตัวอย่างริมอิง", 1, "นางสมมติ ริมอิง", 1),
)  # fmt: skip


def name_of(plot: Plot) -> str:
    """The centre's full name, as its board says it."""
    if plot.plot_class.startswith("CLM"):
        return f"ศูนย์เรียนรู้ชุมชนต้นแบบ โคก หนอง นา {plot.village}"
    if plot.plot_class.startswith("SEP"):
        return f"ศูนย์เรียนรู้ทฤษฎีใหม่ {plot.village}"
    return f"ศูนย์เรียนรู้ โคก หนอง นา {plot.village}"


def draft_of(plot: Plot, lat: float, lon: float) -> CentreDraft:
    """The centre to add.  (lat, lon): its subdistrict's point, WGS 84 degrees."""
    rng = Random(plot.code)
    spot_lat, spot_lon = moved(
        lat, lon, rng.uniform(-1, 1) * SPREAD_M, rng.uniform(-1, 1) * SPREAD_M
    )
    source, year = _BUDGET[plot.plot_class[:3]]
    return CentreDraft(
        code=plot.code,
        name=name_of(plot),
        plot_class=plot.plot_class,
        subdistrict_code=plot.subdistrict,
        lat=round(spot_lat, 6),
        lon=round(spot_lon, 6),
        status=plot.status,
        steward_name=plot.steward,
        phone=f"08{rng.randint(0, 9)}-000-00{PLOTS.index(plot) + 10:02d}",
        moo=plot.moo,
        village=plot.village,
        size_rai=Decimal(_RAI[plot.plot_class]),
        budget_source=source,
        budget_year=year,
    )


def moved(lat: float, lon: float, north_m: float, east_m: float) -> tuple[float, float]:
    """The point `north_m` and `east_m` metres away; exact enough within a few kilometres."""
    return (
        lat + north_m / METRES_PER_DEGREE,
        lon + east_m / (METRES_PER_DEGREE * cos(radians(lat))),
    )
