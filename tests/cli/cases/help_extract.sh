# status 0
hdr-process extract --help
