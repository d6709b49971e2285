# syntax=docker/dockerfile:1
# The service in one image: a static binary, a user without rights, one volume.
#
#   docker build -t verso .
#   docker run --read-only --tmpfs /tmp -p 8090:8090 -v verso:/var/lib/verso --env-file .env --stop-timeout 30 verso
#
# Hosts that mount the volume as root's are served by the stage "rooted", see
# docs/deploying.md.

FROM golang:1.26.8-alpine3.24@sha256:8ac98ca534ac3f51e1f420a1dd2c15e74c75cfa0f23f3ad27eb5d7236c349a0c AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /verso .

FROM alpine:3.24.2@sha256:294b683cb724975bec92580e1e685676bd4b50bda910ddb8c51d4cabeaec77e6 AS system
# A system with nothing in it but certificates for Clerk and the engines, a shell for
# the entry and the health check, and what the entry gives up root's rights with: no
# package manager, no other commands. Time zones are in the binary.
RUN apk add --no-cache ca-certificates-bundle setpriv && \
    programs="/bin/busybox $(command -v setpriv)" && \
    libraries=$(for program in $programs; do ldd "$program"; done | awk '$2 == "=>" { print $3; next } { print $1 }' | grep ^/ | sort -u) && \
    mkdir -p /system/usr/local/bin /system/var/lib/verso && \
    tar -chf - $programs $libraries /etc/ssl/certs/ca-certificates.crt | tar -xf - -C /system && \
    for command in sh id find chown wget; do ln -s busybox "/system/bin/$command"; done && \
    mkdir -m 1777 /system/tmp && \
    echo 'root:x:0:0:root:/:/bin/sh' >/system/etc/passwd && \
    echo 'verso:x:10001:10001:verso:/var/lib/verso:/bin/sh' >>/system/etc/passwd && \
    printf 'root:x:0:\nverso:x:10001:\n' >/system/etc/group && \
    chown 10001:10001 /system/var/lib/verso

FROM scratch AS base
COPY --from=system /system/ /
COPY --from=build /verso /usr/local/bin/verso
COPY --chmod=0755 docs/deploy/entry.sh /usr/local/bin/entry.sh
ENV PATH=/usr/local/bin:/usr/bin:/bin
WORKDIR /var/lib/verso
VOLUME /var/lib/verso
# A platform that names another port wins.
ENV PORT=8090
EXPOSE 8090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s \
  CMD wget -q -O /dev/null "http://127.0.0.1:${PORT}/readyz" || exit 1
ENTRYPOINT ["entry.sh"]
CMD ["serve", "--dir", "/var/lib/verso/data"]

# Starts as root, takes over the volume, and goes on as verso.
FROM base AS rooted
USER root

FROM base
USER verso
