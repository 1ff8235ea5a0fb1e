# status 7
mkdir plain && cp "$FIXTURES/edit.jpg" plain/ && echo text > plain/notes.txt
hdr-process evaluate plain
