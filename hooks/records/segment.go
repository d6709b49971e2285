package records

// SegmentStatus is where a segment stands.
type SegmentStatus string

// The statuses of a segment. There is no "running": what runs is known to the
// one process that runs it, so whatever is pending after a crash is to be run.
const (
	// SegmentPending is a segment that is not settled yet.
	SegmentPending SegmentStatus = "pending"
	// SegmentDone is a segment of which every block is translated and verified.
	SegmentDone SegmentStatus = "done"
	// SegmentIssue is a settled segment of which some block could not be
	// translated; that block stands in the source language.
	SegmentIssue SegmentStatus = "issue"
)
