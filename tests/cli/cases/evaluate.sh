# status 0
hdr-process evaluate --predictors identity,bilateral "$FIXTURES/original.jpg" --write-pairs pairs | cut -d'|' -f1-5
ls pairs
sed -E 's/[0-9a-f]{64}/SHA256/; s/"(source|scene)": .*/"\1": X/' pairs/pairs.json
