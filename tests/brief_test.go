package tests

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// heroic tells a story of paragraphs in each of which one person is named.
func heroic(paragraphs int, hero string) story {
	tell := plainStory(paragraphs)
	for i := range tell {
		tell[i] += fmt.Sprintf(" In the evening everybody spoke of %s, and nobody of anything else.", hero)
	}
	return tell
}

// waysOf counts how often each way of a word stands in a text.
func waysOf(text string, ways []string) map[string]int {
	counts := map[string]int{}
	for _, way := range ways {
		if n := strings.Count(text, way); n > 0 {
			counts[way] = n
		}
	}
	return counts
}

// TestConsistency translates a book of 300 segments with a model that writes a
// name in one of three ways, as it happens, unless it is told how: without a
// brief, and with the one that the analysis of the book makes.
func TestConsistency(t *testing.T) {
	t.Parallel()
	const hero, segments = "Ottokar", 300
	ways := []string{"Åttokar", "Øttokar", "Ættokar"}
	gemini := standin.StartGemini(t, standin.Config{Whims: map[string][]string{hero: ways}, Seed: 7})
	server := startWithGemini(t, gemini, "VERSO_JOB_CONCURRENCY", "16")
	client := server.SignIn(t, ada)
	told := heroic(segments*2, hero)
	told[0] = hero + " came home. " + told[0]
	upload := func(fields ...string) process.Job {
		return client.MustUpload(t, told.ordered(append(fields, "target_language", "fr", "source_language", "en", "segment_size", "520")...))
	}

	without := upload("style_data", "{}", "glossary_data", "[]", "memory", "false")
	with := upload("memory", "false")
	ended := awaitStatus(t, client, 2*time.Minute, append(finished(), "PAUSED"), without.ID, with.ID)
	for _, job := range ended {
		if job.Status != "COMPLETED" || job.SegmentsTotal < segments || job.IssuesCount > 0 {
			t.Fatalf("the job is %s: %d segments, %d issues", job.Status, job.SegmentsTotal, job.IssuesCount)
		}
	}
	brief := client.Brief(t, with.ID)
	at := slices.IndexFunc(brief.Glossary, func(term process.Term) bool { return term.Term == hero })
	if brief.MadeBy != "analysis" || at < 0 {
		t.Fatalf("the brief was made by %q and does not hold %s: %v", brief.MadeBy, hero, brief.Glossary)
	}
	all := append(slices.Clone(ways), brief.Glossary[at].Translation)
	loose := waysOf(string(client.Download(t, without.ID)), all)
	settled := waysOf(string(client.Download(t, with.ID)), all)
	t.Logf("ways of writing the name: without a brief %v, with it %v", loose, settled)
	if len(loose) != 3 {
		t.Errorf("without a brief the name is written in %d ways; the stand-in should have used three", len(loose))
	}
	if len(settled) != 1 || settled[brief.Glossary[at].Translation] != len(told)+1 {
		t.Errorf("with the brief the name stands as %v, want %d times %q", settled, len(told)+1, brief.Glossary[at].Translation)
	}
}

// TestGlossaryOnSecondAsking has a model that obeys the glossary only when it is
// asked a second time, and one that never does.
func TestGlossaryOnSecondAsking(t *testing.T) {
	t.Parallel()
	const hero = "Ottokar"
	gemini := standin.StartGemini(t, standin.Config{Rules: []standin.Rule{
		{Fault: standin.IgnoredTerms, First: true, All: true, Key: "second-asking"},
		{Fault: standin.IgnoredTerms, All: true, Key: "never"},
	}})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	told := heroic(12, hero)
	told[5] = plainStory(20)[13]
	fields := []string{
		"target_language", "de", "source_language", "en", "segment_size", "1200", "style_data", "{}",
		"glossary_data", `[{"term":"` + hero + `","translation":"Ottokar der Böhme"}]`, "memory", "false",
	}
	obedient := client.MustUpload(t, told.ordered(append(fields, "api_key", "second-asking")...))
	never := client.MustUpload(t, told.ordered(append(fields, "api_key", "never")...))
	ended := awaitStatus(t, client, time.Minute, append(finished(), "PAUSED"), obedient.ID, never.ID)

	if job := ended[obedient.ID]; job.Status != "COMPLETED" || job.IssuesCount != 0 {
		t.Errorf("the job is %s with %d issues", job.Status, job.IssuesCount)
	}
	if n := strings.Count(string(client.Download(t, obedient.ID)), "Ottokar der Böhme"); n != len(told)-1 {
		t.Errorf("the term stands %d times, want %d", n, len(told)-1)
	}
	requests := translationsOf(gemini, "second-asking")
	again := slices.DeleteFunc(slices.Clone(requests), func(r standin.Request) bool { return !strings.Contains(r.System, "binding") })
	t.Logf("%d requests for %d segments, of which %d name the terms that were not followed", len(requests), ended[obedient.ID].SegmentsTotal, len(again))
	if len(again) == 0 || len(requests) > 2*ended[obedient.ID].SegmentsTotal {
		t.Errorf("the ladder has no rung of its own for terms, or took more than two requests a segment")
	}

	if job := ended[never.ID]; job.Status != "COMPLETED" || job.IssuesCount == 0 {
		t.Fatalf("the job is %s with %d issues, want issues that name the term", job.Status, job.IssuesCount)
	}
	for _, segment := range allSegments(t, client, never.ID) {
		if segment.Status != "issue" {
			continue
		}
		if segment.Issue == nil || !strings.Contains(*segment.Issue, hero) {
			t.Errorf("the issue of segment %d does not name the term", segment.Position)
		}
	}
	if !strings.Contains(string(client.Download(t, never.ID)), standin.Translate("de", told[5])) {
		t.Error("a paragraph without the term was lost with the others")
	}
}

