"""A link that opens nothing says what may have become of it, to everybody alike."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.conftest import World


def test_a_dead_link_tells_of_links_and_not_of_somebodys_area(
    client: FlaskClient, world: World
) -> None:
    answer = client.get("/s/no-such-token", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "link_gone")
    page = client.get("/s/no-such-token")
    assert page.status_code == 404
    assert "อยู่นอกพื้นที่" not in page.text
