# status 0
hdr-process serve --help
