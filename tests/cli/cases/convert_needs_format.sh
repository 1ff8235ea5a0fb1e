# status 2
hdr-process convert "$FIXTURES/original.jpg"
