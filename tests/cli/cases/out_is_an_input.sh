# status 2
cp "$FIXTURES/edit.jpg" "$FIXTURES/original.jpg" .
hdr-process --img edit.jpg --ref original.jpg --out original.jpg --force; status=$?
cmp original.jpg "$FIXTURES/original.jpg" && ls -A; exit $status
