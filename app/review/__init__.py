"""Review: what a unit sends for a round, who checks and accepts it, when a quarter is closed.

A draft is put together from what was captured; sent, it is frozen as an edition; returned with a
reason for each item, it is sent again; accepted or waived by somebody who did not send it.
Glossary: การส่งรายงาน = submission, ปิดไตรมาส = seal.
"""