// TestBriefEdit changes a term of a finished book: exactly the segments that hold
// it are asked again, as was said before, and a person's correction stays.
func TestBriefEdit(t *testing.T) {
	t.Parallel()
	const hero = "Ottokar"
	gemini := standin.StartGemini(t, standin.Config{Latency: 200 * time.Millisecond})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	told := plainStory(120)
	var holding []string // block ids
	for i := range told {
		if i%7 == 3 {
			told[i] += " Nobody had seen " + hero + "’s hat."
			holding = append(holding, blockID(i))
		}
	}
	job := client.MustUpload(t, told.ordered("target_language", "fr", "source_language", "en", "segment_size", "700",
		"style_data", "{}", "glossary_data", `[{"term":"Ottokar","translation":"Otacar"}]`))
	awaitStatus(t, client, time.Minute, finished(), job.ID)
	var corrected string // a block that a person has written
	wanted := map[int]bool{}
	for position, segment := range allSegments(t, client, job.ID) {
		for _, block := range segment.Source {
			if !slices.Contains(holding, block.ID) {
				continue
			}
			if corrected == "" {
				corrected = block.ID
				client.SendJSON(t, "PATCH", fmt.Sprintf("/api/v1/jobs/%s/segments/%d", job.ID, position),
					map[string]any{"blocks": []process.Block{{ID: block.ID, Text: "Personne n’a vu Otacar."}}}).MustBe(t, http.StatusOK)
				continue
			}
			wanted[position] = true
		}
	}

	before := client.Job(t, job.ID)
	asked := len(gemini.Translations())
	change := map[string]any{"glossary": []process.Term{{Term: hero, Translation: "Ottocaro"}}}
	announced := changeBrief(t, client, job.ID+"/brief?dry_run=1", change)
	if len(gemini.Translations()) != asked || client.Brief(t, job.ID).Glossary[0].Translation != "Otacar" {
		t.Fatal("a dry run changed something")
	}
	began := time.Now()
	changed := changeBrief(t, client, job.ID+"/brief", change)
	if !slices.Equal(announced.Positions, changed.Positions) || len(changed.Positions) != len(wanted) {
		t.Errorf("announced %v, changed %v, want %d segments", announced.Positions, changed.Positions, len(wanted))
	}
	after := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]
	t.Logf("announced to take %d s, took %s", announced.ETASeconds, time.Since(began).Round(time.Millisecond))
	var again []string
	for _, request := range gemini.Translations()[asked:] {
		for _, block := range request.Payload.Blocks {
			again = append(again, block.ID)
		}
	}
	slices.Sort(again)
	expected := slices.DeleteFunc(slices.Clone(holding), func(id string) bool { return id == corrected })
	slices.Sort(expected)
	if !slices.Equal(again, expected) {
		t.Errorf("asked again for %v, want %v", again, expected)
	}
	paid := after.Cost(t) - before.Cost(t)
	t.Logf("%d of %d segments were asked again, for $%.6f; $%.6f were announced", len(changed.Positions), after.SegmentsTotal, paid, announced.Cost)
	if announced.Cost < 0.9*paid || announced.Cost > 1.1*paid {
		t.Errorf("announced $%.6f, paid $%.6f", announced.Cost, paid)
	}
	output := string(client.Download(t, job.ID))
	if n := strings.Count(output, "Ottocaro"); n != len(expected) || strings.Count(output, "Otacar") != 1 {
		t.Errorf("the new name stands %d times and the old one %d times", n, strings.Count(output, "Otacar"))
	}
}

// briefChange is what a change of a brief touches.
type briefChange struct {
	Positions []int   `json:"positions"`
	Cost      float64 `json:"cost_usd"`
	// ETASeconds is how long the change is going to take.
	ETASeconds int `json:"eta_seconds"`
}

func changeBrief(t *testing.T, client *process.Client, path string, body any) (change briefChange) {
	t.Helper()
	client.SendJSON(t, "PATCH", "/api/v1/jobs/"+path, body).MustBe(t, http.StatusOK).Decode(t, &change)
	return change
}

