"""Packets: the evidence of a centre, a district or the province for one quarter.

A packet is a pure function of a frozen list (`content.py`): the same list gives the same
bytes, whenever and wherever it is built.  An issued edition never changes; what arrives
later goes into the next edition.

Glossary: ชุดหลักฐาน = packet, ฉบับที่ = edition, รายการที่ไม่ครบถ้วน = gap.
From the list to the file: content -> photos -> report, tables -> bag -> verify.
Entry points: service.py (request), claims.py (claim, finish), compile.py (list to file), then
routes.py.
"""
