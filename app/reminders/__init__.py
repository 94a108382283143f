"""Reminders: who owes what by when - on the page, by push and e-mail, for LINE, in a calendar.

A row is made once for each account, occurrence and step; each way of telling looks for rows that
it has not told yet.  Glossary: การแจ้งเตือน = reminder.
"""