// TestReview stops a job when its brief stands, lets its owner edit it, and goes
// on with the edited one.
func TestReview(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	told := heroic(30, "Ottokar")
	job := client.MustUpload(t, told.ordered("target_language", "fr", "source_language", "en", "segment_size", "1000", "review", "true"))
	paused := awaitStatus(t, client, time.Minute, []string{"PAUSED"}, job.ID)[job.ID]
	if paused.PauseReason == nil || *paused.PauseReason != "review" || paused.SegmentsDone != 0 || len(gemini.Translations()) != 0 {
		t.Fatalf("the job stopped for %v with %d segments done", paused.PauseReason, paused.SegmentsDone)
	}
	brief := client.Brief(t, job.ID)
	if brief.MadeBy != "analysis" || len(brief.Glossary) == 0 || brief.Style["tone_keywords"] == nil {
		t.Fatalf("the brief: %+v", brief)
	}
	changed := changeBrief(t, client, job.ID+"/brief", map[string]any{"glossary": []process.Term{{Term: "Ottokar", Translation: "Otacar"}}})
	if len(changed.Positions) != 0 {
		t.Errorf("a change before the first segment touches %v", changed.Positions)
	}
	mustCommand(t, client, job.ID, "resume", map[string]any{})
	awaitStatus(t, client, time.Minute, finished(), job.ID)
	if n := strings.Count(string(client.Download(t, job.ID)), "Otacar"); n != len(told) {
		t.Errorf("the edited name stands %d times, want %d", n, len(told))
	}
	if brief := client.Brief(t, job.ID); brief.MadeBy != "user" || brief.Style["tone_keywords"] == nil {
		t.Errorf("after the edit: %+v", brief)
	}
}

// TestAnalyze asks for a document's style and glossary before anything is ordered.
func TestAnalyze(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{Keys: []string{serverKey}})
	server := startWithGemini(t, gemini)
	client := server.SignIn(t, ada)
	told := heroic(20, "Ottokar")
	ask := func(path string, fields ...string) *process.Answer {
		upload := told.ordered(append(fields, "target_language", "fr")...)
		upload.Path = path
		return client.Upload(t, upload)
	}
	var style map[string]any
	ask("/api/v1/analyze-style").MustBe(t, http.StatusOK).Decode(t, &style)
	if style["protagonist_name"] != "Ottokar" || style["stylistic_rule"] == "" || len(style) != 4 {
		t.Errorf("the style: %v", style)
	}
	var found struct {
		Glossary []process.Term `json:"glossary"`
	}
	ask("/api/v1/analyze-glossary").MustBe(t, http.StatusOK).Decode(t, &found)
	if !slices.ContainsFunc(found.Glossary, func(term process.Term) bool { return term.Term == "Ottokar" }) {
		t.Errorf("the glossary: %v", found.Glossary)
	}
	ask("/api/v1/analyze-glossary", "api_key", "wrong").MustBe(t, http.StatusBadRequest)
	for _, kind := range []string{"translation_jobs", "translation_briefs"} {
		if database := process.OpenDatabase(t, server.Dir); database.Count(t, kind) != 0 {
			t.Errorf("a question left rows in %s", kind)
		}
	}
	if files := process.Files(t, server.Dir+"/storage"); len(files) != 0 {
		t.Errorf("a question left files: %v", files)
	}
}

// TestBriefEditWhileRunning changes a name again and again while the book is being
// translated, paused and resumed: in the end the last one stands everywhere.
func TestBriefEditWhileRunning(t *testing.T) {
	t.Parallel()
	const hero = "Ottokar"
	gemini := standin.StartGemini(t, standin.Config{Latency: 60 * time.Millisecond})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	told := heroic(150, hero)
	job := client.MustUpload(t, told.ordered("target_language", "fr", "source_language", "en", "segment_size", "700", "style_data", "{}",
		"glossary_data", `[{"term":"Ottokar","translation":"Otacar"}]`))
	names := []string{"Ottocaro", "Otokar", "Ottakringe", "Audaccar"}
	for i, name := range names {
		gemini.MustAwait(t, func(all []standin.Request) bool { return len(standin.Translations(all)) >= 12*(i+1) })
		if i == 2 {
			mustCommand(t, client, job.ID, "pause", nil)
		}
		changeBrief(t, client, job.ID+"/brief", map[string]any{"glossary": []process.Term{{Term: hero, Translation: name}}})
		if i == 2 {
			mustCommand(t, client, job.ID, "resume", map[string]any{})
		}
	}
	ended := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]
	if ended.Status != "COMPLETED" || ended.IssuesCount > 0 || ended.SegmentsDone != ended.SegmentsTotal {
		t.Fatalf("the job is %s with %d issues, %d of %d segments", ended.Status, ended.IssuesCount, ended.SegmentsDone, ended.SegmentsTotal)
	}
	found := waysOf(string(client.Download(t, job.ID)), append([]string{"Otacar"}, names...))
	t.Logf("%d requests for %d segments under %d names, of which stand %v", len(gemini.Translations()), ended.SegmentsTotal, len(names)+1, found)
	if len(found) != 1 || found[names[3]] != len(told) {
		t.Errorf("the names stand as %v, want %d times %q", found, len(told), names[3])
	}
}
