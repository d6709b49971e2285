package tests

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// The stories of this test have some 200 segments of two or three paragraphs,
// and the poisoned paragraph stands near the beginning, so that nearly all others
// come after it.
const (
	poisonPages = 640
	poisonPage  = 16
	poisonSize  = "560"
	// poisonPause is how long each answer to the poisoned text takes, beside
	// the latency of all.
	poisonPause = 700 * time.Millisecond
	// poisonTimeout is how long the service waits for an answer.
	poisonTimeout = time.Second
)

// poisonRun is a job with one paragraph that an engine fails on.
type poisonRun struct {
	name string
	key  string
	rule standin.Rule
	job  string
	told story
}

// TestGeminiPoison puts one paragraph into 200 segments that the engine always
// refuses, hangs on, or breaks off on. The others do not wait for it, it alone is
// lost, and a retry asks for it alone.
func TestGeminiPoison(t *testing.T) {
	told := plainStory(poisonPages).poisoned(poisonPage)
	runs := []*poisonRun{
		{name: "blocked", rule: standin.Rule{Fault: standin.Safety, Delay: poisonPause}},
		{name: "hangs", rule: standin.Rule{Fault: standin.Hang}},
		{name: "always 500", rule: standin.Rule{Fault: standin.ServerError, Delay: poisonPause}},
	}
	var rules []standin.Rule
	for i, run := range runs {
		run.key, run.told = fmt.Sprintf("key-of-poison-%d", i), told
		run.rule.Key, run.rule.Holding = run.key, poisonWord
		rules = append(rules, run.rule)
	}
	gemini := standin.StartGemini(t, standin.Config{Rules: rules, Latency: 10 * time.Millisecond})
	client := startWithGemini(t, gemini, "VERSO_ENGINE_TIMEOUT", poisonTimeout.String()).SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	var jobs []string
	for _, run := range runs {
		run.job = client.MustUpload(t, told.upload("api_key", run.key, "segment_size", poisonSize, "source_language", "en")).ID
		jobs = append(jobs, run.job)
	}
	watch(t, stream, time.Minute, jobs...)
	for _, run := range runs {
		t.Run(run.name, func(t *testing.T) { run.checkFirst(t, client, gemini) })
	}

	// As long as the poison works, a retry changes nothing and asks for little.
	before := len(gemini.Requests())
	for _, run := range runs {
		mustCommand(t, client, run.job, "retry", map[string]string{"api_key": run.key})
	}
	awaitStatus(t, client, time.Minute, finished(), jobs...)
	for _, run := range runs {
		t.Run(run.name+"/retried in vain", func(t *testing.T) {
			requests := run.since(gemini, before)
			run.checkRetry(t, client, requests, 1)
			t.Logf("a retry in vain took %d requests", len(requests))
		})
	}

	gemini.Use()
	before = len(gemini.Requests())
	for _, run := range runs {
		mustCommand(t, client, run.job, "retry", map[string]string{"api_key": run.key, "model_name": "gemini-3.8-flash"})
	}
	awaitStatus(t, client, time.Minute, finished(), jobs...)
	for _, run := range runs {
		t.Run(run.name+"/retried with another model", func(t *testing.T) {
			requests := run.since(gemini, before)
			run.checkRetry(t, client, requests, 0)
			if len(requests) != 1 || requests[0].Model != "gemini-3.8-flash" {
				t.Errorf("%d requests, the first of %s, want one of the model that was named", len(requests), requests[0].Model)
			}
			if got, want := string(client.Download(t, run.job)), told.translated("ko", nil); got != want {
				t.Errorf("the output is not the translation: %s", firstDifference(got, want))
			}
			if model := client.Job(t, run.job).ModelName; model != "gemini-3.8-flash" {
				t.Errorf("the job names the model %s", model)
			}
		})
	}
}

// since returns the run's translation requests after the first so many requests
// of the journal.
func (r *poisonRun) since(gemini *standin.Gemini, requests int) []standin.Request {
	return slices.DeleteFunc(standin.Translations(gemini.Requests()[requests:]), func(one standin.Request) bool { return !one.UsedKey(r.key) })
}

