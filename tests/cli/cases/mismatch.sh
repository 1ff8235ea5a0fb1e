# status 6
hdr-process --img "$FIXTURES/other.jpg" --ref "$FIXTURES/original.jpg" --out .; status=$?; ls -A; exit $status
