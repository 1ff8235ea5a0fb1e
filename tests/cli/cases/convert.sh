# status 0
hdr-process convert "$FIXTURES/original.jpg" --format avif --out . && ls -A
hdr-process convert original.avif --out back.jpg && ls -A
hdr-process inspect back.jpg | sed -n 2,9p
