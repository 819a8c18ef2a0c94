# talktrace with live capture:
#
#   docker build -t talktrace .
#   docker run --rm -v "$PWD:/captures:ro" talktrace -r /captures/x.pcapng
#   docker run --rm --net host --cap-drop all --cap-add net_raw talktrace -i any
#
# The RUN lines are run by .ci/package too, without Docker.
FROM golang:1.26-bookworm AS build
COPY . /src
WORKDIR /src
ENV DIST=/dist
RUN bash .ci/dist deb

FROM debian:bookworm-slim
COPY --from=build /dist /dist
ENV DIST=/dist
RUN dpkg -i "$DIST"/talktrace_*.deb || { apt-get update && apt-get install -y --no-install-recommends -f; }
USER talktrace
ENTRYPOINT ["/usr/bin/talktrace"]
