"""Audit: who did what, when.  Appended to, never changed; sealed into a hash chain.

An entry holds no personal data: ids, codes and counts only, so that a person can be forgotten
without breaking the chain.  Glossary: บันทึกการตรวจสอบ = audit.
"""
