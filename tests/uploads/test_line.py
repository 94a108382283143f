"""Lines in a process: turns are limited, silent ones give way, what came is not lost by a cut."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from io import BytesIO
from uuid import UUID

import pytest
from werkzeug.exceptions import ClientDisconnected

from app.shared.ids import new_id
from app.uploads.line import (
    PIECE_BYTES,
    QUIET_S,
    SIP_BYTES,
    Exchange,
    Line,
    LineCut,
    LinesBusy,
    pieces,
    spill,
    turns_in_this_process,
)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A line: the server's end and the phone's."""
    server, phone = socket.socketpair()
    yield server, phone
    server.close()
    phone.close()


def a_line(device: UUID | None = None, upload: UUID | None = None, **more: object) -> Line:
    return Line(device or new_id(), upload or new_id(), None, **more)  # type: ignore[arg-type]


def quiet(line: Line) -> Line:
    line.heard_at -= QUIET_S + 1
    return line


class Breaking(BytesIO):
    """A body whose line breaks after its bytes."""

    def __init__(self, data: bytes, error: Exception) -> None:
        super().__init__(data)
        self.error = error

    def read(self, size: int | None = -1, /) -> bytes:
        if found := super().read(size):
            return found
        raise self.error


def test_a_body_comes_in_pieces_and_ends_where_it_should():
    data = bytes(range(256)) * 3_000

    came = list(pieces(BytesIO(data + b"more"), a_line(), most=len(data), expected=len(data)))

    assert b"".join(came) == data
    assert {len(piece) for piece in came[:-1]} == {PIECE_BYTES}


@pytest.mark.parametrize("error", [ConnectionResetError(), TimeoutError(), ClientDisconnected()])
def test_what_came_before_a_cut_comes_before_the_cut_is_told(error: Exception):
    data, came = bytes(SIP_BYTES + 17), []

    with pytest.raises(LineCut):
        for piece in pieces(Breaking(data, error), a_line(), most=10**6, expected=10**6):
            came.append(piece)

    assert b"".join(came) == data


def test_a_body_of_unknown_length_ends_where_it_ends():
    assert list(pieces(BytesIO(b"abc"), a_line(), most=10, expected=None)) == [b"abc"]


def test_no_more_lines_than_turns_and_a_free_one_is_taken_again():
    exchange = Exchange(most=2)
    with exchange.taken(a_line(), length=1):
        with exchange.taken(a_line(), length=1), pytest.raises(LinesBusy):
            exchange.taken(a_line(), length=1).__enter__()
        with exchange.taken(a_line(), length=1):
            pass


def test_one_device_does_not_take_every_turn():
    device, exchange = new_id(), Exchange(most=9, of_one_device=1)

    with exchange.taken(a_line(device), length=1):
        with pytest.raises(LinesBusy):
            exchange.taken(a_line(device), length=1).__enter__()
        with exchange.taken(a_line(), length=1):
            pass


def test_a_silent_line_gives_way_to_the_next_of_its_upload(ends):
    server, phone = ends
    upload, exchange = new_id(), Exchange(most=9)
    old = Line(new_id(), upload, server)

    with exchange.taken(old, length=1):
        quiet(old)
        with exchange.taken(a_line(upload=upload), length=1):
            assert server.recv(1) == b""  # its reader finds the end
            phone.setblocking(False)
            server.sendall(b"409")  # and may still answer
            assert phone.recv(3) == b"409"


def test_a_line_that_talks_is_left_alone(ends):
    server, phone = ends
    upload, exchange = new_id(), Exchange(most=9)

    talking = Line(new_id(), upload, server)
    with exchange.taken(talking, length=1), exchange.taken(a_line(upload=upload), length=1):
        phone.sendall(b"x")
        assert server.recv(1) == b"x"


def test_the_quietest_line_of_a_device_gives_way_when_it_has_too_many(ends):
    server, _phone = ends
    device, exchange = new_id(), Exchange(most=9, of_one_device=1)
    old = Line(device, new_id(), server)

    with exchange.taken(old, length=1):
        quiet(old)
        with exchange.taken(a_line(device), length=1):
            assert server.recv(1) == b""


def test_a_line_that_says_nothing_is_given_up(ends, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.uploads.line.SILENCE_S", 0.05)
    server, phone = ends
    phone.sendall(b"some")
    line = Line(new_id(), new_id(), server)

    with (
        server.makefile("rb", buffering=0) as source,
        pytest.raises(LineCut),
        Exchange(most=1).taken(line, length=100),
    ):
        assert list(pieces(source, line, most=100, expected=100)) == [b"some"]


def test_a_line_that_is_too_slow_for_its_length_is_given_up(ends, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.uploads.line._patience_s", lambda _length: 0.05)
    server, phone = ends
    phone.sendall(b"1")
    line = Line(new_id(), new_id(), server)

    with (
        server.makefile("rb", buffering=0) as source,
        pytest.raises(LineCut),
        Exchange(most=1).taken(line, length=100),
    ):
        list(pieces(source, line, most=100, expected=100))


def test_a_refused_body_is_read_away_up_to_a_limit(ends):
    server, phone = ends
    phone.sendall(b"rest")
    phone.shutdown(socket.SHUT_WR)
    with server.makefile("rb", buffering=0) as source:
        spill(source, server)
        assert source.read(1) == b""
    assert server.gettimeout() is None


@pytest.mark.parametrize(("threads", "turns"), [("8", 6), ("1", 1), ("", 6), ("32", 24)])
def test_a_quarter_of_the_threads_is_left_for_pages(
    monkeypatch: pytest.MonkeyPatch, threads: str, turns: int
):
    monkeypatch.setenv("WEB_THREADS", threads)
    assert turns_in_this_process() == turns
