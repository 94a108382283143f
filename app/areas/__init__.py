"""Areas: province, district and subdistrict by their official codes.

Scope is a code prefix: `56` holds `5601` holds `560101`.  Codes have gaps and names repeat, so
nothing is ever derived by counting or looked up by name.  Data and licences: `data/SOURCES.md`.
"""
