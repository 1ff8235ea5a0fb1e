# Builds hdr-process from Debian's own packages and keeps what it needs to run:
#
#   docker build -t hdr-process .
#   docker run --rm -v "$PWD:/pictures" hdr-process --img edit.jpg --ref original.jpg
FROM debian:forky-slim AS build
ENV DEPS=system
RUN apt-get -qq update && apt-get -qq -y install --no-install-recommends make
WORKDIR /src
COPY env env
RUN env/setup
COPY . .
RUN make build && env/runtime_packages build/release/hdr-process build/release/libhdrp_codecs.so \
      build/release/libhdrp_models.so \
      >/runtime-packages.txt

FROM debian:forky-slim
COPY --from=build /runtime-packages.txt /
RUN apt-get -qq update && \
    xargs apt-get -qq -y install --no-install-recommends </runtime-packages.txt && \
    rm -rf /var/lib/apt/lists/*
COPY --from=build /src/build/release/hdr-process /src/build/release/libhdrp_codecs.so \
  /src/build/release/libhdrp_models.so /usr/local/bin/
WORKDIR /pictures
ENTRYPOINT ["hdr-process"]
