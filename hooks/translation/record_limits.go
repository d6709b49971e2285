package translation

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

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

// limitRecords bounds what the records API reads of segments for users.
// PocketBase has read everything before its hooks are asked, so the question
// itself is bounded.
func (p *plugin) limitRecords(e *core.RequestEvent) error {
	if e.Auth == nil || e.Auth.IsSuperuser() || !isRecordsRead(e.Request.Pattern) {
		return e.Next()
	}
	query := e.Request.URL.Query()
	if p.expandsSegments(query.Get("expand")) {
		return e.BadRequestError("Segments cannot be expanded; list them by themselves, a page at a time.", nil)
	}
	if !p.isSegments(e.Request.PathValue("collection")) {
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

// backRelation is how an expansion names the records that refer to one, in
// PocketBase's present syntax and its old one.
var backRelation = regexp.MustCompile(`^\s*(\w+?)(?:_via_|\()`)

// expandsSegments reports whether an expansion leads to segments, by whatever name
// PocketBase takes for their collection.
func (p *plugin) expandsSegments(expand string) bool {
	for _, part := range strings.FieldsFunc(expand, func(r rune) bool { return r == ',' || r == '.' }) {
		if m := backRelation.FindStringSubmatch(part); m != nil && p.isSegments(m[1]) {
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
