# shellcheck shell=bash
# A private Postgres for one run of the tests: its own folder, its own socket, no port, gone at the end. Several can run at once.
# Sourced by ./x; exports JINSHENG_TEST_POSTGRES, a connection string.

postgres_dir=""

# The newest server's folder of binaries, or nothing. Debian keeps them off the PATH.
postgres_bin() {
    local found
    found=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
    [ -x "$found" ] || found=$(command -v initdb || true)
    [ -z "$found" ] || dirname -- "$found"
}

# Postgres refuses to run as root.
as_postgres() {
    if [ "$(id -u)" -ne 0 ]; then "$@"; else (cd / && runuser -u "$postgres_user" -- "$@"); fi
}

postgres_start() {
    local bin
    [ -z "${JINSHENG_TEST_POSTGRES:-}" ] || return 0
    bin=$(postgres_bin)
    if [ "$(id -u)" -eq 0 ]; then
        postgres_user=postgres
        id -u "$postgres_user" >/dev/null 2>&1 || postgres_user=nobody
    fi
    postgres_sweep
    # Not below TMPDIR: the path of a socket may have 107 bytes only.
    postgres_dir=$(mktemp -d /tmp/jinsheng-postgres.XXXXXX) || return 1
    trap postgres_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    echo $$ >"$postgres_dir/owner"
    if [ "$(id -u)" -eq 0 ]; then chown -R "$postgres_user" "$postgres_dir"; fi
    as_postgres "$bin/initdb" --pgdata="$postgres_dir/data" --username=jinsheng --auth=trust --encoding=UTF8 --locale=C --no-sync \
        >"$postgres_dir/initdb.log" 2>&1 || { cat "$postgres_dir/initdb.log" >&2; return 1; }
    as_postgres "$bin/pg_ctl" start --pgdata="$postgres_dir/data" --log="$postgres_dir/data/server.log" --silent --wait --timeout=60 \
        --options="-c listen_addresses='' -c unix_socket_directories='$postgres_dir' -c fsync=off -c full_page_writes=off" \
        >/dev/null 2>&1 || { cat "$postgres_dir/data/server.log" >&2; return 1; }
    export JINSHENG_TEST_POSTGRES="host=$postgres_dir user=jinsheng dbname=postgres"
}

postgres_stop() {
    [ -z "$postgres_dir" ] || postgres_remove "$postgres_dir"
    postgres_dir=""
}

postgres_remove() {
    local bin
    bin=$(postgres_bin)
    if [ -f "$1/data/postmaster.pid" ]; then
        as_postgres "$bin/pg_ctl" stop --pgdata="$1/data" --mode=immediate --silent >/dev/null 2>&1 || true
    fi
    rm -rf -- "$1"
}

# What a run that was killed outright has left behind.
postgres_sweep() {
    local left
    for left in /tmp/jinsheng-postgres.*; do
        if [ -O "$left" ] || [ "$(id -u)" -eq 0 ]; then
            if [ -f "$left/owner" ] && ! kill -0 "$(cat "$left/owner")" 2>/dev/null; then postgres_remove "$left"; fi
        fi
    done
}
