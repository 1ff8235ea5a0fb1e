# status 2
hdr-process evaluate "$FIXTURES" --predictors bright,magic
