# status 74
touch file
hdr-process --img "$FIXTURES/edit.jpg" --ref "$FIXTURES/original.jpg" --out file/sub/; status=$?
ls -A; exit $status
