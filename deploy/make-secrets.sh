#!/bin/sh
# Makes every secret of an installation, each in a file of its own, and the queue's list of users.
#
#     deploy/make-secrets.sh FOLDER
#
# What is there already is kept: run it again after an update and only new ones are added.
# Where database and queue are called otherwise than in compose.yaml, say so:
#
#     DATABASE_HOST=127.0.0.1 QUEUE=redis://@127.0.0.1:6379/0 deploy/make-secrets.sh /etc/lakthan/secrets
#     DATABASE_QUERY='?sslmode=verify-full&sslrootcert=/etc/lakthan/ca.pem'
#     QUEUE='rediss://@queue.example.go.th:6379/0?ssl_ca_certs=/etc/lakthan/ca.pem'
set -eu
umask 022

folder=${1:?"a folder for the secrets"}
here=$(dirname "$0")
database_host=${DATABASE_HOST:-database}
database_query=${DATABASE_QUERY:-}
queue=${QUEUE:-redis://@queue:6379/0}
mkdir -p "$folder"
chmod 700 "$folder" # nobody else comes in; the files themselves are read by each service's own user

random() { head -c "$1" /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
hex() { head -c "$1" /dev/urandom | od -An -tx1 | tr -d ' \n'; }
digest() { printf %s "$(cat "$folder/$1")" | sha256sum | cut -d' ' -f1; }

# keep NAME VALUE: written once; a half-written file never gets the name.
keep() {
    [ -s "$folder/$1" ] && return 0
    printf '%s\n' "$2" >"$folder/$1.partial"
    mv "$folder/$1.partial" "$folder/$1"
}

keep secret_key "$(random 48)"
keep signing_key "$(random 32)" # 32 bytes in base64url; signs packets and receipts: never lose it
keep backup_passphrase "$(random 24)"
keep metrics_token "$(random 24)" # whoever measures sends it: Authorization: Bearer …
keep s3_key "GK$(hex 12)"
keep s3_secret "$(hex 32)"
keep store_rpc_secret "$(hex 32)"
[ -e "$folder/smtp_url" ] || : >"$folder/smtp_url" # yours to fill in; empty: no mails

keep database_password_superuser "$(random 24)"
for role in owner app upkeep backup; do
    keep "database_password_$role" "$(random 24)"
    keep "database_url_$role" "postgresql+psycopg://lakthan_$role:$(cat "$folder/database_password_$role")@$database_host/lakthan$database_query"
done

list="$(cat "$here/valkey/users.acl")"
for user in web worker clock exporter; do
    keep "queue_password_$user" "$(random 24)"
    keep "redis_url_$user" "$(printf %s "$queue" | sed "s|//@|//$user:$(cat "$folder/queue_password_$user")@|")"
    name=$(printf %s "$user" | tr '[:lower:]' '[:upper:]')
    list=$(printf '%s' "$list" | sed "s|@$name@|$(digest "queue_password_$user")|")
done
# Made anew each time: a new version may give a user another command.
printf '%s\n' "$list" >"$folder/users.acl.partial"
mv "$folder/users.acl.partial" "$folder/users.acl"
