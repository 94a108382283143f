"""Accounts: who uses Lakthan, in which role, for which area - and their sessions.

Four roles (volunteer, officer, reviewer, admin).  Scope is the prefix of an official area
code; a volunteer's is one centre.  A session lives in the database and ends there.

Glossary: บัญชีผู้ใช้ = account.  Entry points: access.py (every view), service.py, routes.py.
"""
