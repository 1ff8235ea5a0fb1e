# status 2
hdr-process --img nowhere.jpg --json
