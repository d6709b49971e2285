package translation

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
)

// segmentView is a settled segment as the route answers with it.
type segmentView struct {
	Position    int                   `json:"position"`
	Revision    int                   `json:"revision"`
	Status      records.SegmentStatus `json:"status"`
	Source      []engine.Block        `json:"source"`
	Translation []engine.Block        `json:"translation"`
	Issue       *string               `json:"issue"`
}

// listSegments answers GET /api/v1/jobs/{id}/segments: what was settled or
// changed after a revision, in the order in which it happened. Who asks again
// with the cursor misses nothing and gets nothing twice.
func (p *plugin) listSegments(e *core.RequestEvent) error {
	job, err := p.requestedJob(e, e.Auth)
	if err != nil {
		return err
	}
	query := e.Request.URL.Query()
	limit, err := readLimit(query.Get("limit"), maxListLimit)
	if err != nil {
		return e.BadRequestError(err.Error(), nil)
	}
	since := 0
	if value := query.Get("since"); value != "" {
		if since, err = strconv.Atoi(value); err != nil || since < 0 {
			return e.BadRequestError("since is a revision: a whole number that an answer gave as its cursor, or 0.", nil)
		}
	}
	only := ""
	switch status := query.Get("status"); records.SegmentStatus(status) {
	case "":
	case records.SegmentDone, records.SegmentIssue:
		only = status
	default:
		return e.BadRequestError("The status of a segment is done or issue.", nil)
	}

	leave, err := p.reads.enter(e.Request.Context(), e.Auth.Id)
	if errors.Is(err, errBusy) {
		return comeBack(e, http.StatusTooManyRequests, 1, "Other segments are being read for you already. Wait for them.")
	}
	if err != nil {
		return fmt.Errorf("wait for a place to read segments: %w", err)
	}
	defer leave()
	views, err := p.settledSince(e, job.Id, since, limit, only)
	if err != nil {
		return e.InternalServerError("", err)
	}
	cursor := since
	if len(views) > 0 {
		cursor = views[len(views)-1].Revision
	}
	return e.JSON(http.StatusOK, map[string]any{"segments": views, "cursor": cursor})
}

const (
	// maxSegmentsBytes bounds the text of one answer. The cursor leads on to the
	// rest.
	maxSegmentsBytes = 4 << 20
	// maxSegmentReads and maxUserSegmentReads bound the answers that are being put
	// together at a time, each of which takes several times its size.
	maxSegmentReads, maxUserSegmentReads = 24, 12
)

func (p *plugin) settledSince(e *core.RequestEvent, jobID string, since, limit int, only string) ([]segmentView, error) {
	find := p.app.ConcurrentDB().
		Select("position", "revision", "status", "source", "translation", "issue").
		From(records.CollectionSegments).
		Where(dbx.NewExp("job = {:job} AND revision > {:since} AND status != 'pending'", dbx.Params{"job": jobID, "since": since})).
		OrderBy("revision").Limit(int64(limit)).
		WithContext(e.Request.Context())
	if only != "" {
		find.AndWhere(dbx.HashExp{"status": only})
	}
	rows, err := find.Rows()
	if err != nil {
		return nil, fmt.Errorf("list segments: %w", err)
	}
	defer rows.Close()

	views := []segmentView{}
	for bytes := 0; bytes < maxSegmentsBytes && rows.Next(); {
		var row struct {
			Position    int                   `db:"position"`
			Revision    int                   `db:"revision"`
			Status      records.SegmentStatus `db:"status"`
			Source      types.JSONRaw         `db:"source"`
			Translation types.JSONRaw         `db:"translation"`
			Issue       string                `db:"issue"`
		}
		if err := rows.ScanStruct(&row); err != nil {
			return nil, fmt.Errorf("read segment: %w", err)
		}
		bytes += len(row.Source) + len(row.Translation)
		view := segmentView{Position: row.Position, Revision: row.Revision, Status: row.Status, Issue: textOrNull(row.Issue)}
		if err := json.Unmarshal(row.Source, &view.Source); err != nil {
			return nil, fmt.Errorf("decode source of segment %d: %w", row.Position, err)
		}
		if err := json.Unmarshal(row.Translation, &view.Translation); err != nil {
			return nil, fmt.Errorf("decode translation of segment %d: %w", row.Position, err)
		}
		views = append(views, view)
	}
	return views, rows.Err()
}
