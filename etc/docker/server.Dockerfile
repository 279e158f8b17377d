# The server with the console in it.
FROM node:22-bookworm-slim AS console
WORKDIR /console
COPY crates/console/web/package.json crates/console/web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY crates/console/web/ ./
RUN npm run build

FROM rust:1-bookworm AS build
WORKDIR /source
COPY . .
COPY --from=console /console/dist crates/console/web/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/source/target \
    cargo build --release --locked --package raas-cli && cp target/release/raas /usr/local/bin/raas

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/raas --create-home raas
COPY --from=build /usr/local/bin/raas /usr/local/bin/raas
COPY --chmod=755 etc/docker/server.sh /usr/local/bin/server.sh
USER raas
VOLUME /var/lib/raas
EXPOSE 8080
ENTRYPOINT ["server.sh"]
