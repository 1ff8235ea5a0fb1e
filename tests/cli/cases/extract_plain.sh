# status 7
hdr-process extract "$FIXTURES/edit.jpg" --out parts; status=$?; ls -A; exit $status
