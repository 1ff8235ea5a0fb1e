# status 4
hdr-process --img "$FIXTURES/mask.png" --out .
