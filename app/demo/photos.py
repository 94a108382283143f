"""The demo's photographs: what each shows, when and where it says it was taken, and its doubts.

A few are made to raise a reviewer's questions: see `doubts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import uuid5
from zlib import crc32

from app.demo.centres import moved
from app.demo.cycle import Deed
from app.demo.doubts import Print, doubtful, handed_in_again
from app.demo.followups import Check
from app.demo.people import officer_of
from app.demo.pictures import Picture
from app.demo.pictures.exif import Fix, Shot
from app.demo.pictures.weather import season_of
from app.demo.visits import FIRST, LAST, STORY, Entry, Place, position_near
from app.photos.rules import PhotoDraft, Subject
from app.shared.clock import BANGKOK
from app.shared.record import Capture

OF_ENTRIES_THEN, OF_ENTRIES_LATELY, OF_CHECKS = 0.12, 0.14, 0.1  # shares that have photographs
BUSY_DISTRICT = "5606"  # the demo officer's own: twice as many photographs
SIZES = ((2048, 1536), (1600, 1200), (3000, 2250), (4000, 3000))
PORTRAIT = (6, 8)  # EXIF orientations of a phone held upright

SCENES_OF_TOPIC = {
    "layout": ("mound", "pond", "canal"), "water": ("canal", "pond"), "mulch": ("compost", "mound"),
    "forest": ("mound",), "vegetables": ("garden", "compost"), "rice": ("paddy",),
    "fish": ("pond",), "poultry": ("garden",), "seeds": ("garden", "compost"),
    "groundwater": ("canal",), "processing": ("pavilion",), "accounts": ("pavilion",),
}  # fmt: skip

CAPTIONS = {
    "pavilion": ("ฟังการบรรยายที่ศาลาเรียนรู้", "แลกเปลี่ยนเรียนรู้กับครูพาทำที่ศาลา"),
    "pond": ("ดูหนองน้ำและการเลี้ยงปลา", "เดินดูหนองและต้นไม้รอบขอบหนอง"),
    "canal": ("ดูคลองไส้ไก่และฝายชะลอน้ำ", "เรียนรู้การกระจายน้ำด้วยคลองไส้ไก่"),
    "mound": ("ปลูกป่า 3 อย่าง ประโยชน์ 4 อย่างบนโคก", "ห่มดินรอบต้นไม้บนโคก"),
    "paddy": ("ลงแขกในนาอินทรีย์", "เรียนรู้เรื่องนาและหัวคันนาทองคำ"),
    "compost": ("ทำปุ๋ยหมักและห่มดินด้วยฟาง", "ลงมือทำแปลงห่มดิน"),
    "garden": ("ดูแปลงผักสวนครัว", "เก็บผักปลอดภัยในแปลง"),
    "sign": ("ป้ายศูนย์และทางเข้าแปลง",),
}


def photographs(
    places: Sequence[Place],
    entries: Sequence[Entry],
    checks: Iterable[Check],
    deeds: Iterable[Deed] = (),
) -> list[Print]:
    """Every photograph of the story, the centres' own boards first."""
    then = [doubtful(n, p) for n, p in enumerate(_of_entries(entries, recent=False))]
    return [
        *(_board(place) for place in places),
        *then,
        *handed_in_again(then, entries),
        *_of_checks(checks),
        *_of_activities(deeds),
        *_of_entries(entries, recent=True),
    ]


def _of_entries(entries: Iterable[Entry], *, recent: bool) -> Iterator[Print]:
    for entry in entries:
        if entry.recent != recent:
            continue
        rng = Random(f"photos {entry.draft.id}")
        share = OF_ENTRIES_LATELY if recent else OF_ENTRIES_THEN
        if rng.random() < share * (2 if entry.place.plot.code.startswith(BUSY_DISTRICT) else 1):
            scenes = _scenes(entry, rng)
            for number in range(rng.choice((1, 1, 2))):
                yield _of_visit(entry, scenes[number % len(scenes)], number, rng)


def _scenes(entry: Entry, rng: Random) -> list[str]:
    scenes = [scene for topic in entry.draft.topics for scene in SCENES_OF_TOPIC[topic]]
    if entry.draft.kind in {"training", "study"} and entry.draft.n_total > 8:
        scenes.insert(rng.randrange(2), "pavilion")
    return list(dict.fromkeys(scenes))


def _of_visit(entry: Entry, scene: str, number: int, rng: Random) -> Print:
    draft = entry.draft
    starts = _instant(draft.visit_date, draft.time_in or "09:00")
    stay = _instant(draft.visit_date, draft.time_out or "12:00") - starts
    taken = starts + stay * (0.2 + 0.5 * number * rng.random() + 0.2 * rng.random())
    people = min(draft.n_total, 24 if scene == "pavilion" else 9)
    subject = Subject("visit", draft.id, draft.centre_id, draft.visit_date)
    picture = _picture(f"{draft.id} {number}", scene, taken, rng,
                       crowd=entry.guests.crowd, people=people)  # fmt: skip
    received = entry.received_at + timedelta(minutes=1 + number)
    return _print(subject, entry.place, picture, taken, rng,
                  recorder=entry.recorder, received_at=received)  # fmt: skip


