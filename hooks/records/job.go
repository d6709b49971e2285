package records

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Status is where a job stands. Which step leads where is the contract's
// table; the ledger enforces it.
type Status string

// The statuses of a job.
const (
	StatusPending    Status = "PENDING"
	StatusProcessing Status = "PROCESSING"
	StatusPaused     Status = "PAUSED"
	StatusCompleted  Status = "COMPLETED"
	StatusFailed     Status = "FAILED"
	StatusCancelled  Status = "CANCELLED"
)

// PauseReason says why a job is paused.
type PauseReason string

// The reasons for a pause. One by quota ends by itself, and one by budget where it is
// the month's.
const (
	PausedByUser   PauseReason = "user"
	PausedByQuota  PauseReason = "quota"
	PausedByKey    PauseReason = "key"
	PausedByModel  PauseReason = "model"
	PausedByBudget PauseReason = "budget"
	PausedByReview PauseReason = "review"
)

// Statuses lists every status of a job, in the order of a job's life.
func Statuses() []Status {
	return []Status{StatusPending, StatusProcessing, StatusPaused, StatusCompleted, StatusFailed, StatusCancelled}
}

// Job is one document on its way from one language to another.
//
// Its counters are written by SQL alone (see translation's ledger), so a Job
// is for reading: saving one would undo what the ledger wrote meanwhile.
type Job struct {
	core.BaseRecordProxy
}

var _ core.RecordProxy = (*Job)(nil)

// NewJob wraps a record of [CollectionJobs].
func NewJob(record *core.Record) *Job {
	j := &Job{}
	j.SetProxyRecord(record)
	return j
}

// OwnerID returns the record id of the owner, or "" once the owner is gone.
func (j *Job) OwnerID() string { return j.GetString("owner_id") }

// Filename returns the name under which the document was uploaded.
func (j *Job) Filename() string { return j.GetString("filename") }

// Status returns where the job stands.
func (j *Job) Status() Status { return Status(j.GetString("status")) }

// Progress returns whole percents, 0 to 100; 100 only when completed.
func (j *Job) Progress() int { return j.GetInt("progress") }

// ErrorMessage returns why the job failed, in a sentence for its owner, or "".
func (j *Job) ErrorMessage() string { return j.GetString("error_message") }

// PauseReason returns why the job is paused, or "".
func (j *Job) PauseReason() PauseReason { return PauseReason(j.GetString("pause_reason")) }

// ResumesAt returns when a paused job goes on by itself, or the zero time.
func (j *Job) ResumesAt() time.Time { return j.GetDateTime("resumes_at").Time() }

// CreatedAt returns the time of the upload.
func (j *Job) CreatedAt() time.Time { return j.GetDateTime("created_at").Time() }

// CompletedAt returns when the job ended, or the zero time.
func (j *Job) CompletedAt() time.Time { return j.GetDateTime("completed_at").Time() }

// SegmentsTotal returns the number of segments, 0 before the job is planned.
func (j *Job) SegmentsTotal() int { return j.GetInt("segments_total") }

// SegmentsDone returns the number of settled segments, those with issues
// included.
func (j *Job) SegmentsDone() int { return j.GetInt("segments_done") }

// IssuesCount returns the number of segments that hold an issue.
func (j *Job) IssuesCount() int { return j.GetInt("issues_count") }

// Revision returns the number of changes of the job's segments so far.
func (j *Job) Revision() int { return j.GetInt("revision") }

// OutputRevision returns the revision of the segments that the output was made
// of; a greater Revision means that the output is out of date.
func (j *Job) OutputRevision() int { return j.GetInt("output_revision") }

// SourceLanguage returns a BCP 47 tag, or "" while it is not known.
func (j *Job) SourceLanguage() string { return j.GetString("source_language") }

// TargetLanguage returns a BCP 47 tag.
func (j *Job) TargetLanguage() string { return j.GetString("target_language") }

// Engine returns the name of the engine that translates.
func (j *Job) Engine() string { return j.GetString("engine") }

// ModelName returns the engine's model.
func (j *Job) ModelName() string { return j.GetString("model_name") }

// SegmentSize returns the upper bound of a segment, in characters.
func (j *Job) SegmentSize() int { return j.GetInt("segment_size") }

// InputTokens returns the tokens sent so far.
func (j *Job) InputTokens() int { return j.GetInt("input_tokens") }

// OutputTokens returns the tokens received so far, thoughts not included.
func (j *Job) OutputTokens() int { return j.GetInt("output_tokens") }

// ThinkingTokens returns the tokens the model spent on thinking.
func (j *Job) ThinkingTokens() int { return j.GetInt("thinking_tokens") }

// QuotedCostUSD returns the price announced before the start in US dollars as
// JSON, null where it is unknown.
func (j *Job) QuotedCostUSD() types.JSONRaw { return j.rawJSON("quoted_cost_usd") }

// CostUSD returns what the job cost so far in US dollars as JSON, null where
// the model's price is unknown.
func (j *Job) CostUSD() types.JSONRaw { return j.rawJSON("cost_usd") }

// SourceFile returns the storage name of the uploaded document.
func (j *Job) SourceFile() string { return j.GetString("source") }

// OutputFile returns the storage name of the translated document, or "".
func (j *Job) OutputFile() string { return j.GetString("output") }

// SourceKey returns the storage key of the uploaded document.
func (j *Job) SourceKey() string { return j.BaseFilesPath() + "/" + j.SourceFile() }

// OutputKey returns the storage key of the translated document.
func (j *Job) OutputKey() string { return j.BaseFilesPath() + "/" + j.OutputFile() }

func (j *Job) rawJSON(field string) types.JSONRaw {
	raw, _ := j.GetRaw(field).(types.JSONRaw)
	return raw
}
