#!/usr/bin/env bash
# Pulls each .sql file of a folder, compiles all of the code, and compares what it declares with what was there.
#   scripts/pull_corpus.sh FOLDER
# Prints a line for each file and the sums. Needs a PostgreSQL on the machine, and the extensions that the files name.
set -euo pipefail
cd "$(dirname "$0")/.."
SCHEMA_CORPUS=$(realpath "${1:?a folder of .sql files}") \
    cargo test --offline -p schema-tests --test all pull::corpus::corpus -- --ignored --exact --nocapture