def _of_checks(checks: Iterable[Check]) -> Iterator[Print]:
    """A learner's own plot, where somebody went to see it."""
    for check in checks:
        rng = Random(f"photos {check.draft.id}")
        if check.draft.used not in {"used", "starting"} or rng.random() >= OF_CHECKS:
            continue
        taken = check.draft.capture.at.astimezone(BANGKOK)
        picture = _picture(str(check.draft.id), "garden", taken, rng,
                           crowd="family", people=rng.randint(1, 2))  # fmt: skip
        subject = Subject("followup", check.draft.id, check.place.id, check.draft.followed_on)
        made = _print(subject, _home(check.place, rng), picture, taken, rng,
                      recorder=check.recorder, received_at=check.received_at)  # fmt: skip
        yield _captioned(made, "แปลงผักที่บ้านของผู้เรียนรู้หลังนำความรู้ไปใช้")


def _of_activities(deeds: Iterable[Deed]) -> Iterator[Print]:
    """The first activity of each model centre."""
    seen = set()
    for deed in deeds:
        place, told = deed.place, deed.draft.values
        if deed.kind.name != "activity" or not place or place in seen or place.plot.busy < 3:
            continue
        seen.add(place)
        rng = Random(f"photos {deed.draft.id}")
        taken = _instant(told["held_on"], "10:30") + timedelta(minutes=rng.randint(0, 90))
        scene = "compost" if "place" not in told["sides"] else "canal"
        picture = _picture(str(deed.draft.id), scene, taken, rng, crowd="village", people=7)
        subject = Subject("activity", deed.draft.id, place.id, told["held_on"])
        yield _print(subject, place, picture, taken, rng, recorder=deed.recorder,
                     received_at=taken.astimezone(UTC) + timedelta(hours=3))  # fmt: skip


def _home(place: Place, rng: Random) -> Place:
    """The learner's home: some way from the centre, which is right for a follow-up."""
    lat, lon = moved(place.lat, place.lon, rng.uniform(-450, 450), rng.uniform(-450, 450))
    return replace(place, lat=lat, lon=lon)


def _board(place: Place) -> Print:
    """Each centre's board or view, taken when its officer came by in the first quarter."""
    rng = Random(f"board {place.plot.code}")
    day = FIRST + timedelta(days=rng.randint(10, (LAST - FIRST).days - 40))
    taken = datetime.combine(day, time(rng.choice((7, 8, 10, 15, 16)), rng.randrange(60)), BANGKOK)
    picture = _picture(f"board {place.plot.code}", "sign", taken, rng,
                       crowd="official", people=rng.randint(0, 3))  # fmt: skip
    village = f"{place.plot.village} หมู่ที่ {place.plot.moo}"
    lines = ("ศูนย์เรียนรู้ โคก หนอง นา", village, place.where)
    picture = replace(picture, lines=tuple(line for line in lines if line))
    subject = Subject("centre", place.id, place.id)
    received = taken + timedelta(minutes=rng.randint(3, 400))
    officer = officer_of(place.plot.subdistrict)
    return _print(subject, place, picture, taken, rng, recorder=officer, received_at=received)


def _picture(
    key: str, scene: str, taken: datetime, rng: Random, *, crowd: str, people: int
) -> Picture:
    size = rng.choices(SIZES, weights=(80, 10, 7, 3))[0]
    return Picture(
        scene=scene, seed=crc32(key.encode()), light=_light(taken, rng),
        season=season_of(taken.month), crowd=crowd, people=people,
        width=size[0], height=size[1],
    )  # fmt: skip


def _light(taken: datetime, rng: Random) -> str:
    if taken.hour < 9:
        return "mist" if taken.month in {11, 12, 1, 2} else "gold"
    if taken.hour >= 17:
        return "dusk"
    if taken.hour >= 15:
        return "gold"
    return rng.choice(("noon", "noon", "cloud") if taken.month in {6, 7, 8, 9, 10} else
                      ("noon", "noon", "noon", "gold"))  # fmt: skip


def _print(
    subject: Subject, place: Place, picture: Picture, taken: datetime, rng: Random, *,
    recorder: str, received_at: datetime,
) -> Print:  # fmt: skip
    """Take the picture: EXIF of the phone, and what the application says beside it."""
    spot = position_near(place, rng)
    orientation = rng.choices((1, 6, 8, 3), weights=(72, 14, 7, 7))[0]
    if orientation in PORTRAIT:
        picture = replace(picture, width=picture.height, height=picture.width)
    fix = Fix(spot.lat, spot.lon, rng.uniform(380, 720), rng.uniform(0, 359), spot.accuracy_m or 9)
    draft = PhotoDraft(
        id=uuid5(STORY, f"photo {subject.id if subject.day else place.plot.code} {picture.seed}"),
        subject=subject,
        capture=Capture(at=taken.astimezone(UTC), position=spot),
        source="camera",
        file_name=f"IMG_{taken:%Y%m%d_%H%M%S}.jpg",
        caption=rng.choice(CAPTIONS[picture.scene]),
    )
    shot = Shot(taken.replace(microsecond=0), fix, f"Field Phone {rng.randint(1, 3)}", orientation)
    return Print(draft, picture, shot, recorder, max(received_at, taken.astimezone(UTC)), place)


def _captioned(made: Print, caption: str) -> Print:
    return replace(made, draft=replace(made.draft, caption=caption))


def _instant(day: date, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime.combine(day, time(int(hour), int(minute)), BANGKOK)
