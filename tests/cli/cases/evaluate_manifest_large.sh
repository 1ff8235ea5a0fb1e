# status 3
head -c 5000000 /dev/zero > manifest.tsv
hdr-process evaluate "$FIXTURES/original.jpg" --manifest manifest.tsv
