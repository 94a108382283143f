"""Uploads: attachments on their way, by tus 1.0, in pieces that survive any cut.

Bytes are appended to a file and fsynced before the offset is told; the finished file is hashed
as it lies on disk, and only a file whose SHA-256 was announced is kept.
Glossary: การส่งไฟล์ = upload, ไฟล์แนบ = attachment.
"""
