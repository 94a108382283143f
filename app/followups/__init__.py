"""Follow-ups: what became of what visitors learned (การติดตามประเมินผลผู้เข้ามาเรียนรู้).

One follow-up is one check, one, three or six months after a visit: was the knowledge used?
It speaks for a stated number of people, so every rate has its denominator.  Only visitors who
agreed to be followed up are called; others can still tell when met at an activity.

Entry points: `service`, then `routes`.
"""
