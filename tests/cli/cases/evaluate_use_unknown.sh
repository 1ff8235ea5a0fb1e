# status 2
printf 'use\tfile\trepo\ntrain\toriginal.jpg\tx/one\n' > manifest.tsv
hdr-process evaluate "$FIXTURES/original.jpg" --manifest manifest.tsv --use test
