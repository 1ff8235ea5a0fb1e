# status 2
hdr-process --img "$FIXTURES/edit.jpg" --boost 0 --out .; status=$?; ls -A; exit $status
