"""Keeping: how long each class of data is kept, what may not be destroyed, what was.

Glossary: ระยะเวลาการเก็บรักษา = keeping class, ระงับการทำลาย = legal hold,
ทะเบียนการทำลายข้อมูล = destruction log.  Entry points: classes.py, service.py.
"""
