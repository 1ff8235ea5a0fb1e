# status 3
hdr-process --img "$FIXTURES/edit.jpg" --max-pixels 0.01 --out .
