package translation

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
)

// TestDashboardEdits holds that a superuser's edit of a job's status is the
// command, and that no other edit gets through.
func TestDashboardEdits(t *testing.T) {
	eng := newGated()
	eng.refusing(poisoned("poison"))
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{eng} })
	superuser := mustSuperuser(t, s.app).Id
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	id := s.mustUpload(t, "One whale.\n\nOne poison.")
	eng.await(t)
	edit := func(body string) (int, map[string]any) {
		answer := s.do(http.MethodPatch, "/api/collections/translation_jobs/records/"+id, strings.NewReader(body),
			asUser, superuser, "Content-Type", "application/json")
		var content map[string]any
		_ = json.Unmarshal(answer.Body.Bytes(), &content)
		return answer.Code, content
	}
	steps := []struct {
		body   string
		code   int
		status records.Status // afterwards
	}{
		{`{"status":"COMPLETED"}`, http.StatusBadRequest, records.StatusProcessing},
		{`{"filename":"other.txt"}`, http.StatusBadRequest, records.StatusProcessing},
		{`{"progress":50}`, http.StatusBadRequest, records.StatusProcessing},
		{`{"status":"PAUSED","filename":"other.txt"}`, http.StatusBadRequest, records.StatusProcessing},
		// The dashboard sends counters as it read them some time ago.
		{`{"status":"PAUSED","progress":0,"segments_done":0,"filename":"a.txt"}`, http.StatusOK, records.StatusPaused},
		{`{"status":"PROCESSING"}`, http.StatusBadRequest, records.StatusPaused},
		{`{"status":"PENDING"}`, http.StatusOK, records.StatusCompleted},
		{`{"status":"PAUSED"}`, http.StatusConflict, records.StatusCompleted},
		{`{"status":"PENDING"}`, http.StatusOK, records.StatusCompleted},
		{`{"status":"CANCELLED"}`, http.StatusConflict, records.StatusCompleted},
	}
	for i, step := range steps {
		if step.status == records.StatusCompleted && i == 6 {
			eng.open()
		}
		code, content := edit(step.body)
		if code != step.code {
			t.Fatalf("%s: %d %v, want %d", step.body, code, content, step.code)
		}
		if code == http.StatusOK && content["id"] != id {
			t.Errorf("%s: the answer is %v", step.body, content)
		}
		if job := s.until(t, client, id, step.status); job.Filename() != "a.txt" {
			t.Errorf("%s: the job is %v", step.body, job.FieldsData())
		}
	}
	if job := s.mustRead(t, id); job.IssuesCount() != 1 {
		t.Errorf("got %v", job.FieldsData())
	}
	for _, name := range []string{records.CollectionBriefs, records.CollectionSegments} {
		record, err := s.app.FindFirstRecordByFilter(name, fmt.Sprintf("job = '%s'", id))
		if err != nil {
			t.Fatal(err)
		}
		answer := s.do(http.MethodPatch, "/api/collections/"+name+"/records/"+record.Id, strings.NewReader(`{"position":7}`),
			asUser, superuser, "Content-Type", "application/json")
		if answer.Code != http.StatusBadRequest {
			t.Errorf("an edit of %s: %d %s", name, answer.Code, answer.Body)
		}
	}
}
