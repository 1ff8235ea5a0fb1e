# status 7
hdr-process inspect "$FIXTURES/edit.jpg"
