# status 2
hdr-process
