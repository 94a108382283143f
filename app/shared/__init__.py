"""Shared: the ground every slice stands on - database, work, time, files, Thai text.

Knows no slice and no page.  Each module is one thing: `db`, `work`, `clock`, `ids`, `errors`,
`geo`, `files`, `thai`, `personal`, `record`, `decode`, `paging`, `tables`, `queue`, `fence`,
`panels`, `forgetting`, `versions`.
"""
