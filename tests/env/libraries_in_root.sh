#!/bin/sh
# libraries_in_root.sh ROOT PROGRAM MODULE...: every library PROGRAM and its modules load, with an empty
# environment and from /, lies inside ROOT. Skipped (77) where the system's own packages are used.
set -eu
root=$1
program=$2
shift
[ -n "$root" ] || { echo "no private root: skipped"; exit 77; }

cd /
loader=$(find "$root"/usr/lib64/ld-linux-*.so.* "$root"/usr/lib/ld-linux-*.so.* 2>/dev/null | head -n 1)
libraries=$(for file in "$@"; do env -i "$loader" --list "$file"; done)
echo "$libraries"

# Lines are "name => path (address)"; the loader itself and the vdso have no "=>" or no path.
outside=$(echo "$libraries" | sed -n 's/.*=> \(.*\)/\1/p' | grep -v "^$root/" || true)
if [ -n "$outside" ]; then
  echo "outside $root:"
  echo "$outside"
  exit 1
fi
env -i "$program" --version
