package tests

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// TestRepeats translates a book whose refrains stand in many segments: each text is
// asked for once.
func TestRepeats(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{Latency: 30 * time.Millisecond})
	client := startWithGemini(t, gemini, "VERSO_JOB_CONCURRENCY", "16").SignIn(t, ada)
	told := plainStory(90)
	refrains := []string{"And the river went on as before.", "Nobody answered.", "So ended the first day of the long journey home."}
	for i := range told {
		if i%3 == 1 {
			told[i] = refrains[i/3%len(refrains)]
		}
	}
	job := client.MustUpload(t, told.ordered("target_language", "fr", "source_language", "en", "segment_size", "600",
		"style_data", "{}", "glossary_data", "[]", "memory", "false"))
	ended := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]
	times := map[string]int{}
	for _, request := range gemini.Translations() {
		for _, block := range request.Payload.Blocks {
			times[block.Text]++
		}
	}
	for text, n := range times {
		if n > 1 {
			t.Errorf("%q was asked for %d times", text, n)
		}
	}
	t.Logf("%d paragraphs with %d different texts in %d segments: %d texts were asked for", len(told), len(times), ended.SegmentsTotal, len(times))
	if got, want := string(client.Download(t, job.ID)), told.translated("fr", nil); ended.Status != "COMPLETED" || got != want {
		t.Errorf("the job is %s; the output: %s", ended.Status, firstDifference(got, want))
	}
	listed := 0
	for _, segment := range allSegments(t, client, job.ID) {
		listed += len(segment.Translation)
	}
	if listed != len(told) {
		t.Errorf("%d of %d paragraphs are listed with their translation", listed, len(told))
	}
}

// TestRepeatsUnderAnotherStyle changes the style of a book with refrains: each text is
// asked for once more, for the price that was announced.
func TestRepeatsUnderAnotherStyle(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{Latency: 20 * time.Millisecond})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	told := plainStory(90)
	for i := range told {
		if i%3 == 1 {
			told[i] = "And the river went on as before."
		}
	}
	job := client.MustUpload(t, told.ordered("target_language", "fr", "source_language", "en", "segment_size", "600",
		"style_data", `{"tone_keywords":"calm"}`, "glossary_data", "[]", "memory", "false"))
	before := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]
	asked := len(gemini.Translations())
	announced := changeBrief(t, client, job.ID+"/brief", map[string]any{"style_data": map[string]string{"tone_keywords": "wild"}})
	after := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]
	times := map[string]int{}
	for _, request := range gemini.Translations()[asked:] {
		for _, block := range request.Payload.Blocks {
			times[block.Text]++
		}
	}
	paid := after.Cost(t) - before.Cost(t)
	t.Logf("%d texts were asked for again, the refrain %d times, for $%.6f; $%.6f were announced", len(times), times[told[1]], paid, announced.Cost)
	if len(times) != 61 || times[told[1]] != 1 || len(announced.Positions) != after.SegmentsTotal {
		t.Errorf("%d texts in %d segments were asked for again", len(times), len(announced.Positions))
	}
	if announced.Cost < 0.85*paid || announced.Cost > 1.15*paid {
		t.Errorf("announced $%.6f, paid $%.6f", announced.Cost, paid)
	}
}

// TestRepeatedPoison repeats a text that the model refuses: each place of it is an
// issue, and the job comes to its end.
func TestRepeatedPoison(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Safety, Holding: poisonWord}}})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	told := plainStory(30)
	for _, i := range []int{2, 14, 25} {
		told[i] = "The " + poisonWord + " danced over the black water and was gone."
	}
	job := client.MustUpload(t, told.ordered("target_language", "fr", "source_language", "en", "segment_size", "600", "style_data", "{}", "glossary_data", "[]"))
	ended := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]
	lost := map[string]bool{blockID(2): true, blockID(14): true, blockID(25): true}
	if got, want := string(client.Download(t, job.ID)), told.translated("fr", lost); ended.IssuesCount != 3 || got != want {
		t.Errorf("%d issues; the output: %s", ended.IssuesCount, firstDifference(got, want))
	}
}

// TestTwoVolumes translates two volumes of a series that share a part: the second
// costs what is new in it, unless its owner wants no memory, and what a person has
// corrected in the first stands in the second.
func TestTwoVolumes(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{})
	server := startWithGemini(t, gemini)
	client := server.SignIn(t, ada)
	pages := plainStory(200)
	first, second := pages[:120], append(slices.Clone(pages[40:120]), pages[120:160]...)
	fields := []string{"target_language", "fr", "source_language", "en", "segment_size", "2000", "style_data", `{"tone_keywords":"calm"}`, "glossary_data", "[]"}
	run := func(client *process.Client, volume story, more ...string) (job process.Job, requests, blocks int) {
		before := len(gemini.Translations())
		id := client.MustUpload(t, volume.ordered(append(slices.Clone(fields), more...)...)).ID
		job = awaitStatus(t, client, time.Minute, finished(), id)[id]
		for _, request := range gemini.Translations()[before:] {
			requests++
			blocks += len(request.Payload.Blocks)
		}
		if job.Status != "COMPLETED" {
			t.Fatalf("the job is %s", job.Status)
		}
		return job, requests, blocks
	}
	one, oneRequests, _ := run(client, first)
	segment := allSegments(t, client, one.ID)[5]
	shared := segment.Source[0]
	client.SendJSON(t, "PATCH", "/api/v1/jobs/"+one.ID+"/segments/5",
		map[string]any{"blocks": []process.Block{{ID: shared.ID, Text: "De la main d’Ada."}}}).MustBe(t, http.StatusOK)

	alone, aloneRequests, aloneBlocks := run(client, second, "memory", "false")
	two, twoRequests, twoBlocks := run(client, second)
	t.Logf("the first volume: %d requests, $%.6f; the second: %d requests and $%.6f without the memory, %d and $%.6f with it: saved %d requests, $%.6f",
		oneRequests, one.Cost(t), aloneRequests, alone.Cost(t), twoRequests, two.Cost(t), aloneRequests-twoRequests, alone.Cost(t)-two.Cost(t))
	if twoBlocks != 40 || aloneBlocks != 120 || two.Cost(t) > alone.Cost(t)/2 {
		t.Errorf("of the second volume %d paragraphs were asked for without the memory, %d with it", aloneBlocks, twoBlocks)
	}
	want := strings.Replace(second.translated("fr", nil), standin.Translate("fr", shared.Text), "De la main d’Ada.", 1)
	if got := string(client.Download(t, two.ID)); got != want {
		t.Errorf("the second volume: %s", firstDifference(got, want))
	}

	t.Run("another style", func(t *testing.T) {
		fields[7] = `{"tone_keywords":"wild"}`
		if _, _, blocks := run(client, second); blocks != 120 {
			t.Errorf("%d paragraphs were asked for under another brief", blocks)
		}
	})
	t.Run("another owner", func(t *testing.T) {
		if _, _, blocks := run(server.SignIn(t, bo), second); blocks != 120 {
			t.Errorf("%d paragraphs were asked for by another owner", blocks)
		}
	})
	t.Run("emptied", func(t *testing.T) {
		client.Delete(t, "/api/v1/memory").MustBe(t, http.StatusNoContent)
		if _, _, blocks := run(client, second); blocks != 120 {
			t.Errorf("%d paragraphs were asked for after the memory was emptied", blocks)
		}
	})
}
