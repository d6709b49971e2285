// Package requestid lets one request be followed through everything that comes of
// it: its answer, the request log, what the service logs on its way, and the job
// that it made or set in motion, however long that lives.
//
//	ctx = requestid.With(ctx, requestid.Of(r.Header.Get(requestid.Header)))
//	requestid.Logger(ctx, app.Logger()).Warn("…") // has "request": "…"
//
// An id says nothing about who asks. One that came with the request, from a proxy
// or a client that keeps its own, is taken over where it is well formed.
package requestid

import (
	"context"
	"crypto/rand"
	"log/slog"
	"regexp"
)

// Header carries the id, in requests and in every answer.
const Header = "X-Request-Id"

// Attribute is the name under which a log line holds the id.
const Attribute = "request"

// wellFormed is what proxies make: UUIDs, hexadecimal numbers, and the like. It
// holds nothing that would have to be escaped anywhere.
var wellFormed = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type key struct{}

// Of returns the given id, or a new one where that is none.
func Of(given string) string {
	if wellFormed.MatchString(given) {
		return given
	}
	return rand.Text()
}

// With returns a context that carries an id; for "" it is the one given.
func With(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	return context.WithValue(ctx, key{}, id)
}

// From returns the id that a context carries, or "".
func From(ctx context.Context) string {
	id, _ := ctx.Value(key{}).(string)
	return id
}

// Logger returns a logger whose lines hold the id that the context carries, if it
// carries one.
func Logger(ctx context.Context, logger *slog.Logger) *slog.Logger {
	if id := From(ctx); id != "" {
		return logger.With(Attribute, id)
	}
	return logger
}
