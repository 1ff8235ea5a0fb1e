# status 0
hdr-process evaluate "$FIXTURES/original.jpg" --predictors identity,bilateral --write-pairs pairs | cut -d'|' -f1-4
ls pairs
sed -E 's/[0-9a-f]{64}/SHA256/; s/"scene": .*/"scene": X/' pairs/pairs.json
