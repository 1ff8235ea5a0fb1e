# status 0
hdr-process --img "$FIXTURES/edit.jpg" --ref "$FIXTURES/original.jpg" --out out/ --format heic && ls -A out
