# syntax=docker/dockerfile:1
# A node of Litecoin: Debian's package, whose signature apt checks. For Currencies with the presets
# `litecoin`, `litecoin-testnet` and `litecoin-regtest`:
#
#   docker build --file images/node/litecoin.Dockerfile --tag REGISTRY/node/litecoind:0.1.0 images/node

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="litecoind" \
      org.opencontainers.image.description="Litecoin Core of Debian, as a node of an ngpool pool" \
      org.opencontainers.image.licenses="MIT"
RUN apt-get update \
    && apt-get install --yes --no-install-recommends litecoind \
    && rm -rf /var/lib/apt/lists/* /var/log/* \
    # /usr/bin/litecoind is a wrapper that writes into the home directory; this is the real one.
    && ln -s /usr/lib/litecoin/litecoind /usr/local/bin/litecoind
USER 65532:65532
CMD ["litecoind"]
