# syntax=docker/dockerfile:1
# A node from a release archive of your choice, for coins that no distribution packages: Dogecoin,
# Namecoin, Bitcoin Core and others. You say where the archive is and what its SHA-256 is; take that
# from the project's signed list of checksums, having checked the signature. Nothing is built and
# nothing is trusted that you did not name.
#
#   docker build --file images/node/release.Dockerfile \
#       --build-arg BINARY=dogecoind \
#       --build-arg ARCHIVE=https://…/dogecoin-1.14.9-x86_64-linux-gnu.tar.gz \
#       --build-arg SHA256=… \
#       --tag REGISTRY/node/dogecoind:0.1.0 images/node
#
# The name of the image is the name of the daemon: that is where the operator looks. The archive is a
# .tar.gz or .tar.xz that has the program in a folder `bin`, as releases of this family do. Give the
# archive of the architecture you build for.

FROM debian:bookworm-slim AS fetch
ARG ARCHIVE
ARG SHA256
ARG BINARY
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates curl xz-utils
RUN <<FETCH
set -eu
: "${ARCHIVE:?name the archive by --build-arg ARCHIVE}"
: "${SHA256:?name its checksum by --build-arg SHA256}"
: "${BINARY:?name the daemon by --build-arg BINARY}"
curl --fail --location --proto '=https' --output /archive "$ARCHIVE"
echo "$SHA256  /archive" | sha256sum --check --strict
mkdir -p /unpacked /image/usr/local/bin
tar --extract --file /archive --directory /unpacked
# The daemon, and the client beside it for people who look into a node.
found=$(find /unpacked -type f -path "*/bin/$BINARY")
install --mode=755 "$found" "/image/usr/local/bin/$BINARY"
client=$(dirname "$found")/${BINARY%d}-cli
[ ! -f "$client" ] || install --mode=755 "$client" /image/usr/local/bin/
FETCH

FROM debian:bookworm-slim
ARG BINARY
LABEL org.opencontainers.image.title="${BINARY}" \
      org.opencontainers.image.description="A node of an ngpool pool, from a release archive"
COPY --from=fetch /image/ /
# It says its version, or is no program for this image.
RUN ["/bin/sh", "-c", "for program in /usr/local/bin/*d; do \"$program\" -version > /dev/null; done"]
USER 65532:65532
# A Coinserver's pod names the daemon and its arguments; there is nothing to run by default.
