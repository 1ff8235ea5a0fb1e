# Shared by env/setup and env/run: where the roots are and what is in the package lists.
# shellcheck shell=bash

cache_dir() {
  echo "${XDG_CACHE_HOME:-${HOME:?}/.cache}/hdr-process"
}

package_lines() {  # LIST...
  sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@"
}

package_names() {  # LIST...
  package_lines "$@" | sed -e '\,/unused$,d' -e 's,/.*,,'
}

# What a root for `what` (test, fuzz, torch; empty: the base root) is made of.
root_lists() {  # [WHAT]
  local folder
  folder=$(dirname "${BASH_SOURCE[0]}")
  echo "$folder/packages.txt"
  [ -z "${1:-}" ] || echo "$folder/packages-$1.txt"
  # The page's tests take the host's npm where there is one: it knows the host's registry.
  if [ "${1:-}" = test ] && ! command -v npm >/dev/null; then echo "$folder/packages-npm.txt"; fi
}

unused_names() {  # LIST...
  package_lines "$@" | sed -n 's,/unused$,,p'
}

daemon_names() {  # LIST...
  package_lines "$@" | sed -n 's,/daemon$,,p'
}

forky_names() {  # LIST...
  package_lines "$@" | sed -n 's,/forky$,,p'
}

# Raise this when env/setup makes a root differently from the same lists.
root_recipe=3

root_path() {  # LIST...
  local key
  key=$({ echo "$root_recipe"; package_lines "$@"; } | sha256sum | cut -c1-12)
  echo "$(cache_dir)/root-$key"
}
