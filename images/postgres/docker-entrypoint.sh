#!/bin/sh
# Starts Debian's PostgreSQL by the words of Docker's own image, as far as the bundled database of a
# pool uses them: POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, PGDATA.
# An empty PGDATA is filled first. Made for the images of the tests; others use Docker's.
set -eu

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
PGDATA=${PGDATA:-/var/lib/postgresql/data}
export PGDATA

if [ "${1:-postgres}" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
    umask 077
    password=/tmp/password.$$
    trap 'rm -f "$password"' EXIT
    if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
        cat "$POSTGRES_PASSWORD_FILE" > "$password"
    else
        printf '%s' "${POSTGRES_PASSWORD:?a password is needed}" > "$password"
    fi
    # A start that was killed half-way left no cluster behind, only files of one.
    new=$PGDATA.new
    rm -rf "$new"
    initdb --pgdata="$new" --username="$user" --pwfile="$password" --encoding=UTF8 --locale=C.UTF-8 \
        --auth-local=trust --auth-host=scram-sha-256 > /dev/null
    rm -f "$password"
    trap - EXIT
    echo "host all all all scram-sha-256" >> "$new/pg_hba.conf"
    if [ "$database" != postgres ]; then
        echo "CREATE DATABASE \"$database\" OWNER \"$user\";" \
            | postgres --single -D "$new" -c listen_addresses='' postgres > /dev/null
    fi
    mv "$new" "$PGDATA"
fi

[ $# -gt 0 ] || set -- postgres
if [ "$1" = postgres ]; then
    shift
    exec postgres -c listen_addresses='*' "$@"
fi
exec "$@"
