"""Looks: who saw the name or number of whom, when, through which door (section 37(1)).

The slices that show personal data write an audit entry as they do; here these are read.

Glossary: การเปิดดูข้อมูลส่วนบุคคล = look.  Entry points: queries.py, routes.py, panel.py.
"""
