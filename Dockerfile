# The service in one image: a static binary, a user without rights, one volume.
#
#   docker build -t verso .
#   docker run --read-only --tmpfs /tmp -p 8090:8090 -v verso:/var/lib/verso --env-file .env --stop-timeout 30 verso

FROM golang:1.26.8-alpine3.22 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /verso .

FROM alpine:3.22
# Certificates for Clerk and the engines, time zones for the dashboard's cron.
RUN apk add --no-cache ca-certificates tzdata \
 && addgroup -S -g 10001 verso \
 && adduser -S -u 10001 -G verso -h /var/lib/verso verso \
 && mkdir -p /var/lib/verso \
 && chown verso:verso /var/lib/verso
COPY --from=build /verso /usr/local/bin/verso
USER verso
WORKDIR /var/lib/verso
VOLUME /var/lib/verso
# A platform that names another port wins.
ENV PORT=8090
EXPOSE 8090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD wget -q -O /dev/null "http://127.0.0.1:${PORT}/readyz" || exit 1
ENTRYPOINT ["verso"]
CMD ["serve", "--dir", "/var/lib/verso/data"]
