# status 0
hdr-process evaluate --help | sed -n '1,/--write-pairs/p'
