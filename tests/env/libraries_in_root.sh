#!/bin/sh
# libraries_in_root.sh PROGRAM MODULE ROOT: every library PROGRAM and its MODULE load, with an empty
# environment and from /, lies inside ROOT. Skipped (77) where the system's own packages are used.
set -eu
program=$1
module=$2
root=$3
[ -n "$root" ] || { echo "no private root: skipped"; exit 77; }

cd /
loader=$(find "$root"/usr/lib64/ld-linux-*.so.* "$root"/usr/lib/ld-linux-*.so.* 2>/dev/null | head -n 1)
libraries=$(env -i "$loader" --list "$program"; env -i "$loader" --list "$module")
echo "$libraries"

# Lines are "name => path (address)"; the loader itself and the vdso have no "=>" or no path.
outside=$(echo "$libraries" | sed -n 's/.*=> \(.*\)/\1/p' | grep -v "^$root/" || true)
if [ -n "$outside" ]; then
  echo "outside $root:"
  echo "$outside"
  exit 1
fi
env -i "$program" --version
