package tests

import (
	"fmt"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// outageFailures is how many requests an outage in the table fails before it ends.
const outageFailures = 6

// runOutages lets the engine be away without an end: jobs wait, whatever is
// wrong, give nothing up, and go on when it is back.
func runOutages(t *testing.T) {
	type outage struct {
		fault standin.Fault
		dose  string
	}
	var outages []outage
	limits := []standin.Fault{standin.RateLimitedMinute, standin.RateLimitedTokens}
	for _, fault := range append(engineFaults(), limits...) {
		outages = append(outages, outage{fault, everywhere})
	}
	for _, fault := range limits {
		// A limit says nothing about the text that met it, however often.
		outages = append(outages, outage{fault, onPoison})
	}

	key := func(i int) string { return fmt.Sprintf("key-of-outage-%d", i) }
	told := plainStory(tablePages).poisoned(poisonPlace)
	var rules []standin.Rule
	for i, o := range outages {
		rule := standin.Rule{Fault: o.fault, Key: key(i), RetryDelay: 1500 * time.Millisecond, Quota: generousQuota}
		if o.fault == standin.Unavailable {
			rule.RetryDelay = 0 // a Retry-After has whole seconds
		}
		if o.fault == standin.SlowDrip {
			rule.Delay = 100 * time.Millisecond
		}
		if o.dose == onPoison {
			rule.Holding = poisonWord
		}
		rules = append(rules, rule)
	}
	gemini := standin.StartGemini(t, standin.Config{Rules: rules})
	client := startWithGemini(t, gemini, "VERSO_ENGINE_TIMEOUT", "1s", "VERSO_CONCURRENCY", "96").SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	jobs := make([]string, len(outages))
	for i := range outages {
		jobs[i] = client.MustUpload(t, told.upload("api_key", key(i), "segment_size", "800", "source_language", "en")).ID
	}

	gemini.MustAwait(t, func(all []standin.Request) bool {
		failed := map[string]int{}
		for _, request := range all {
			if request.Fault != "" {
				failed[request.KeyDigest]++
			}
		}
		for i := range outages {
			if failed[standin.DigestKey(key(i))] < outageFailures {
				return false
			}
		}
		return true
	})
	meanwhile, asked := make([]process.Job, len(outages)), make([]int, len(outages))
	for i := range outages {
		meanwhile[i] = client.Job(t, jobs[i])
		asked[i] = len(translationsOf(gemini, key(i)))
	}
	gemini.Use()
	watchFor(t, stream, time.Minute, []string{"COMPLETED", "FAILED", "PAUSED"}, jobs...)

	for i, o := range outages {
		t.Run(fmt.Sprintf("%s/%s", o.fault, o.dose), func(t *testing.T) {
			before := meanwhile[i]
			done := 0
			if o.dose == onPoison {
				done = before.SegmentsTotal - 1
			}
			if before.Status != "PROCESSING" || before.SegmentsDone != done || before.IssuesCount != 0 {
				t.Errorf("while the engine is away the job is %s with %d of %d segments done and %d issues",
					before.Status, before.SegmentsDone, before.SegmentsTotal, before.IssuesCount)
			}
			// Requests get rarer: a minute of outage costs some ten more.
			if most := 4*outageFailures + before.SegmentsTotal; asked[i] > most {
				t.Errorf("%d requests were made to an engine that is away, want at most %d", asked[i], most)
			}
			c := faultCase{
				fault: o.fault, dose: o.dose + " until it ends", target: "ko", told: told, status: "COMPLETED", lost: []string{},
				most: asked[i] + 8,
			}
			c.check(t, client, jobs[i], translationsOf(gemini, key(i)))
			t.Logf("%d requests during the outage", asked[i])
		})
	}
}
