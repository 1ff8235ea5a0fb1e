# status 7
hdr-process --img "$FIXTURES/edit.jpg" --ref "$FIXTURES/edit.jpg" --out .; status=$?; ls -A; exit $status
