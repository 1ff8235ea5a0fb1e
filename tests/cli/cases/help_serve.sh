hdr-process serve --help
