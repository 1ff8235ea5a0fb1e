# status 0
hdr-process inspect --help
