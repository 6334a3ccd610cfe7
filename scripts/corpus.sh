#!/usr/bin/env bash
# Scores `schema` on a corpus of other people's schemas, and prints one table: forward and back, pairs, histories, schemas.
#
#   scripts/corpus.sh DIR [OPTION...]     DIR has run_pairs.py and tools/pg_server.sh; options go to run_pairs.py (-j 2, --split dev)
#
# PROGRAM names a built `schema`, else one is built; PARTS names some of the table's rows, else it is all. Nothing of the corpus comes into the repository: results go to OUT (default: a new folder in the temporary directory).
set -euo pipefail
[ $# -gt 0 ] && [ -f "$1/run_pairs.py" ] || { sed -n '2,7p' "$0" >&2; exit 2; }
corpus=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/.."
out=${OUT:-$(mktemp -d "${TMPDIR:-/tmp}/schema-corpus.XXXXXX")}
mkdir -p "$out"

repo=$PWD
program=${PROGRAM:-}
if [ -z "$program" ]; then
    cargo build --release --quiet -p schema-cli
    program=$(cd "${CARGO_TARGET_DIR:-target}/release" && pwd)/schema
fi
"$corpus/tools/pg_server.sh" start >"$out/server.log" 2>&1 || { tail -5 "$out/server.log" >&2; exit 1; }
# Outside of any project: no schema.toml has a say.
cd "$out"

rows=()
score() { # NAME, then what run_pairs.py gets
    local name=$1 summary=$out/$1.summary.txt
    shift
    [ -z "${PARTS:-}" ] || [[ " $PARTS " == *" $name "* ]] || return 0
    echo "--- $name" >&2
    if ! "$corpus/run_pairs.py" --name "$name" --out "$out" "$@" >"$out/$name.log" 2>&1; then
        rows+=("$name|the runner failed: $(tail -n 1 "$out/$name.log")")
        return
    fi
    # ALL  n pass pass% | wrong plan-error apply-error timeout setup-error | idempotent ...
    rows+=("$name|$(awk '$1 == "ALL" { print $2, $3, $4, $6, $7, $8, $9, $10, $12; exit }' "$summary")")
}

diff="$program diff --from {old} --to {new}"
score pairs --tool "$diff" "$@"
score pairs-reverse --reverse --tool "$diff" "$@"
score histories --histories all --tool "$diff" "$@"
score schemas --schemas all --tool "$diff" "$@"
score schemas-reverse --schemas all --reverse --tool "$diff" "$@"

# What inspect prints, run on an empty database, is the whole plan; asked again, the two must be equal.
has() { "$program" "$1" --help >/dev/null 2>&1; }
if has inspect; then
    cat >"$out/inspect" <<EOF
#!/bin/sh
if "$program" diff --exit-code --from "\$1" --to "\$2" >/dev/null; then exit 0; fi
exec "$program" inspect "\$2"
EOF
    chmod +x "$out/inspect"
    score inspect-restores --schemas all --tool "$out/inspect {old} {new}" "$@"
fi

# The code that pull writes, compiled: its plan from the empty database is the whole plan.
if has pull; then
    project=$out/project
    mkdir -p "$project/src"
    printf '[package]\nname = "pulled"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n%s = { path = "%s" }\n\n[workspace]\n' \
        schema-core "$repo/schema-core" >"$project/Cargo.toml"
    echo 'mod schema;' >"$project/src/lib.rs"
    cat >"$out/pull" <<EOF
#!/bin/sh
if "$program" diff --exit-code --from "\$1" --to "\$2" >/dev/null; then exit 0; fi
cd "$project" && rm -rf src/schema
"$program" pull "\$2" --types none >&2 || [ \$? = 1 ] || exit 2
exec "$program" diff --from "\$1" --to code
EOF
    chmod +x "$out/pull"
    # One after the other: they share the project.
    score pull-round-trip --schemas all --timeout 300 --tool "$out/pull {old} {new}" "$@" -j 1
fi

printf '\n%-18s %6s %6s %7s %6s %6s %6s %6s %6s %6s\n' "" cases pass pass% wrong planE applyE timeo setupE idem
for row in "${rows[@]}"; do
    values=${row#*|}
    # shellcheck disable=SC2086
    if [ "$(wc -w <<<"$values")" = 9 ]; then
        printf '%-18s %6s %6s %7s %6s %6s %6s %6s %6s %6s\n' "${row%%|*}" $values
    else
        printf '%-18s %s\n' "${row%%|*}" "$values"
    fi
done
echo
echo "failures, each with its plan: $out/NAME/SOURCE/CASE"
