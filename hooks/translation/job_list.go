package translation

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/unicode/norm"

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
	conditions, err := readConditions(query)
	if err != nil {
		return e.BadRequestError(err.Error(), nil)
	}
	find.AndWhere(dbx.And(conditions...))
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

// readConditions reads what is wanted of the jobs: ?status=, one or several with
// commas between them, ?issues=true, and ?search= in their names.
func readConditions(query url.Values) ([]dbx.Expression, error) {
	var conditions []dbx.Expression
	if wanted := query.Get("status"); wanted != "" {
		var statuses []any
		for status := range strings.SplitSeq(wanted, ",") {
			if !slices.Contains(records.Statuses(), records.Status(status)) {
				return nil, fmt.Errorf("the status is not known; it is one of %v, or several with commas between them", records.Statuses())
			}
			if slices.Contains(statuses, any(status)) {
				return nil, errors.New("a status is named twice; name each once")
			}
			statuses = append(statuses, status)
		}
		conditions = append(conditions, dbx.In("status", statuses...))
	}
	if wanted := query.Get("issues"); wanted == "true" {
		conditions = append(conditions, dbx.NewExp("issues_count > 0"))
	} else if wanted != "" {
		return nil, errors.New(`with issues=true the list holds the jobs that have issues; no other value is known`)
	}
	if search := strings.TrimSpace(query.Get("search")); search != "" {
		if len(search) > maxFilename {
			return nil, fmt.Errorf("no name is longer than %d bytes, and a search cannot be either", maxFilename)
		}
		if !utf8.ValidString(search) || strings.ContainsRune(search, 0) {
			return nil, errors.New("a search is a text in UTF-8")
		}
		conditions = append(conditions, inName(search))
	}
	return conditions, nil
}

// inName finds a text in the jobs' names as it stands, but for the case of Latin
// letters. Some systems write a name's letters composed and some apart.
func inName(search string) dbx.Expression {
	pattern := func(text string) string {
		return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	}
	return dbx.NewExp(`(filename LIKE {:composed} ESCAPE '\' OR filename LIKE {:apart} ESCAPE '\')`, dbx.Params{
		"composed": pattern(norm.NFC.String(search)), "apart": pattern(norm.NFD.String(search)),
	})
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
