"""Beats: a copied storage gives itself away; a lost answer never looks like a copy."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.devices.beats import BEAT_LENGTH, answer_beat, new_beat


class Storage:
    """A phone's side: brings the last beat it heard of."""

    beat: str | None = None

    def copy(self) -> Storage:
        other = Storage()
        other.beat = self.beat
        return other


class Server:
    kept: str | None = None

    def hears(self, storage: Storage, *, answer_arrives: bool = True) -> bool:
        answer = answer_beat(self.kept, storage.beat, new_beat())
        self.kept = answer.kept
        if answer_arrives:
            storage.beat = answer.beat
        return answer.forked


@given(st.lists(st.booleans(), max_size=40))
def test_lost_answers_never_look_like_a_copy(arrivals: list[bool]) -> None:
    server, phone = Server(), Storage()

    assert not any(server.hears(phone, answer_arrives=arrives) for arrives in arrivals)


def test_two_tabs_that_ask_at_once_are_one_phone() -> None:
    server, phone = Server(), Storage()
    server.hears(phone)
    tab = phone.copy()

    assert [server.hears(phone), server.hears(tab)] == [False, False]
    assert phone.beat == tab.beat


def test_a_copy_left_behind_is_told_to_enrol_anew() -> None:
    server, phone = Server(), Storage()
    server.hears(phone)
    copied = phone.copy()
    for _ in range(2):
        assert not server.hears(phone)

    assert server.hears(copied)
    assert copied.beat is None
    assert not server.hears(phone)  # the one that went on goes on


def test_a_copy_from_before_the_first_heartbeat_is_noticed_too() -> None:
    server, phone = Server(), Storage()
    copied = phone.copy()
    for _ in range(2):
        server.hears(phone)

    assert server.hears(copied)


@given(kept=st.none() | st.just(new_beat()), brought=st.none() | st.text(max_size=40))
def test_what_is_kept_fits_the_column(kept: str | None, brought: str | None) -> None:
    answer = answer_beat(kept, brought, new_beat())

    assert len(answer.kept or "") <= 2 * BEAT_LENGTH
