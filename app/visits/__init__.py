"""Visits: the centre's visitor book (สมุดบันทึกข้อมูลผู้มาใช้บริการ), one entry at a time.

An entry is a person or a group who came to learn, study or take part.  Counting needs no
personal data; a name and a phone are kept only with the visitor's consent to be followed up.
The phone chooses the id, so the same entry may arrive many times and is stored once.

Entry points: `service`, then `routes`.
"""
