# status 10
hdr-process --img "$FIXTURES/edit.jpg" --timeout 0.000001 --out .; status=$?; ls -A; exit $status
