"""Sync: the door phones use, `/api/v1` - records in, receipts out, and what changed since.

Each item of a batch is judged and committed alone.  What cannot be applied yet (its parent has
not come) or not any more (somebody else changed it) is held, never dropped.
Glossary: ใบรับ = receipt, รายการที่พักไว้ = held item.  The contract: openapi.yaml.
"""
