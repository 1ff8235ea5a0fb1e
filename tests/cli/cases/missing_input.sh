# status 2
hdr-process --img nowhere.jpg; status=$?; ls -A; exit $status
