# status 0
hdr-process --img "$FIXTURES/mask.png" --out . --style highlights
