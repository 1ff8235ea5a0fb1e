# status 2
hdr-process --img "$FIXTURES/edit.jpg" --ref "$FIXTURES/original.jpg" --guard clamp
