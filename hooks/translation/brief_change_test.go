package translation

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
	"verso/hooks/translation/pipeline"
)

// ordered is an order from English into French under a brief.
func ordered(t *testing.T, s *setup, style map[string]any, terms ...pipeline.Term) *order {
	t.Helper()
	collection, err := s.app.FindCachedCollectionByNameOrId(records.CollectionJobs)
	if err != nil {
		t.Fatal(err)
	}
	job := records.NewJob(core.NewRecord(collection))
	job.Set("source_language", "en")
	job.Set("target_language", "fr")
	job.Set("owner_id", s.owner.Id)
	return newOrder(job, style, terms)
}

func TestWhatAChangeOfTheBriefTouches(t *testing.T) {
	s := newSetup(t)
	ahab := pipeline.Term{Term: "Ahab", Translation: "Achab"}
	before := ordered(t, s, map[string]any{"tone_keywords": "calm"}, ahab, pipeline.Term{Term: "Pequod", Translation: "Péquod"})
	const (
		source = "Ahab stood upon the deck of the old ship."
		french = "Achab se tenait sur le pont du vieux navire."
		other  = "The sea was grey."
	)
	calm := map[string]any{"tone_keywords": "calm"}
	tests := []struct {
		name         string
		style        map[string]any
		terms        []pipeline.Term
		holds, other bool
	}{
		{"nothing", calm, before.terms, false, false},
		{"another name", calm, []pipeline.Term{{Term: "Ahab", Translation: "Akhab"}}, true, false},
		{"a gender", calm, []pipeline.Term{{Term: "Ahab", Translation: "Achab", Gender: "male"}}, true, false},
		{"a term taken out", calm, nil, false, false},
		{"a new term that is followed", calm, append([]pipeline.Term{{Term: "deck", Translation: "pont"}}, before.terms...), false, false},
		{"a new term that is not", calm, append([]pipeline.Term{{Term: "deck", Translation: "tillac"}}, before.terms...), true, false},
		{"another style", map[string]any{"tone_keywords": "wild"}, before.terms, true, true},
		{"a style of nothing more", map[string]any{"tone_keywords": "calm", "stylistic_rule": ""}, before.terms, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			change := before.changeOf(test.style, test.terms)
			if got := change.touches(source, french); got != test.holds {
				t.Errorf("the block with the name: %v, want %v", got, test.holds)
			}
			if got := change.touches(other, "La mer était grise."); got != test.other {
				t.Errorf("the block without: %v, want %v", got, test.other)
			}
		})
	}
}

// TestMemoryKnowsWhatMatters holds that a block is remembered under what was said
// about it, and nothing else.
func TestMemoryKnowsWhatMatters(t *testing.T) {
	s := newSetup(t)
	ahab, pip := pipeline.Term{Term: "Ahab", Translation: "Achab"}, pipeline.Term{Term: "Pip", Translation: "Pip"}
	calm := map[string]any{"tone_keywords": "calm"}
	digest := func(style map[string]any, text string, terms ...pipeline.Term) string {
		return ordered(t, s, style, terms...).memory().digest(text)
	}
	const text = "Ahab stood upon the deck."
	want := digest(calm, text, ahab)
	if digest(calm, text, ahab, pip) != want {
		t.Error("a term that does not occur makes another block of it")
	}
	for name, got := range map[string]string{
		"another text":  digest(calm, "Ahab stood upon the quay.", ahab),
		"another name":  digest(calm, text, pipeline.Term{Term: "Ahab", Translation: "Akhab"}),
		"no name":       digest(calm, text),
		"another style": digest(map[string]any{"tone_keywords": "wild"}, text, ahab),
	} {
		if got == want {
			t.Errorf("%s is remembered as the same", name)
		}
	}
	forgetful := ordered(t, s, calm)
	forgetful.options.NoMemory = true
	if forgetful.memory() != nil {
		t.Error("who wants no memory has one")
	}
}
