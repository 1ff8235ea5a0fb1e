# Builds hdr-process from Debian's own packages and keeps what it needs to run:
#
#   docker build -t hdr-process .
#   docker run --rm -v "$PWD:/pictures" hdr-process --img edit.jpg --ref original.jpg
#
# The upload page and the HTTP API (docs/service.md): docker compose -f deploy/compose.yaml up
FROM debian:forky-slim AS build
ENV DEPS=system
RUN apt-get -qq update && apt-get -qq -y install --no-install-recommends make
WORKDIR /src
COPY env env
RUN env/setup
COPY . .
RUN make build && env/runtime_packages build/release/hdr-process build/release/libhdrp_codecs.so \
      build/release/libhdrp_models.so build/release/libhdrp_aligner.so build/release/libhdrp_http.so \
      >/runtime-packages.txt

FROM debian:forky-slim AS program
COPY --from=build /runtime-packages.txt /
RUN apt-get -qq update && \
    xargs apt-get -qq -y install --no-install-recommends </runtime-packages.txt && \
    rm -rf /var/lib/apt/lists/*
COPY --from=build /src/build/release/hdr-process /src/build/release/libhdrp_codecs.so \
  /src/build/release/libhdrp_models.so /src/build/release/libhdrp_aligner.so \
  /src/build/release/libhdrp_http.so /usr/local/bin/
WORKDIR /pictures
ENTRYPOINT ["hdr-process"]

# The service: any user, no write but to /tmp (deploy/compose.yaml mounts one and forbids the rest).
FROM program AS service
USER 65534:65534
WORKDIR /
ENV HDR_PROCESS_BIND=0.0.0.0:8080 HDR_PROCESS_FOLDER=/tmp
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=4s CMD ["hdr-process", "health"]
ENTRYPOINT ["hdr-process", "serve"]

# What `docker build .` makes.
FROM program
