package translation

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
)

// TestCancelAgain cancels what was asked for again of a finished job: all of it stands as
// before, whether it had been translated, corrected or an issue.
func TestCancelAgain(t *testing.T) {
	eng := newGated()
	eng.open()
	eng.refusing(poisoned("poison"))
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng} })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	text, fields := whales(4)
	id := s.mustUpload(t, text+strings.Repeat("poison ", 60), fields...)
	s.until(t, client, id, records.StatusCompleted)
	if answer := s.do(http.MethodPatch, "/api/v1/jobs/"+id+"/segments/1", strings.NewReader(`{"blocks":[{"id":"b2","text":"Mine."}]}`)); answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	output := func() string { return s.do(http.MethodGet, "/download/"+id, nil).Body.String() }
	type list struct {
		Segments []segmentView
		Cursor   int
	}
	segments := func(since int) (found list) {
		answer := s.do(http.MethodGet, fmt.Sprintf("/api/v1/jobs/%s/segments?since=%d", id, since), nil)
		if err := json.Unmarshal(answer.Body.Bytes(), &found); err != nil {
			t.Fatalf("%v: %s", err, answer.Body)
		}
		return found
	}
	before, wasOutput, was := s.mustRead(t, id), output(), segments(0)
	for len(eng.arrived) > 0 {
		<-eng.arrived
	}

	asked, let := make(chan struct{}, 5), make(chan struct{})
	defer close(let)
	eng.refusing(func(engine.Request) error { asked <- struct{}{}; <-let; return nil })
	s.mustCommand(t, id, "retry", `{"positions":[0,1,2,3,4]}`)
	<-asked
	if job := s.mustRead(t, id); job.SegmentsDone() >= job.SegmentsTotal() {
		t.Fatalf("nothing is asked for again: %v", job.FieldsData())
	}
	s.mustCommand(t, id, "cancel", "")
	job := s.mustRead(t, id)
	if job.Status() != records.StatusCompleted || job.Progress() != 100 || job.CompletedAt().IsZero() ||
		job.SegmentsDone() != job.SegmentsTotal() || job.IssuesCount() != before.IssuesCount() {
		t.Errorf("got %v", job.FieldsData())
	}
	if got := output(); got != wasOutput {
		t.Errorf("the output is %q, was %q", got, wasOutput)
	}
	told := func(l list) (told []string) {
		for _, one := range l.Segments {
			encoded, err := json.Marshal(segmentView{Position: one.Position, Status: one.Status, Issue: one.Issue, Translation: one.Translation})
			if err != nil {
				t.Fatal(err)
			}
			told = append(told, string(encoded))
		}
		slices.Sort(told)
		return told
	}
	if is, was := told(segments(0)), told(was); !slices.Equal(is, was) {
		t.Errorf("segments are\n%q, were\n%q", is, was)
	}
	if changed := segments(was.Cursor); len(changed.Segments) != 4 { // all but the correction's, which was not asked for
		t.Errorf("%d segments have a revision of their own since", len(changed.Segments))
	}
	// And it can be asked for once more.
	eng.refusing(nil)
	s.mustCommand(t, id, "retry", "")
	if job := s.until(t, client, id, records.StatusCompleted); job.IssuesCount() != 0 {
		t.Errorf("after another retry: %v", job.FieldsData())
	}
}
