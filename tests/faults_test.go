package tests

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"verso/hooks/translation/engine/pseudo"
	"verso/tests/process"
)

// TestFaults lets the engine make the mistakes that models make. The job ends
// with every block accounted for: translated, or listed as an issue and
// standing in the output as it was.
func TestFaults(t *testing.T) {
	for _, faults := range []string{
		"missing=0.5", "doubled=0.5", "unknown=0.5", "echo=0.5", "empty=0.5",
		"malformed=0.4", "blocked=0.3", "unavailable=0.2",
		"missing=0.2,doubled=0.2,echo=0.2,empty=0.2,malformed=0.2,blocked=0.1",
	} {
		t.Run(faults, func(t *testing.T) {
			server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s", "VERSO_PSEUDO_FAULTS", faults)})
			client := server.SignIn(t, ada)
			stream := client.Subscribe(t, "translation_jobs/*")
			text := mobyDick(t)
			job := client.MustUpload(t, process.Upload{Content: strings.NewReader(text), Fields: map[string]string{"segment_size": "3000"}})
			events := stream.UntilFinished(t, job.ID, time.Minute)
			if last := events[len(events)-1].Record; last.Status != "COMPLETED" {
				t.Fatalf("the job ended as %s: %v", last.Status, last.ErrorMessage)
			}
			untranslated := checkIssues(t, client, job.ID)
			want := expectWithout(text, untranslated)
			if got := string(client.Download(t, job.ID)); got != want {
				t.Errorf("the output is not the translation: %s", firstDifference(got, want))
			}
			t.Logf("%d blocks stayed untranslated, each with its reason", len(untranslated))
		})
	}
}

// checkIssues holds a job's counters against its segments and returns the ids
// of the blocks that were given up.
func checkIssues(t *testing.T, client *process.Client, jobID string) map[string]bool {
	t.Helper()
	untranslated := map[string]bool{}
	issues := 0
	segments, _ := client.Segments(t, jobID, 0, 200)
	for _, segment := range segments {
		if (segment.Status == "issue") != (segment.Issue != nil) {
			t.Errorf("segment %d is %s with issue %v", segment.Position, segment.Status, segment.Issue)
		}
		if segment.Status == "issue" {
			issues++
		}
		for _, block := range segment.Source {
			given := slices.ContainsFunc(segment.Translation, func(b process.Block) bool { return b.ID == block.ID })
			if given {
				continue
			}
			untranslated[block.ID] = true
			if segment.Issue == nil || !strings.Contains(*segment.Issue, block.ID) && !strings.Contains(*segment.Issue, " more.") {
				t.Errorf("block %s is missing and segment %d does not say so: %v", block.ID, segment.Position, segment.Issue)
			}
		}
	}
	job := client.Job(t, jobID)
	if job.IssuesCount != issues || job.SegmentsDone != len(segments) || job.SegmentsTotal != len(segments) {
		t.Errorf("%d segments, %d of them with issues, and the job counts %d of %d and %d",
			len(segments), issues, job.SegmentsDone, job.SegmentsTotal, job.IssuesCount)
	}
	return untranslated
}

// expectWithout returns a text translated but for some blocks.
func expectWithout(text string, untranslated map[string]bool) string {
	body := strings.TrimRight(text, "\n")
	paragraphs := strings.Split(body, "\n\n")
	for i := range paragraphs {
		if !untranslated[fmt.Sprintf("b%d", i+1)] {
			paragraphs[i] = pseudo.Accent(paragraphs[i])
		}
	}
	return strings.Join(paragraphs, "\n\n") + text[len(body):]
}

// TestNothingTranslated lets the engine refuse every word.
func TestNothingTranslated(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s", "VERSO_PSEUDO_FAULTS", "blocked=1")})
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	job := client.MustUpload(t, process.Upload{
		Content: strings.NewReader("One.\n\nTwo.\n"), Fields: map[string]string{"api_key": "key"},
	})
	events := stream.UntilFinished(t, job.ID, waitShort)
	last := events[len(events)-1].Record
	if last.Status != "FAILED" || last.ErrorMessage == nil || *last.ErrorMessage == "" || last.Progress == 100 {
		t.Errorf("the job ended as %+v", last)
	}
	client.Get(t, "/download/"+job.ID).MustRefuse(t, http.StatusConflict)
	if n := leftovers(t, server.Dir)["sealed_keys"]; n != 0 {
		t.Errorf("%d sealed keys of a failed job", n)
	}
}
