"""Subjects: what the person in the book can do - see, correct, withdraw, be forgotten.

A visit that names somebody gets a receipt code; who holds it needs no account.  What cannot be
done at once waits in the request queue with thirty days.

Glossary: เจ้าของข้อมูล = data subject, รหัสใบรับ = receipt code, คำขอของเจ้าของข้อมูล = request.
Entry points: receipts.py, service.py, routes.py (for the person), request_routes.py (for the desk).
"""
