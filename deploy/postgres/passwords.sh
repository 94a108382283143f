#!/bin/sh
# Sets the roles' passwords from the files that make-secrets.sh made.  Run by the database's image
# at its first start, after roles.sql; by hand on a bare server, as root:
#
#     SECRETS=/etc/lakthan/secrets PSQL='sudo -u postgres psql' deploy/postgres/passwords.sh
set -eu
for role in owner app upkeep backup; do
    password=$(sed "s/'/''/g" "${SECRETS:-/run/secrets}/database_password_$role")
    # Through standard input: a password in a command line is everybody's.
    ${PSQL:-psql} --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
        --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-lakthan}" <<SQL
ALTER ROLE lakthan_$role PASSWORD '$password';
SQL
done
