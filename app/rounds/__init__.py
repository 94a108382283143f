"""Rounds: the programme file - what forms ask - and what is due for which quarter.

A round names the quarter it counts for; the due date may lie before the letter that ordered it
or in another quarter.  Glossary: รอบรายงาน = round, ไตรมาส = quarter.
"""
