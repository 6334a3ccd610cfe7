#!/usr/bin/env bash
# Runs the embedded PostgreSQL for real: in a fresh Debian 13 that has no PostgreSQL, as root and as an ordinary user.
# (The embedded binaries need glibc 2.38, which the machine that builds may not have.)
#
#   scripts/embedded_check.sh [SQL_FILE]      needs root, debootstrap, and a Debian mirror
#
# DIR (default /tmp/schema-embedded-check) keeps the Debian userland for the next time; MIRROR names the mirror.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=${DIR:-/tmp/schema-embedded-check}
root=$dir/root
mirror=${MIRROR:-http://deb.debian.org/debian}

[ "$(id -u)" = 0 ] || { echo "needs root (debootstrap, chroot)"; exit 2; }
command -v debootstrap >/dev/null || { echo "needs debootstrap: apt-get install debootstrap"; exit 2; }

cargo build --quiet -p schema-core --features embedded --example scratch_probe
binary=${CARGO_TARGET_DIR:-target}/debug/examples/scratch_probe

if [ ! -f "$dir/made" ]; then
  rm -rf "$root"
  mkdir -p "$dir"
  debootstrap --variant=minbase trixie "$root" "$mirror" >"$dir/debootstrap.log" 2>&1 ||
    { tail -20 "$dir/debootstrap.log"; exit 1; }
  chroot "$root" useradd --create-home tester
  touch "$dir/made"
fi
install -m 755 "$binary" "$root/usr/local/bin/scratch_probe"
if [ $# -gt 0 ]; then install -m 644 "$1" "$root/tmp/schema.sql"; fi

# Mounts and processes of their own: both are gone with the script, whatever happens.
unshare --mount --pid --fork --kill-child bash -euo pipefail -s "$root" "${1:+/tmp/schema.sql}" <<'INSIDE'
root=$1 sql=${2:-}
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm" 2>/dev/null || { mkdir -p "$root/dev/shm"; mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"; }
in_chroot() { chroot "$root" "$@"; }
if in_chroot sh -c 'command -v postgres || ls /usr/lib/postgresql' >/dev/null 2>&1; then
  echo "there is a PostgreSQL in $root: nothing would be shown"; exit 1
fi
in_chroot sh -c '. /etc/os-release; echo "$PRETTY_NAME, $(ldd --version | head -1)"'
rm -rf "$root/var/cache/schema" "$root/home/tester/.cache"

run() { # WHO COMMAND...
  local who=$1; shift
  for temperature in cold warm; do
    echo "-- as $who, $temperature"
    output=$("$@") || { echo "$output"; exit 1; }
    echo "$output"
    grep -q '^PostgreSQL 18.* (embedded)$' <<<"$output" || { echo "not the embedded PostgreSQL"; exit 1; }
    grep -q '^rows: 3$' <<<"$output" || { echo "no rows"; exit 1; }
    grep -q '^extensions: [1-9][0-9]' <<<"$output" || { echo "no contrib extensions"; exit 1; }
  done
}
run root chroot "$root" env -i HOME=/root PATH=/usr/local/bin:/usr/bin:/bin scratch_probe $sql
run tester chroot --userspec=tester:tester "$root" env -i HOME=/home/tester PATH=/usr/local/bin:/usr/bin:/bin scratch_probe $sql

# What was told to stop stops by itself: nothing may remain.
for _ in $(seq 200); do
  left=$(for comm in /proc/[0-9]*/comm "$root"/proc/[0-9]*/comm; do cat "$comm" 2>/dev/null || true; done | grep -c '^postgres$' || true)
  [ "$left" = 0 ] && break
  read -rt 0.05 _ <> <(:) || true
done
in_chroot sh -c 'cat /proc/[0-9]*/comm 2>/dev/null' | grep '^postgres$' && { echo "a server is left running"; exit 1; }
echo "no server is left; the cache takes $(du -sh "$root/var/cache/schema" | cut -f1) (root) on disk and $(du -sh "$root/dev/shm" | cut -f1) in memory"
INSIDE
echo "embedded PostgreSQL: works as root and as an ordinary user"
