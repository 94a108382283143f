"""Incidents: what went wrong with personal data, since when it is known, and who must be told.

The Act gives 72 hours from awareness to the Commission (section 37(4)).

Glossary: เหตุละเมิดข้อมูลส่วนบุคคล = incident.  Entry points: service.py, routes.py.
"""
