package tests

import (
	"fmt"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// TestGeminiConcurrency runs several jobs of several owners: no more requests
// are in flight than the process and each job may have, and no fewer while there
// is work.
func TestGeminiConcurrency(t *testing.T) {
	const inProcess, inJob, jobs = 7, 3, 4
	gemini := standin.StartGemini(t, standin.Config{Latency: 150 * time.Millisecond})
	server := startWithGemini(t, gemini, "VERSO_CONCURRENCY", fmt.Sprint(inProcess), "VERSO_JOB_CONCURRENCY", fmt.Sprint(inJob))
	people := []*process.Client{server.SignIn(t, ada), server.SignIn(t, bo)}
	streams := []*process.Stream{people[0].Subscribe(t, "translation_jobs/*"), people[1].Subscribe(t, "translation_jobs/*")}
	mine := [2][]string{}
	key := func(i int) string { return fmt.Sprintf("key-of-job-%d", i) }
	for i := range jobs {
		job := people[i%2].MustUpload(t, plainStory(60).upload("api_key", key(i), "segment_size", "500"))
		mine[i%2] = append(mine[i%2], job.ID)
	}
	for who, stream := range streams {
		watch(t, stream, time.Minute, mine[who]...)
	}

	if most := gemini.MostInFlight(); most != inProcess {
		t.Errorf("up to %d requests were in flight, want %d", most, inProcess)
	}
	for i := range jobs {
		if most := mostAtOnce(translationsOf(gemini, key(i))); most != inJob {
			t.Errorf("up to %d requests of job %d were in flight, want %d", most, i, inJob)
		}
	}
	requests := gemini.Translations()
	t.Logf("%d requests of %d jobs and 2 owners: at most %d in flight (VERSO_CONCURRENCY=%d), of one job %d (VERSO_JOB_CONCURRENCY=%d)",
		len(requests), jobs, gemini.MostInFlight(), inProcess, mostAtOnce(translationsOf(gemini, key(0))), inJob)
}

// mostAtOnce returns how many of the requests were in flight at once at most.
func mostAtOnce(requests []standin.Request) (most int) {
	for _, one := range requests {
		count := 0
		for _, other := range requests {
			if !other.Arrived.After(one.Arrived) && other.Ended.After(one.Arrived) {
				count++
			}
		}
		most = max(most, count)
	}
	return most
}
