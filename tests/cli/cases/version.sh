# status 0
hdr-process --version | head -n 1
