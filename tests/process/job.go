package process

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
)

// Job is a job as the routes, the records API and realtime give it.
type Job struct {
	ID             string          `json:"id"`
	Filename       string          `json:"filename"`
	Status         string          `json:"status"`
	Progress       int             `json:"progress"`
	CreatedAt      string          `json:"created_at"`
	CompletedAt    *string         `json:"completed_at"`
	ErrorMessage   *string         `json:"error_message"`
	OwnerID        string          `json:"owner_id"`
	PauseReason    *string         `json:"pause_reason"`
	SegmentsTotal  int             `json:"segments_total"`
	SegmentsDone   int             `json:"segments_done"`
	IssuesCount    int             `json:"issues_count"`
	SourceLanguage *string         `json:"source_language"`
	TargetLanguage string          `json:"target_language"`
	Engine         string          `json:"engine"`
	ModelName      string          `json:"model_name"`
	SegmentSize    int             `json:"segment_size"`
	InputTokens    int             `json:"input_tokens"`
	OutputTokens   int             `json:"output_tokens"`
	ThinkingTokens int             `json:"thinking_tokens"`
	QuotedCostUSD  json.RawMessage `json:"quoted_cost_usd"`
	CostUSD        json.RawMessage `json:"cost_usd"`
	ResumesAt      *string         `json:"resumes_at"`
	Source         string          `json:"source"` // of the record alone
	Output         string          `json:"output"` // of the record alone
}

// Block is a piece of text with its id.
type Block struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Segment is a settled segment.
type Segment struct {
	Position    int     `json:"position"`
	Revision    int     `json:"revision"`
	Status      string  `json:"status"`
	Source      []Block `json:"source"`
	Translation []Block `json:"translation"`
	Issue       *string `json:"issue"`
}

// Cost returns what the job cost, in US dollars; the test fails where that is not
// known.
func (j Job) Cost(t testing.TB) float64 {
	t.Helper()
	var cost *float64
	if err := json.Unmarshal(j.CostUSD, &cost); err != nil || cost == nil {
		t.Fatalf("the cost of the job is %s", j.CostUSD)
	}
	return *cost
}

// Brief is what a job's translations are to agree on.
type Brief struct {
	Style    map[string]any `json:"style_data"`
	Glossary []Term         `json:"glossary"`
	MadeBy   string         `json:"made_by"`
}

// Term is an entry of a glossary.
type Term struct {
	Term        string `json:"term"`
	Translation string `json:"translation"`
}

// Brief asks for a job's brief.
func (c *Client) Brief(t testing.TB, id string) Brief {
	t.Helper()
	var brief Brief
	c.Get(t, "/api/v1/jobs/"+id+"/brief").MustBe(t, http.StatusOK).Decode(t, &brief)
	return brief
}

// Job asks for a job.
func (c *Client) Job(t testing.TB, id string) Job {
	t.Helper()
	var job Job
	c.Get(t, "/api/v1/jobs/"+id).MustBe(t, http.StatusOK).Decode(t, &job)
	return job
}

// Record asks PocketBase's records API for a job.
func (c *Client) Record(t testing.TB, id string) Job {
	t.Helper()
	var job Job
	c.Get(t, "/api/collections/translation_jobs/records/"+id).MustBe(t, http.StatusOK).Decode(t, &job)
	return job
}

// Segments asks for the segments settled after a revision and returns the
// cursor to ask with the next time.
func (c *Client) Segments(t testing.TB, id string, since, limit int) (segments []Segment, cursor int) {
	t.Helper()
	var answer struct {
		Segments []Segment `json:"segments"`
		Cursor   int       `json:"cursor"`
	}
	c.Get(t, fmt.Sprintf("/api/v1/jobs/%s/segments?since=%d&limit=%d", id, since, limit)).
		MustBe(t, http.StatusOK).Decode(t, &answer)
	return answer.Segments, answer.Cursor
}

// Download returns a finished job's translated file.
func (c *Client) Download(t testing.TB, id string) []byte {
	t.Helper()
	return c.Get(t, "/download/"+id).MustBe(t, http.StatusOK).Body
}

// DeleteJob deletes a job.
func (c *Client) DeleteJob(t testing.TB, id string) {
	t.Helper()
	c.Delete(t, "/api/v1/jobs/"+id).MustBe(t, http.StatusNoContent)
}

// FileToken asks for the short-lived token that a link to a file carries.
func (c *Client) FileToken(t testing.TB) string {
	t.Helper()
	var answer struct {
		Token string `json:"token"`
	}
	c.Post(t, "/api/files/token", nil).MustBe(t, http.StatusOK).Decode(t, &answer)
	return answer.Token
}
