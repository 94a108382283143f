"""Devices: phones that record for an account - enrolled, heard from, revoked.

A device is one browser's storage used by one account.  It holds a bearer token, signs what it
captures with a key that never leaves it, and says by heartbeats how much it has not sent yet.
Pure parts: signing, nonce, locker, beats, rules.  Entry points: access.py (`@allow_device`),
enrolment.py and service.py, then routes.py (what phones ask) and page_routes.py (what people see).
Glossary: โทรศัพท์ที่ลงทะเบียน = device, การลงทะเบียนโทรศัพท์ = enrolment, สัญญาณชีพ = heartbeat.
"""
