package tests

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// limitWait is for what has to wait for a minute to be over.
const limitWait = 2 * time.Minute

// byLane returns the translation requests with a key to a model.
func byLane(gemini *standin.Gemini, key, model string) []standin.Request {
	return slices.DeleteFunc(translationsOf(gemini, key), func(r standin.Request) bool { return r.Model != model })
}

// TestGeminiLimits takes a little more than a minute, because a limit a minute
// can be seen in no less.
func TestGeminiLimits(t *testing.T) {
	t.Parallel()
	t.Run("configured", func(t *testing.T) { t.Parallel(); checkConfigured(t) })
	t.Run("learned", func(t *testing.T) { t.Parallel(); checkLearned(t) })
	t.Run("unexplained", func(t *testing.T) { t.Parallel(); checkUnexplained(t) })
}

// checkConfigured wants no window of a minute to hold more requests or tokens of
// a key and model than configured, whoever's jobs they are, and lanes beside it
// to be free of that.
func checkConfigured(t *testing.T) {
	const rpm, tpm = 30, 20_000
	const cheap, other = "gemini-2.5-flash-lite", "gemini-3.8-flash"
	gemini := standin.StartGemini(t, standin.Config{})
	server := startWithGemini(t, gemini, "VERSO_GEMINI_RPM", fmt.Sprint(rpm), "VERSO_GEMINI_TPM", fmt.Sprint(tpm))
	people := []*process.Client{server.SignIn(t, ada), server.SignIn(t, bo)}
	streams := []*process.Stream{people[0].Subscribe(t, "translation_jobs/*"), people[1].Subscribe(t, "translation_jobs/*")}
	upload := func(who int, pages int, size, key, model string) string {
		job := people[who].MustUpload(t, plainStory(pages).upload("api_key", key, "model_name", model, "segment_size", size))
		return job.ID
	}
	jobs := [][]string{
		{
			upload(0, 44, "500", "shared-key", cheap),
			upload(0, 600, "15000", "shared-key", other), // few requests of many tokens
			upload(0, 24, "500", "another-key", cheap),
		},
		{upload(1, 40, "500", "shared-key", cheap)},
	}
	for who, stream := range streams {
		for id, job := range watch(t, stream, limitWait, jobs[who]...) {
			if job.Status != "COMPLETED" {
				t.Errorf("job %s is %s", id, job.Status)
			}
		}
	}

	small, large, beside := byLane(gemini, "shared-key", cheap), byLane(gemini, "shared-key", other), byLane(gemini, "another-key", cheap)
	most, _ := standin.FullestWindow(small, time.Minute)
	// That the key is good was asked for each of the two, which counts too.
	if most != rpm-2 || len(small) <= rpm {
		t.Errorf("a minute holds up to %d of %d requests of two people with one key, want exactly %d", most, len(small), rpm-2)
	}
	_, tokens := standin.FullestWindow(large, time.Minute)
	all := 0
	for _, request := range large {
		all += request.InputTokens
	}
	if tokens > tpm || all <= tpm {
		t.Errorf("a minute holds up to %d of %d tokens, want at most %d", tokens, all, tpm)
	}
	if last := beside[len(beside)-1]; len(beside) > rpm || !last.Arrived.Before(small[rpm].Arrived) {
		t.Errorf("the last of %d requests with another key waited for the limit of the first", len(beside))
	}
	t.Logf("of %d requests of one lane at most %d came within 60 s (limit %d), the next after %s; of %d tokens of another at most %d (limit %d); %d requests with another key within %s",
		len(small), most, rpm, small[rpm].Arrived.Sub(small[0].Arrived).Round(time.Millisecond), all, tokens, tpm,
		len(beside), beside[len(beside)-1].Arrived.Sub(beside[0].Arrived).Round(time.Millisecond))
}

