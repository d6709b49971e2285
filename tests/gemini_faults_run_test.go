package tests

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// runFaultCases uploads one document for each case, each with a key of its own,
// to one service, and looks at what became of them.
func runFaultCases(t *testing.T, cases []faultCase, pairs ...string) {
	key := func(i int) string { return fmt.Sprintf("key-of-case-%d", i) }
	var rules []standin.Rule
	for i, c := range cases {
		c.rule.Key = key(i)
		rules = append(rules, c.rule)
	}
	gemini := standin.StartGemini(t, standin.Config{Rules: rules})
	server := startWithGemini(t, gemini, pairs...)
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")

	jobs := make([]string, len(cases))
	for i, c := range cases {
		upload := c.told.upload("api_key", key(i), "segment_size", "800", "source_language", "en", "target_language", c.target)
		upload.Filename = cmp.Or(c.file, upload.Filename)
		jobs[i] = client.MustUpload(t, upload).ID
	}
	ended := watch(t, stream, 2*time.Minute, jobs...)
	for i, c := range cases {
		t.Run(c.name(), func(t *testing.T) {
			c.check(t, client, ended[jobs[i]].ID, translationsOf(gemini, key(i)))
		})
	}

	// With the fault gone, everything that was lost or paused can be had.
	gemini.Use()
	var again []int
	for i, c := range cases {
		gemini.SpoilKey(key(i), "")
		name := "retry"
		if c.status == "PAUSED" {
			name = "resume"
		}
		if job := client.Job(t, jobs[i]); job.Status == "PAUSED" || job.IssuesCount > 0 {
			mustCommand(t, client, jobs[i], name, map[string]string{"api_key": key(i)})
			again = append(again, i)
		}
	}
	for _, i := range again {
		c := cases[i]
		t.Run(c.name()+"/afterwards", func(t *testing.T) {
			job := awaitStatus(t, client, time.Minute, finished(), jobs[i])[jobs[i]]
			if job.Status != "COMPLETED" || job.IssuesCount != 0 {
				t.Errorf("the job is %s with %d issues", job.Status, job.IssuesCount)
			}
			if got, want := string(client.Download(t, jobs[i])), c.told.translated(c.target, nil); got != want {
				t.Errorf("the output is not the translation: %s", firstDifference(got, want))
			}
		})
	}
	t.Logf("%d jobs were retried or resumed without the fault", len(again))
}

// check looks at what became of a case and prints its line of the table.
func (c faultCase) check(t *testing.T, client *process.Client, jobID string, requests []standin.Request) {
	job := client.Job(t, jobID)
	segments := allSegments(t, client, jobID)
	lost := map[string]bool{}
	if c.status == "PAUSED" {
		mustStand(t, job, segments)
	} else {
		lost = checkIssues(t, client, jobID)
	}

	said := told(job, segments)
	poisoned := slices.DeleteFunc(slices.Clone(requests), func(r standin.Request) bool { return !r.Payload.Holds(poisonWord) })
	t.Logf("| %s | %s | %s | %s | %d | %d | %s |", c.label(), c.dose, c.target, outcomeOf(job, len(lost)), len(requests), len(poisoned), said)

	if job.Status != c.status {
		t.Errorf("the job is %s, want %s", job.Status, c.status)
	}
	if len(requests) > c.most {
		t.Errorf("it took %d requests, want at most %d", len(requests), c.most)
	}
	c.checkLost(t, lost)
	c.checkTold(t, job, said)
	if c.blind {
		return
	}
	mustBeTrue(t, c.target, segments)
	if job.Status == "COMPLETED" {
		if got, want := string(client.Download(t, jobID)), c.told.translated(c.target, lost); got != want {
			t.Errorf("the output is not the translation: %s", firstDifference(got, want))
		}
	}
}
