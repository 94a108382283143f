"""Who can sign in to the demo.  All invented, all refused in production."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.rules import AccountDraft, Role

DEMO_PASSWORD = "khok-nong-na-demo"  # noqa: S105  (public on purpose; demo accounts only)
PROVINCE = "56"


@dataclass(frozen=True, slots=True)
class Person:
    """One demo account, and in words what it shows."""

    username: str
    name: str
    role: Role
    area_code: str
    words: str
    centre_code: str | None = None


# พัฒนากร is a field officer, พัฒนาการ the head of the district's office (domain brief 1.12).
PEOPLE: tuple[Person, ...] = (
    Person(
        "volunteer",
        "นางสาวนามสมมุติ ใจอาสา",
        "volunteer",
        "560604",
        "อาสาพัฒนาชุมชน ศูนย์เดียวในอำเภอปง",
        "5606-001",
    ),
    Person("officer", "นางสาวสาธิตา ลงพื้นที่", "officer", "5606", "พัฒนากร อำเภอปง"),
    Person(
        "reviewer", "นางตรวจทาน รอบคอบ", "reviewer", PROVINCE, "กลุ่มงานส่งเสริมการพัฒนาชุมชน จังหวัดพะเยา"
    ),
    Person("admin", "นายดูแล ระบบทดลอง", "admin", PROVINCE, "ผู้ดูแลระบบ จังหวัดพะเยา"),
    Person(
        "volunteer2",
        "นายสมมุติ ช่วยเหลือ",
        "volunteer",
        "560105",
        "อาสาพัฒนาชุมชน ศูนย์เดียวในอำเภอเมืองพะเยา",
        "5601-001",
    ),
    Person("officer2", "นายตัวอย่าง เดินดิน", "officer", "5601", "พัฒนากร อำเภอเมืองพะเยา"),
    Person("officer-chun", "นางทดลอง ทุ่งรวง", "officer", "5602", "พัฒนากร อำเภอจุน"),
    Person("officer-chiangkham", "นายจำลอง ริมน้ำ", "officer", "5603", "พัฒนากร อำเภอเชียงคำ"),
    Person("officer-chiangmuan", "นางสาวสมมุติ ดอยงาม", "officer", "5604", "พัฒนากร อำเภอเชียงม่วน"),
    Person("officer-dokkhamtai", "นางสาธิต ดอกไม้", "officer", "5605", "พัฒนากร อำเภอดอกคำใต้"),
    Person("officer-maechai", "นายทดสอบ หนองงาม", "officer", "5607", "พัฒนากร อำเภอแม่ใจ"),
    Person("officer-phusang", "นางสาวจำลอง น้ำตก", "officer", "5608", "พัฒนากร อำเภอภูซาง"),
    Person("officer-phukamyao", "นายสาธิต ที่ราบ", "officer", "5609", "พัฒนากร อำเภอภูกามยาว"),
)


def officer_of(area_code: str) -> str:
    """The username of the officer in whose district the area lies."""
    return next(p.username for p in PEOPLE if p.role == "officer" and p.area_code == area_code[:4])


def volunteer_of(centre_code: str) -> str | None:
    """The username of the centre's volunteer, if the demo has one."""
    return next((p.username for p in PEOPLE if p.centre_code == centre_code), None)


def draft_of(person: Person, centre_id: object = None) -> AccountDraft:
    """The account to make.  `centre_id`: of a volunteer's centre."""
    return AccountDraft(
        person.username, person.name, person.role, person.area_code, DEMO_PASSWORD,
        centre_id=centre_id, is_demo=True,  # type: ignore[arg-type]
    )  # fmt: skip
