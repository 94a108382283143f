"""A district's share of a list: what its own forms are made of."""

from __future__ import annotations

from dataclasses import replace

from app.packets.frozen.content import Content


def of_district(content: Content, code: str) -> Content:
    """The same list with the records of one district only.

    A share is for counting: photos and documents keep the numbers that the whole list gives.
    """
    centres = tuple(each for each in content.centres if each.district_code == code)
    mine = {centre.code for centre in centres}
    return replace(
        content,
        centres=centres,
        visits=tuple(each for each in content.visits if each.centre_code in mine),
        followups=tuple(each for each in content.followups if each.centre_code in mine),
        photos=tuple(each for each in content.photos if each.centre_code in mine),
        activities=tuple(each for each in content.activities if each.district_code == code),
        documents=tuple(each for each in content.documents if each.district_code == code),
        assessments=tuple(each for each in content.assessments if each.district_code == code),
    )
