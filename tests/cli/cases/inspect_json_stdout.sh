# status 0
# A library that reports broken XMP to stdout must not be heard between the lines of the JSON.
LC_ALL=C sed 's/hdrgm:HDRCapacityMin/hdrgm:HDRCap\x80cityMin/; s/iso:ts:21496/iso:ts:21497/g' \
  "$FIXTURES/original.jpg" > broken.jpg
hdr-process inspect broken.jpg --json | head -n 1
