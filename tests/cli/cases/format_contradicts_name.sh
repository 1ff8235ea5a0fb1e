# status 2
hdr-process --img "$FIXTURES/edit.jpg" --out photo.heic --format avif
