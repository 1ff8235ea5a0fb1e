# status 0
mkdir photos
for name in a b c d; do cp "$FIXTURES/original.jpg" photos/$name.jpg; done
printf 'use\tfile\trepo\ntrain\ta.jpg\tx/one\ntrain\tb.jpg\tx/one\ntrain\tc.jpg\ty/two\nvalidate\td.jpg\tz\n' > photos/manifest.tsv
hdr-process evaluate photos --manifest photos/manifest.tsv --use train --predictors identity,bright > tables
grep -A5 '^## phone' tables | cut -d'|' -f1-5
grep -A12 '^By source' tables