// checkLearned configures nothing and lets the stand-in have a limit.
func checkLearned(t *testing.T) {
	const rpm = 20
	gemini := standin.StartGemini(t, standin.Config{Limits: standin.Limits{RequestsPerMinute: rpm}, Latency: 20 * time.Millisecond})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	told := plainStory(60)
	job := client.MustUpload(t, told.upload("segment_size", "500"))
	ended := watch(t, stream, limitWait, job.ID)[job.ID]
	requests := gemini.Translations()
	refused := slices.DeleteFunc(slices.Clone(requests), func(r standin.Request) bool { return r.Status != 429 })
	if ended.Status != "COMPLETED" || ended.IssuesCount != 0 {
		t.Errorf("the job is %s with %d issues", ended.Status, ended.IssuesCount)
	}
	if len(refused) > 16 {
		t.Errorf("%d requests met the limit, want few", len(refused))
	}
	if got, want := string(client.Download(t, job.ID)), told.translated("ko", nil); got != want {
		t.Errorf("the output is not the translation: %s", firstDifference(got, want))
	}
	t.Logf("%d segments under an unknown limit of %d a minute: %d requests, %d of them 429, %s from the first to the last",
		ended.SegmentsTotal, rpm, len(requests), len(refused), requests[len(requests)-1].Arrived.Sub(requests[0].Arrived).Round(time.Millisecond))
}

// checkUnexplained meets a 429 that names no limit and asks for no delay with the
// first request of a lane that is still to learn.
func checkUnexplained(t *testing.T) {
	const one, many = "key-for-one", "key-for-many"
	gemini := standin.StartGemini(t, standin.Config{Rules: []standin.Rule{
		{Fault: standin.Exhausted, Key: one, Times: 1}, {Fault: standin.Exhausted, Key: many, Times: 1},
	}})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	jobs := []string{
		client.MustUpload(t, plainStory(2).upload("segment_size", "500", "api_key", one)).ID,
		client.MustUpload(t, plainStory(16).upload("segment_size", "500", "api_key", many)).ID,
	}
	for id, job := range watch(t, stream, limitWait, jobs...) {
		if job.Status != "COMPLETED" || job.IssuesCount != 0 {
			t.Errorf("job %s is %s with %d issues", id, job.Status, job.IssuesCount)
		}
	}
	for _, key := range []string{one, many} {
		requests := translationsOf(gemini, key)
		t.Logf("one 429 without a reason at the beginning: %d requests in %s", len(requests),
			requests[len(requests)-1].Arrived.Sub(requests[0].Arrived).Round(time.Millisecond))
	}
}

// TestGeminiRetryDelay lets requests meet limits that say when to come back.
func TestGeminiRetryDelay(t *testing.T) {
	const delay = 1300 * time.Millisecond
	for _, c := range []struct {
		name        string
		concurrency string
		times       int
		// travel is how long after a 429 requests may arrive that were on
		// their way when it was sent.
		travel time.Duration
	}{
		{"one at a time", "1", 3, 0},
		{"eight at a time", "8", 2, 500 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			gemini := standin.StartGemini(t, standin.Config{Latency: 20 * time.Millisecond, Rules: []standin.Rule{
				{Fault: standin.RateLimitedMinute, From: 6, Times: c.times, RetryDelay: delay, Quota: generousQuota},
			}})
			client := startWithGemini(t, gemini, "VERSO_JOB_CONCURRENCY", c.concurrency).SignIn(t, ada)
			stream := client.Subscribe(t, "translation_jobs/*")
			job := client.MustUpload(t, plainStory(40).upload("segment_size", "500"))
			if ended := watch(t, stream, time.Minute, job.ID)[job.ID]; ended.Status != "COMPLETED" || ended.IssuesCount != 0 {
				t.Errorf("the job is %s with %d issues", ended.Status, ended.IssuesCount)
			}
			requests := gemini.Translations()
			soonest := time.Hour
			for _, refused := range requests {
				if refused.Status != 429 {
					continue
				}
				for _, next := range requests {
					after := next.Arrived.Sub(refused.Ended)
					if after <= c.travel {
						continue
					}
					if soonest = min(soonest, after); after < delay {
						t.Errorf("request %d came %s after a 429 that asked for %s", next.Number, after, delay)
					}
				}
			}
			t.Logf("after %d 429s that asked for %s nothing came for %s", c.times, delay, soonest.Round(time.Millisecond))
		})
	}
}
