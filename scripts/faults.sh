#!/usr/bin/env bash
# The table of faults: each test of tests/faults with this many tries, and with a second file the table of tenants.
# Usage: scripts/faults.sh [TRIES] [TABLE] [TENANTS-TABLE]     (SCHEMA_TENANTS_NUMBER: how many tenants, 1000 if not set)
set -euo pipefail
cd "$(dirname "$0")/.."
tries=${1:-20} table=${2:-target/faults.md} tenants=${3:-}
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
SCHEMA_FAULTS=$rows SCHEMA_FAULT_TRIES=$tries cargo test -p schema-tests --test all faults:: -- --test-threads=1
{
    printf '| fault | tried | what happened | data lost |\n|---|---|---|---|\n'
    sort "$rows"
} > "$table"
cat "$table"
if [ -n "$tenants" ]; then
    SCHEMA_TENANTS=$tenants cargo test -p schema-tests --test all faults::tenants::a_thousand_tenants
    cat "$tenants"
fi
