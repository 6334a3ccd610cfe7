#!/usr/bin/env bash
# Makes the pictures of the studio in docs/: the example, with data, on a throwaway PostgreSQL (the machine's own, else the
# embedded one), in a headless Chromium. What they show is in tests/studio/browser/screenshots.rs.
# With pngquant they become a third as large: the page has few colours.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo test -q -p schema-tests --test all -- --ignored --exact studio::browser::screenshots::pictures

for picture in docs/studio-*.png; do
    if command -v pngquant >/dev/null; then
        pngquant --force --skip-if-larger --strip --output "$picture" 256 "$picture" || [ $? = 98 ]
    fi
    size=$(wc -c <"$picture")
    echo "$((size / 1024)) KB  $picture"
    [ "$size" -le 153600 ] || { echo "$picture is larger than 150 KB"; exit 1; }
done
