# status 0
hdr-process --img "$FIXTURES/edit.jpg" --ref "$FIXTURES/original.jpg" --out sub/photo.jpg --hdr tiff -q && ls -A sub
