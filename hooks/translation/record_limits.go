package translation

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

const (
	// maxSegmentsPerPage bounds a page of segments in the records API, where
	// PocketBase would give a thousand: each may hold hundreds of kilobytes,
	// and a page takes several times its size while it is put together.
	maxSegmentsPerPage = 30
	// maxSegmentLists and maxUserSegmentLists bound the pages that are being
	// put together at a time.
	maxSegmentLists, maxUserSegmentLists = 8, 2
)

// limitRecords bounds what the records API reads for users. PocketBase has read
// everything before its hooks are asked, so the question itself is bounded.
func (p *plugin) limitRecords(e *core.RequestEvent) error {
	if e.Auth == nil || e.Auth.IsSuperuser() {
		return e.Next()
	}
	query := e.Request.URL.Query()
	if refersBack(query.Get("expand"), query.Get("filter"), query.Get("sort")) {
		return e.BadRequestError(noBackRelations, nil)
	}
	if !isRecordsRead(e.Request.Pattern) || !p.isSegments(e.Request.PathValue("collection")) {
		return e.Next()
	}
	if wanted, err := strconv.Atoi(query.Get("perPage")); err != nil || wanted > maxSegmentsPerPage {
		query.Set("perPage", strconv.Itoa(maxSegmentsPerPage))
		e.Request.URL.RawQuery = query.Encode()
	}
	leave, err := p.lists.enter(e.Request.Context(), e.Auth.Id)
	if errors.Is(err, errBusy) {
		return comeBack(e, http.StatusTooManyRequests, 1, "Other pages of segments are being read for you already. Wait for them.")
	}
	if err != nil {
		return fmt.Errorf("wait for a place to list segments: %w", err)
	}
	defer leave()
	return e.Next()
}

// noBackRelations answers a question that goes from a record to those that refer to it.
const noBackRelations = "Records cannot be reached through those that they are referred to by (\"_via_\"); list them by themselves, with a filter."

var (
	// backRelation is how an expansion, a filter or an order names the records that refer
	// to one: in PocketBase's present syntax, and in its old one for expansions.
	backRelation = regexp.MustCompile(`(?i)_via_|\w\(\w+\)`)
	// quoted are the texts in a filter.
	quoted = regexp.MustCompile(`"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'`)
)

// refersBack reports whether a question goes from a record to those that refer to it, as
// far as six times back and forth: from 30 jobs to their owner and his jobs three times is
// a million records, and one such filter keeps a core busy until SQLite is stopped.
func refersBack(questions ...string) bool {
	for _, question := range questions {
		if backRelation.MatchString(quoted.ReplaceAllString(question, "")) {
			return true
		}
	}
	return false
}

// isRecordsRead reports whether a route reads records, by PocketBase's patterns.
func isRecordsRead(pattern string) bool {
	return pattern == http.MethodGet+" /api/collections/{collection}/records" ||
		pattern == http.MethodGet+" /api/collections/{collection}/records/{id}"
}

// isSegments asks PocketBase which collection is meant, since it takes the id
// and the name in any case.
func (p *plugin) isSegments(nameOrID string) bool {
	collection, err := p.app.FindCachedCollectionByNameOrId(nameOrID)
	return err == nil && collection.Name == records.CollectionSegments
}
