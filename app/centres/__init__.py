"""Centres: the model plots that teach (ศูนย์เรียนรู้ / พื้นที่ต้นแบบ).

A centre has a position, a radius, a class and a steward.  Everything captured in the field
belongs to one centre; whoever may see the centre may see its records.
"""
