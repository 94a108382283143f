"""Retention: every night, what has been kept long enough goes; what is held stays.

Glossary: การเก็บรักษาและทำลายข้อมูล = retention, ทดลองทำลาย = dry run.
Entry points: service.py (due, run), jobs.py (nightly), cli.py, routes.py.
"""
