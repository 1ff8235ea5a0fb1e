# status 0
hdr-process inspect "$FIXTURES/original.jpg" --json | sed -E "s/[0-9]+\.[0-9]+/X/g"
