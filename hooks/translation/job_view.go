package translation

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"verso/hooks/records"
)

// jobView is a job as the routes answer with it. The fields up to OwnerID are
// those of the plan that Verso began with.
type jobView struct {
	ID           string         `json:"id"`
	Filename     string         `json:"filename"`
	Status       records.Status `json:"status"`
	Progress     int            `json:"progress"`
	CreatedAt    string         `json:"created_at"`
	CompletedAt  *string        `json:"completed_at"`
	ErrorMessage *string        `json:"error_message"`
	OwnerID      *string        `json:"owner_id"`

	PauseReason    *string       `json:"pause_reason"`
	ResumesAt      *string       `json:"resumes_at"`
	SegmentsTotal  int           `json:"segments_total"`
	SegmentsDone   int           `json:"segments_done"`
	IssuesCount    int           `json:"issues_count"`
	SourceLanguage *string       `json:"source_language"`
	TargetLanguage string        `json:"target_language"`
	Engine         string        `json:"engine"`
	ModelName      string        `json:"model_name"`
	SegmentSize    int           `json:"segment_size"`
	InputTokens    int           `json:"input_tokens"`
	OutputTokens   int           `json:"output_tokens"`
	ThinkingTokens int           `json:"thinking_tokens"`
	QuotedCostUSD  types.JSONRaw `json:"quoted_cost_usd"`
	CostUSD        types.JSONRaw `json:"cost_usd"`
	ETASeconds     *int          `json:"eta_seconds"`
	// Expired says that the job's documents were deleted some time after its end.
	Expired bool `json:"expired"`
}

// view returns a job in the routes' form.
func (p *plugin) view(job *records.Job) jobView {
	v := jobView{
		ID:             job.Id,
		Filename:       job.Filename(),
		Status:         job.Status(),
		Progress:       job.Progress(),
		CreatedAt:      job.CreatedAt().UTC().Format(timeFormat),
		CompletedAt:    timeOrNull(job.CompletedAt()),
		ErrorMessage:   textOrNull(job.ErrorMessage()),
		OwnerID:        textOrNull(job.OwnerID()),
		PauseReason:    textOrNull(string(job.PauseReason())),
		ResumesAt:      timeOrNull(job.ResumesAt()),
		SegmentsTotal:  job.SegmentsTotal(),
		SegmentsDone:   job.SegmentsDone(),
		IssuesCount:    job.IssuesCount(),
		SourceLanguage: textOrNull(job.SourceLanguage()),
		TargetLanguage: job.TargetLanguage(),
		Engine:         job.Engine(),
		ModelName:      job.ModelName(),
		SegmentSize:    job.SegmentSize(),
		InputTokens:    job.InputTokens(),
		OutputTokens:   job.OutputTokens(),
		ThinkingTokens: job.ThinkingTokens(),
		QuotedCostUSD:  job.QuotedCostUSD(),
		CostUSD:        job.CostUSD(),
		Expired:        hasExpired(job),
	}
	if v.Status == records.StatusProcessing {
		if seconds, ok := p.runner.etaSeconds(job.Id); ok {
			v.ETASeconds = &seconds
		}
	}
	return v
}

// timeFormat is RFC 3339 in UTC with the milliseconds that the database keeps.
const timeFormat = "2006-01-02T15:04:05.000Z"

func timeOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Format(timeFormat))
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// viewJob answers GET /status/{id} and GET /api/v1/jobs/{id}.
func (p *plugin) viewJob(e *core.RequestEvent) error {
	job, err := p.requestedJob(e, e.Auth)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, p.view(job))
}