// checkFirst looks at the first run: what was asked for, in which order, and
// what was lost.
func (r *poisonRun) checkFirst(t *testing.T, client *process.Client, gemini *standin.Gemini) {
	requests := translationsOf(gemini, r.key)
	job := client.Job(t, r.job)
	if job.Status != "COMPLETED" || job.IssuesCount != 1 || job.SegmentsTotal < 200 {
		t.Fatalf("the job is %s with %d issues in %d segments", job.Status, job.IssuesCount, job.SegmentsTotal)
	}
	r.checkLost(t, client, 1)

	var climb, others []standin.Request
	beside := map[string]bool{} // the blocks of the poisoned segment
	for _, request := range requests {
		if request.Payload.Holds(poisonWord) {
			climb = append(climb, request)
			for _, block := range request.Payload.Blocks {
				beside[block.ID] = true
			}
		} else if len(askedFor(r.told, []standin.Request{request})) > 0 {
			others = append(others, request)
		}
	}
	others = slices.DeleteFunc(others, func(o standin.Request) bool { return beside[o.Payload.Blocks[0].ID] })
	for id, times := range askedFor(r.told, others) {
		if times != 1 {
			t.Errorf("block %s of another segment was asked for %d times", id, times)
		}
	}
	if len(others) != job.SegmentsTotal-1 {
		t.Errorf("%d requests for the other segments, want %d", len(others), job.SegmentsTotal-1)
	}
	last, lastOther := climb[len(climb)-1], others[len(others)-1]
	r.checkGoOn(t, climb, others)
	r.checkOnePlace(t, climb)
	began := requests[0].Arrived
	t.Logf("%d requests held the poison; the other %d segments were all asked for after %s, the poison was given up after %s; %d requests in all",
		len(climb), len(others), lastOther.Arrived.Sub(began).Round(time.Millisecond), last.Ended.Sub(began).Round(time.Millisecond), len(requests))
}

// checkOnePlace wants the poisoned segment's requests to come one after the
// other. A server learns that its client has given up only some time after the
// client went on, so a request that was given up counts for half of the time that
// the service surely waited for it.
func (r *poisonRun) checkOnePlace(t *testing.T, climb []standin.Request) {
	t.Helper()
	for _, one := range climb {
		until := one.Ended
		if one.Gone {
			until = one.Arrived.Add(poisonTimeout / 2)
		}
		for _, other := range climb {
			if other.Arrived.After(one.Arrived) && other.Arrived.Before(until) {
				t.Errorf("the poisoned segment held two places at once: requests %d and %d", one.Number, other.Number)
			}
		}
	}
}

// checkGoOn wants the others to be asked for while the poisoned segment is on its
// way: whatever it waits for, they do not wait with it.
func (r *poisonRun) checkGoOn(t *testing.T, climb, others []standin.Request) {
	t.Helper()
	left, meanwhile := 0, 0
	for i, step := range climb[:len(climb)-1] {
		next := climb[i+1].Arrived
		left, meanwhile = 0, 0
		for _, other := range others {
			if other.Arrived.After(step.Arrived) {
				left++
				if other.Arrived.Before(next) {
					meanwhile++
				}
			}
		}
		if left > 0 && meanwhile == 0 {
			t.Errorf("%d segments waited from the poisoned one's request %d to the next", left, i+1)
		}
	}
	if left > meanwhile {
		t.Logf("%d segments were asked for after the poisoned one had been given up", left-meanwhile)
	}
}

// checkRetry wants a retry to have asked for the lost block and nothing else.
func (r *poisonRun) checkRetry(t *testing.T, client *process.Client, requests []standin.Request, issues int) {
	t.Helper()
	asked := askedFor(r.told, requests)
	if ids := slices.Sorted(maps.Keys(asked)); !slices.Equal(ids, []string{blockID(poisonPage)}) {
		t.Errorf("the retry asked for %v, want the lost block alone", ids)
	}
	for _, request := range requests {
		if !request.Payload.Holds(poisonWord) && len(askedFor(r.told, []standin.Request{request})) > 0 && !strings.Contains(request.Payload.Blocks[0].ID, "/") {
			t.Errorf("the retry asked for %v", request.Payload.Blocks)
		}
	}
	if job := client.Job(t, r.job); job.Status != "COMPLETED" || job.IssuesCount != issues || job.SegmentsDone != job.SegmentsTotal {
		t.Errorf("after the retry the job is %s with %d of %d segments and %d issues", job.Status, job.SegmentsDone, job.SegmentsTotal, job.IssuesCount)
	}
	r.checkLost(t, client, issues)
}

// checkLost wants the poisoned block to be lost and no other, or none at all.
func (r *poisonRun) checkLost(t *testing.T, client *process.Client, issues int) {
	t.Helper()
	segments := allSegments(t, client, r.job)
	mustBeTrue(t, "ko", segments)
	lost := map[string]bool{}
	for _, segment := range segments {
		for _, block := range segment.Source {
			if !slices.ContainsFunc(segment.Translation, func(b process.Block) bool { return b.ID == block.ID }) {
				lost[block.ID] = true
			}
		}
	}
	if len(lost) != issues || issues == 1 && !lost[blockID(poisonPage)] {
		t.Errorf("the blocks %v are lost, want %d", slices.Sorted(maps.Keys(lost)), issues)
	}
	if got, want := string(client.Download(t, r.job)), r.told.translated("ko", lost); got != want {
		t.Errorf("the output is not the translation: %s", firstDifference(got, want))
	}
}
