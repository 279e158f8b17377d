# A real salt-minion.
FROM python:3.11-slim-bookworm
ARG SALT_VERSION=3006.30
COPY etc/docker/salt.sh /tmp/salt.sh
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev procps \
    && sh /tmp/salt.sh "$SALT_VERSION" \
    && apt-get purge -y --auto-remove gcc libc6-dev && rm -rf /var/lib/apt/lists/* /tmp/salt.sh
ENV PATH=/opt/salt/bin:$PATH
COPY --chmod=755 etc/docker/salt-minion.sh /usr/local/bin/salt-minion.sh
ENTRYPOINT ["salt-minion.sh"]
