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

unused_names() {  # LIST...
  package_lines "$@" | sed -n 's,/unused$,,p'
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
