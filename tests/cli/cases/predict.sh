# status 0
hdr-process --img "$FIXTURES/edit.jpg" --out new/folder/ --boost 2.5 && ls -A new/folder
