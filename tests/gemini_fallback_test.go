package tests

import (
	"slices"
	"testing"
	"time"

	"verso/tests/standin"
)

// TestGeminiFallback lets the model of an upload refuse one block, and the model
// to fall back on fail in every way. Nobody was promised the second model: a job
// neither pauses nor waits for it without an end.
func TestGeminiFallback(t *testing.T) {
	t.Parallel()
	const fallback = "gemini-3.5-flash-lite"
	told := plainStory(tablePages).poisoned(poisonPlace)
	faults := []standin.Fault{
		"", standin.Safety, standin.ModelGone, standin.QuotaDay, standin.RateLimitedMinute, standin.Unavailable, standin.Hang, standin.Reset,
	}
	var rules []standin.Rule
	for _, fault := range faults {
		if key := "key-" + string(fault); fault != "" {
			rules = append(rules, standin.Rule{Fault: fault, Key: key, Model: fallback, RetryDelay: time.Second, Quota: generousQuota})
		}
	}
	for _, model := range standin.Models() {
		if model != fallback {
			rules = append(rules, standin.Rule{Fault: standin.Recitation, Holding: poisonWord, Model: model})
		}
	}
	gemini := standin.StartGemini(t, standin.Config{Rules: rules})
	client := startWithGemini(t, gemini, "VERSO_ENGINE_TIMEOUT", "1s").SignIn(t, ada)
	jobs := make([]string, len(faults))
	for i, fault := range faults {
		upload := told.upload("api_key", "key-"+string(fault), "segment_size", "800", "source_language", "en")
		jobs[i] = client.MustUpload(t, upload).ID
	}
	ended := awaitStatus(t, client, 20*time.Second, append(finished(), "PAUSED"), jobs...)
	for i, fault := range faults {
		t.Run("fallback "+string(fault), func(t *testing.T) {
			job := ended[jobs[i]]
			asked := slices.DeleteFunc(translationsOf(gemini, "key-"+string(fault)), func(r standin.Request) bool { return r.Model != fallback })
			t.Logf("the job is %s with %d issues after %d requests to the fallback", job.Status, job.IssuesCount, len(asked))
			issues := 1
			if fault == "" {
				issues = 0
			}
			if job.Status != "COMPLETED" || job.IssuesCount != issues {
				t.Fatalf("the job is %s with %d issues, want COMPLETED with %d", job.Status, job.IssuesCount, issues)
			}
			lost := checkIssues(t, client, jobs[i])
			mustBeTrue(t, "ko", allSegments(t, client, jobs[i]))
			if got, want := string(client.Download(t, jobs[i])), told.translated("ko", lost); got != want || len(lost) != issues {
				t.Errorf("%d blocks are lost; the output: %s", len(lost), firstDifference(got, want))
			}
		})
	}
}
