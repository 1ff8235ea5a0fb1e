# status 7
hdr-process convert "$FIXTURES/edit.jpg" --format heic --out .
