# syntax=docker/dockerfile:1
# A node of Bitcoin: Bitcoin Knots of Debian's trixie-backports, whose signature apt checks. For
# Currencies with the presets `bitcoin`, `bitcoin-testnet4`, `bitcoin-signet` and `bitcoin-regtest`:
#
#   docker build --file images/node/bitcoin.Dockerfile --tag REGISTRY/node/bitcoind:0.1.0 images/node
#
# For Bitcoin Core use release.Dockerfile with a release of your choice.

FROM debian:trixie-slim
LABEL org.opencontainers.image.title="bitcoind" \
      org.opencontainers.image.description="Bitcoin Knots of Debian, as a node of an ngpool pool" \
      org.opencontainers.image.licenses="MIT"
RUN <<SETUP
set -eu
# The archive that the image itself uses, with its backports.
sed '/^$/q; s/^Suites:.*/Suites: trixie-backports/' /etc/apt/sources.list.d/debian.sources \
    > /etc/apt/sources.list.d/backports.sources
apt-get update
apt-get install --yes --no-install-recommends --target-release trixie-backports bitcoin-knots
rm -rf /var/lib/apt/lists/* /var/log/*
SETUP
USER 65532:65532
CMD ["bitcoind"]
