# status 0
hdr-process --img "$FIXTURES/edit.jpg" --ref "$FIXTURES/original.jpg" --out photo.heic && ls -A
