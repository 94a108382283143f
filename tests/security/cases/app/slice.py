# Rules that hold under app/ alone.  Never imported.
# ruleid: commit-by-hand
session.commit()
# ruleid: commit-by-hand
db.session.commit()
# ok: commit-by-hand
session.flush()

# ruleid: second-clock
datetime.now(UTC)
# ruleid: second-clock
date.today()
# ok: second-clock
clock.now()
