package bounds

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// BodyMiddlewareID is the id of the middleware that bounds bodies. Routes that take
// uploads unbind it and have bounds of their own.
const BodyMiddlewareID = "versoBoundBodies"

const (
	// bodyPriority stands behind the rate limit and before PocketBase's body limit.
	bodyPriority = apis.DefaultBodyLimitMiddlewarePriority - 1
	// maxGuestBody is the most that somebody may send who has not signed in: twice
	// what a webhook's payload may have.
	maxGuestBody = 2 << 20
	// maxUserBody is the most for who has: a document's whole glossary and then some.
	maxUserBody = 9 << 20
	// bodyTime is how long a body may take, beside what it takes on the slowest line,
	// which brings slowestLine bytes a second.
	bodyTime    = 30 * time.Second
	slowestLine = 32 << 10
	// filesTime is how long a record with files may take, as PocketBase has it.
	filesTime = 5 * time.Minute
	// dropTime is how long the rest of a body is waited for that nobody reads.
	dropTime = 2 * time.Second
)

// boundBodies bounds what is read of a request's body and how long that takes.
// Superusers are not bounded: they send backups.
func boundBodies(within time.Duration) *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       BodyMiddlewareID,
		Priority: bodyPriority,
		Func: func(e *core.RequestEvent) error {
			if e.HasSuperuserAuth() || e.Request.ContentLength == 0 {
				return e.Next()
			}
			most := int64(maxUserBody)
			if e.Auth == nil {
				most = maxGuestBody
			}
			body := bound(e, most, within)
			writes, err := writesRecord(e)
			switch {
			case err != nil:
				return err
			case writes && e.Auth != nil:
				// An operator's own collection may take files, of a size that PocketBase
				// bounds by its fields.
				body.most = math.MaxInt64
				body.deadline(time.Now().Add(filesTime))
			case e.Request.ContentLength > most:
				return tooLarge(most)
			}
			return e.Next()
		},
	}
}

// writesRecord reports whether a request makes or changes a record. It refuses those
// that nobody but a superuser may make, which PocketBase would read whole first.
func writesRecord(e *core.RequestEvent) (bool, error) {
	create := e.Request.Pattern == "POST /api/collections/{collection}/records"
	if !create && e.Request.Pattern != "PATCH /api/collections/{collection}/records/{id}" {
		return false, nil
	}
	collection, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
	if err != nil {
		return false, e.NotFoundError("Missing or invalid collection context.", err)
	}
	rule := collection.UpdateRule
	if create {
		rule = collection.CreateRule
	}
	if rule == nil {
		return false, e.ForbiddenError("Only superusers can perform this action.", nil)
	}
	return true, nil
}

// bound puts the bounds beneath PocketBase's wrapper, which keeps what it reads for a
// second reading.
func bound(e *core.RequestEvent, most int64, within time.Duration) *bounded {
	length := e.Request.ContentLength
	if length < 0 || length > most {
		length = most
	}
	body := &bounded{ReadCloser: e.Request.Body, connection: http.NewResponseController(e.Response), most: most}
	if wrapped, ok := e.Request.Body.(*router.RereadableReadCloser); ok {
		body.ReadCloser = wrapped.ReadCloser
		wrapped.ReadCloser = body
	} else {
		e.Request.Body = body
	}
	body.deadline(time.Now().Add(within + time.Duration(length/slowestLine)*time.Second))
	return body
}

// bounded is a body that ends with an error beyond so many bytes, and in time.
type bounded struct {
	io.ReadCloser
	connection *http.ResponseController
	read, most int64
	done       bool // it was read to its end
}

// Read reads on, and fails beyond the bound. At the end net/http takes the deadline
// off by itself, so that it is none for the answer.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.read += int64(n); b.read > b.most {
		return n, tooLarge(b.most)
	}
	b.done = b.done || errors.Is(err, io.EOF)
	return n, err
}

// Close gives what was not read a moment to come, so that a client that is still
// sending sees the answer, which is not sent before.
func (b *bounded) Close() error {
	if !b.done {
		b.deadline(time.Now().Add(dropTime))
	}
	return b.ReadCloser.Close()
}

// deadline sets when the body must have come. Not every connection has deadlines
// (tests' recorders have none), and one that is broken says so when it is read.
func (b *bounded) deadline(at time.Time) { _ = b.connection.SetReadDeadline(at) }

func tooLarge(most int64) error {
	return router.NewApiError(http.StatusRequestEntityTooLarge,
		fmt.Sprintf("The request's body is larger than %d MB, which is the most that is taken here.", most>>20), nil)
}
