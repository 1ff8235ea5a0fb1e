# status 0
hdr-process inspect "$FIXTURES/original.jpg" | sed -E "s/[0-9]+\.[0-9]+/X/g"
