# A real salt-master with raas-plugin beside it.
FROM rust:1-bookworm AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/source/target \
    cargo build --release --locked --package raas-plugin && cp target/release/raas-plugin /usr/local/bin/raas-plugin

FROM python:3.11-slim-bookworm
ARG SALT_VERSION=3006.30
COPY etc/docker/salt.sh /tmp/salt.sh
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev procps \
    && sh /tmp/salt.sh "$SALT_VERSION" \
    && apt-get purge -y --auto-remove gcc libc6-dev && rm -rf /var/lib/apt/lists/* /tmp/salt.sh
ENV PATH=/opt/salt/bin:$PATH
COPY --from=build /usr/local/bin/raas-plugin /usr/local/bin/raas-plugin
COPY --chmod=755 etc/docker/salt-master.sh /usr/local/bin/salt-master.sh
EXPOSE 4505 4506
ENTRYPOINT ["salt-master.sh"]
