# status 0
hdr-process convert --help
