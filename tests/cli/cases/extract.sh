# status 0
hdr-process extract "$FIXTURES/original.jpg" --out parts --hdr exr && ls -A parts
# The base has no map any more; the map is a JPEG of its own.
hdr-process inspect parts/original_base.jpg > /dev/null 2>&1; echo "inspect: $?"
