# status 5
echo hello > a.jpg; hdr-process --img a.jpg; status=$?; ls -A; exit $status
