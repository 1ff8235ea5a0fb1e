# status 0
cp "$FIXTURES/edit.jpg" "$FIXTURES/original.jpg" .
hdr-process --img edit.jpg --ref original.jpg || exit
ls -A
# Nothing is overwritten without being asked; the same command gives the same bytes.
sha256sum ./edit_* > sums
hdr-process --img edit.jpg --ref original.jpg && exit 99
hdr-process --img edit.jpg --ref original.jpg --force --quiet -j 3 && sha256sum --quiet -c sums
