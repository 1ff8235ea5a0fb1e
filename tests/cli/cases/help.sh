# status 0
hdr-process --help
