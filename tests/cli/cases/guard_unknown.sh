# status 2
hdr-process --img "$FIXTURES/edit.jpg" --guard sparkle
