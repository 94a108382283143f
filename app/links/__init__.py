"""Links: one object for whoever holds the address, for a while.

128 random bits, one object, an expiry, revocable; what was withdrawn is gone there as well.

Glossary: ลิงก์ส่งต่อ = share link.  Entry points: service.py, routes.py.
"""
