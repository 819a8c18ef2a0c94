# talktrace with live capture:
#
#   docker build -t talktrace .
#   docker run --rm -i --network none talktrace -r - <x.pcapng
#   docker run --rm --network none -v "$PWD:/captures:ro" talktrace -r /captures/x.pcapng
#   docker run --rm --network host --user root --cap-drop all --cap-add net_raw talktrace -i any
#
# It runs as a user that may do nothing. To capture takes a right, which Docker
# gives to root alone; talktrace gives it up before it looks at the first frame.
# With -it instead of -i rows are a table, in colour. For another kind of machine:
# docker buildx build --platform linux/arm64.
#
# The RUN lines are run by .ci/package too, without Docker, and the last of these
# commands with the same rights.
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
