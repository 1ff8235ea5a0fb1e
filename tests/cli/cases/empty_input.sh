# status 5
touch empty.jpg; hdr-process --img empty.jpg
