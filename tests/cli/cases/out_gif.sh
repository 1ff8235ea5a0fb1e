# status 4
hdr-process --img "$FIXTURES/edit.jpg" --out photo.gif
