#!/bin/sh
# A command by hand on a bare server, with the installation's settings, its secrets, and the database
# account that this command needs.  As root:
#
#     /opt/lakthan/current/deploy/flask.sh retention show
#
# In a container there is nothing to put together: docker compose exec web python -m flask …
set -eu
etc=${LAKTHAN_ETC:-/etc/lakthan}
cd "$(dirname "$0")/.."
case "${1:-}" in
    db | restore) role=owner ;;
    backup) role=backup ;;
    retention) role=upkeep ;;
    *) role=app ;;
esac
while IFS= read -r line; do
    case "$line" in '#'* | '') ;; *) export "$line" ;; esac
done <"$etc/lakthan.env"
secret() { cat "$etc/secrets/$1"; }
# In the environment of one process, which only its account and root can look into: the files are root's.
SECRET_KEY=$(secret secret_key) LAKTHAN_SIGNING_KEY=$(secret signing_key)
DATABASE_URL=$(secret "database_url_$role") REDIS_URL=$(secret redis_url_worker)
LAKTHAN_VAR=${LAKTHAN_VAR:-/var/lib/lakthan}
export SECRET_KEY LAKTHAN_SIGNING_KEY DATABASE_URL REDIS_URL LAKTHAN_VAR
[ "$role" = app ] || [ "$role" = upkeep ] || LAKTHAN_BACKUP_PASSPHRASE=$(secret backup_passphrase)
[ -z "${LAKTHAN_BACKUP_PASSPHRASE:-}" ] || export LAKTHAN_BACKUP_PASSPHRASE
set -- "${LAKTHAN_PYTHON:-.venv/bin/python}" -m flask --app app "$@"
[ "$(id -u)" != 0 ] || set -- runuser -u "${LAKTHAN_USER:-lakthan}" -- "$@"
exec "$@"
