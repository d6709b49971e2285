package tests

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"verso/tests/process"
)

// checkLost wants exactly those blocks to be lost that must be.
func (c faultCase) checkLost(t *testing.T, lost map[string]bool) {
	t.Helper()
	want := c.lost
	if want == nil {
		for i := range c.told {
			want = append(want, blockID(i))
		}
	}
	if c.status == "PAUSED" {
		want = nil // what is not settled is not lost
	}
	if got := slices.Sorted(maps.Keys(lost)); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("the blocks %v stand in the source language, want %v", got, want)
	}
}

// checkTold wants the owner to know what happened.
func (c faultCase) checkTold(t *testing.T, job process.Job, said string) {
	t.Helper()
	silent := c.status == "COMPLETED" && len(c.lost) == 0
	if silent != (said == "") {
		t.Errorf("the owner is told %q", said)
	}
	if !silent && !strings.Contains(said, c.says) {
		t.Errorf("the owner is told %q, which does not say %q", said, c.says)
	}
	reason := ""
	if job.PauseReason != nil {
		reason = *job.PauseReason
	}
	if reason != c.reason {
		t.Errorf("the job is paused because of %q, want %q", reason, c.reason)
	}
}

// mustStand wants a paused job to count what is done, and nothing as lost.
func mustStand(t *testing.T, job process.Job, segments map[int]process.Segment) {
	t.Helper()
	for position, segment := range segments {
		if segment.Status != "done" || segment.Issue != nil {
			t.Errorf("segment %d of a paused job is %s with issue %v", position, segment.Status, segment.Issue)
		}
	}
	if job.SegmentsDone != len(segments) || job.IssuesCount != 0 || job.SegmentsDone >= job.SegmentsTotal {
		t.Errorf("%d segments are done, and the paused job counts %d of %d with %d issues",
			len(segments), job.SegmentsDone, job.SegmentsTotal, job.IssuesCount)
	}
}

// told is what a job's owner is told: why it failed or pauses, or its issues.
func told(job process.Job, segments map[int]process.Segment) string {
	switch {
	case job.ErrorMessage != nil && *job.ErrorMessage != "":
		return *job.ErrorMessage
	case job.PauseReason != nil && *job.PauseReason != "":
		return "paused: " + *job.PauseReason
	}
	var issues []string
	for _, position := range slices.Sorted(maps.Keys(segments)) {
		if issue := segments[position].Issue; issue != nil {
			issues = append(issues, *issue)
		}
	}
	return strings.Join(issues, " ")
}

// outcomeOf is how a job ended, in a word or two.
func outcomeOf(job process.Job, lost int) string {
	if job.Status == "COMPLETED" && lost > 0 {
		return fmt.Sprintf("COMPLETED, %d lost", lost)
	}
	return job.Status
}
