# status 5
printf 'file\trepo\noriginal.jpg\tx/one\textra\n' > manifest.tsv
hdr-process evaluate "$FIXTURES/original.jpg" --manifest manifest.tsv
