"""Notices: what people are told before anything is collected of them, and who answers for it.

Glossary: ประกาศความเป็นส่วนตัว = privacy notice, ผู้ควบคุมข้อมูลส่วนบุคคล = controller,
เจ้าหน้าที่คุ้มครองข้อมูล = DPO, บันทึกรายการกิจกรรมการประมวลผล = record of processing.
Entry points: service.py, routes.py.
"""
