package translation

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

// Bounds of ?limit= of the lists, and the default of the list of jobs.
const (
	defaultListLimit = 30
	maxListLimit     = 200
)

// listJobs answers GET /api/v1/jobs: the asker's own jobs, newest first, a
// page at a time.
func (p *plugin) listJobs(e *core.RequestEvent) error {
	if e.Auth.IsSuperuser() {
		return e.ForbiddenError("A superuser has no translations of his own; use the records API.", nil)
	}
	query := e.Request.URL.Query()
	limit, err := readLimit(query.Get("limit"), defaultListLimit)
	if err != nil {
		return e.BadRequestError(err.Error(), nil)
	}

	// One more than asked for tells whether there is a next page.
	find := p.app.RecordQuery(records.CollectionJobs).
		AndWhere(dbx.HashExp{"owner_id": e.Auth.Id}).
		OrderBy("created_at DESC", "id DESC").
		Limit(int64(limit) + 1).
		WithContext(e.Request.Context())
	if status := query.Get("status"); status != "" {
		if !slices.Contains(records.Statuses(), records.Status(status)) {
			return e.BadRequestError(fmt.Sprintf("The status is not known; it is one of %v.", records.Statuses()), nil)
		}
		find.AndWhere(dbx.HashExp{"status": status})
	}
	if cursor := query.Get("cursor"); cursor != "" {
		createdAt, id, ok := readCursor(cursor)
		if !ok {
			return e.BadRequestError("The cursor is not one that this list gave out; leave it out to begin anew.", nil)
		}
		find.AndWhere(dbx.NewExp("(created_at, id) < ({:created}, {:id})", dbx.Params{"created": createdAt, "id": id}))
	}
	var found []*core.Record
	if err := find.All(&found); err != nil {
		return e.InternalServerError("", fmt.Errorf("list jobs: %w", err))
	}

	answer := struct {
		Jobs   []jobView `json:"jobs"`
		Cursor *string   `json:"cursor"`
	}{Jobs: make([]jobView, 0, len(found))}
	if len(found) > limit {
		found = found[:limit]
		last := found[limit-1]
		answer.Cursor = new(writeCursor(last.GetString("created_at"), last.Id))
	}
	for _, record := range found {
		answer.Jobs = append(answer.Jobs, p.view(records.NewJob(record)))
	}
	return e.JSON(http.StatusOK, answer)
}

func readLimit(value string, otherwise int) (int, error) {
	if value == "" {
		return otherwise, nil
	}
	limit, err := strconv.Atoi(value)
	if err != nil || limit < 1 || limit > maxListLimit {
		return 0, fmt.Errorf("the limit is a whole number from 1 to %d", maxListLimit)
	}
	return limit, nil
}

// A cursor is the sort key of a page's last job, in a form that nobody is
// tempted to compose.

func writeCursor(createdAt, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(createdAt + "|" + id))
}

func readCursor(cursor string) (createdAt, id string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(raw), "|")
}
