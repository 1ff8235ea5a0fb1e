# status 7
hdr-process --img "$FIXTURES/dark.jpg" --out .
