package tests

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// serverKey is the API key that the service has of its own in these tests.
const serverKey = "server-key"

// startWithGemini starts the service with a stand-in for Gemini.
func startWithGemini(t *testing.T, gemini *standin.Gemini, pairs ...string) *process.Server {
	t.Helper()
	return process.Start(t, withGemini("", gemini.URL, pairs...))
}

// withGemini are the options of a service that asks Gemini at an address.
func withGemini(dir, url string, pairs ...string) process.Options {
	environment := env("VERSO_ENGINES", "gemini", "GOOGLE_GEMINI_BASE_URL", url, "GEMINI_API_KEY", serverKey, "VERSO_MAX_ACTIVE_JOBS", "1000")
	maps.Copy(environment, env(pairs...))
	return process.Options{Dir: dir, Env: environment}
}

// story is a document of paragraphs with a blank line between.
type story []string

func (s story) String() string { return strings.Join(s, "\n\n") + "\n" }

// upload is the story on its way, with fields given as name, value, name, value.
// Nothing is found out about it, and nothing remembered, so that each block is
// asked for.
func (s story) upload(fields ...string) process.Upload {
	return s.ordered(append([]string{"style_data", "{}", "glossary_data", "[]", "memory", "false"}, fields...)...)
}

// ordered is the story on its way with these fields alone.
func (s story) ordered(fields ...string) process.Upload {
	return process.Upload{Filename: "story.txt", Content: strings.NewReader(s.String()), Fields: env(fields...)}
}

// translated is what the story must become: every paragraph translated but
// those whose block ids are listed, and all else as it was.
func (s story) translated(target string, but map[string]bool) string {
	out := slices.Clone(s)
	for i := range out {
		if !but[blockID(i)] {
			out[i] = standin.Translate(target, out[i])
		}
	}
	return out.String()
}

// blockID is the id of a story's paragraph.
func blockID(paragraph int) string { return fmt.Sprintf("b%d", paragraph+1) }

// plainStory tells a story of paragraphs of about 180 characters, each different,
// without numbers and tags.
func plainStory(paragraphs int) story {
	names := strings.Fields("Alder Brenna Corin Dagny Edwin Freya Gareth Hilde Ivor Joan Kester Linnet Maud Nolan Orla Piers Quilla Roland Sabine Tobias Una Victor Wanda Yorick Zelda")
	scenes := []string{
		"%s walked down to the harbour before dawn and looked for the little boat among the nets.",
		"Nobody in the village could say why %s had closed the shutters on such a mild evening.",
		"The letter lay on the table for a week until %s found the courage to break the seal.",
		"When the rain stopped, %s opened the gate and let the horses out into the wet meadow.",
		"There was a smell of bread in the street, and %s stood still to breathe it in.",
		"%s had never seen the mountains, but the old songs were full of their cold light.",
		"The clock in the tower was slow again, so %s came late to the wedding of a friend.",
		"In the attic %s discovered a box of painted soldiers that had belonged to an uncle.",
		"%s sang softly to the child, although the words had been forgotten long ago.",
		"Somebody knocked at the door, and %s put the lamp behind the curtain at once.",
		"The river had risen during the night and %s carried the chickens to the upper floor.",
		"%s laughed about the story, but the laughter did not reach the tired eyes.",
		"On the way home %s picked some apples that had fallen over the garden wall.",
		"The teacher asked a question which %s could have answered and preferred to leave alone.",
		"%s wrote the names of the dead into the book with a very steady hand.",
		"Long after the others had gone to sleep, %s still watched the fire on the hill.",
		"A stranger bought the mill, and from that day %s took another path to the fields.",
		"%s kept the key in a shoe, because nobody would ever look for it there.",
		"The dog lay down at the feet of %s and did not move until the music was over.",
		"%s counted the ships that came back and knew that one of them was missing.",
		"Every spring %s painted the fence white, and every winter the wind took the paint.",
		"The baker gave %s a warm loaf and would not hear of any money for it.",
		"%s dreamed of a house by the sea with a blue door and a table for many guests.",
	}
	tell := make(story, paragraphs)
	for i := range tell {
		first, second := scenes[i%len(scenes)], scenes[(i*7+5+i/len(scenes))%len(scenes)]
		hero, friend := names[(i+i/len(scenes))%len(names)], names[(i*3+1)%len(names)]
		tell[i] = fmt.Sprintf(first, hero) + " " + fmt.Sprintf(second, friend)
	}
	return tell
}

// markedStory is a plain story of which each paragraph holds Markdown's markup,
// which travels as tags.
func markedStory(paragraphs int) story {
	tell := plainStory(paragraphs)
	for i := range tell {
		words := strings.Fields(tell[i])
		words[2], words[6] = "**"+words[2]+"**", "*"+words[6]+"*"
		tell[i] = strings.Join(words, " ")
	}
	return tell
}

// numberedStory is a plain story of which each paragraph holds numbers.
func numberedStory(paragraphs int) story {
	tell := plainStory(paragraphs)
	for i := range tell {
		tell[i] += fmt.Sprintf(" That was in 18%02d, when there were %d people on the island.", 10+i%80, 120+i)
	}
	return tell
}

// poisonWord marks the paragraph to which something happens.
const poisonWord = "marshlight"

// poisoned puts the word into a paragraph, and makes it the longest.
func (s story) poisoned(paragraph int) story {
	out := slices.Clone(s)
	out[paragraph] += " The " + poisonWord + " danced over the black water and went out whenever somebody called to it." +
		" After that the reeds were silent, and only the frogs told each other what they had seen."
	return out
}

// watch reads a stream until every job has come to a rest: finished or paused.
func watch(t *testing.T, stream *process.Stream, within time.Duration, jobs ...string) map[string]process.Job {
	t.Helper()
	resting := []string{"COMPLETED", "FAILED", "CANCELLED", "PAUSED"}
	return watchFor(t, stream, within, resting, jobs...)
}

// watchFor reads a stream until every job has one of the statuses.
func watchFor(t *testing.T, stream *process.Stream, within time.Duration, statuses []string, jobs ...string) map[string]process.Job {
	t.Helper()
	found := map[string]process.Job{}
	stream.Until(t, within, func(e process.JobEvent) bool {
		if slices.Contains(jobs, e.Record.ID) {
			delete(found, e.Record.ID)
			if slices.Contains(statuses, e.Record.Status) {
				found[e.Record.ID] = e.Record
			}
		}
		return len(found) == len(jobs)
	})
	return found
}

// awaitStatus asks until every job has one of the statuses, and returns them.
// After a command this is better than a stream, on which a message from before
// may still be on its way.
func awaitStatus(t *testing.T, client *process.Client, within time.Duration, statuses []string, jobs ...string) map[string]process.Job {
	t.Helper()
	found := map[string]process.Job{}
	reached := process.Holds(within, func() bool {
		for _, id := range jobs {
			if _, ok := found[id]; ok {
				continue
			}
			if job := client.Job(t, id); slices.Contains(statuses, job.Status) {
				found[id] = job
			} else {
				return false
			}
		}
		return true
	})
	for _, id := range jobs {
		if _, ok := found[id]; !ok {
			found[id] = client.Job(t, id)
		}
		if !reached && !slices.Contains(statuses, found[id].Status) {
			t.Errorf("job %s is %s after %s, want %v", id, found[id].Status, within, statuses)
		}
	}
	return found
}

// finished are the statuses of a job that has come to its end.
func finished() []string { return []string{"COMPLETED", "FAILED", "CANCELLED"} }

// translationsOf returns the journal's translation requests with a key.
func translationsOf(gemini *standin.Gemini, key string) []standin.Request {
	return slices.DeleteFunc(gemini.Translations(), func(r standin.Request) bool { return !r.UsedKey(key) })
}

// askedFor returns the ids of the blocks that requests asked for, pieces of cut
// blocks under the id of the whole. What the service asks to find out whether
// the engine is there is no block of the story.
func askedFor(told story, requests []standin.Request) map[string]int {
	asked := map[string]int{}
	whole := told.String()
	for _, request := range requests {
		for _, block := range request.Payload.Blocks {
			if strings.Contains(whole, block.Text) {
				id, _, _ := strings.Cut(block.ID, "/")
				asked[id]++
			}
		}
	}
	return asked
}

// command sends a command on a job.
func command(t *testing.T, client *process.Client, jobID, name string, body any) *process.Answer {
	t.Helper()
	return client.Post(t, "/api/v1/jobs/"+jobID+"/"+name, body)
}

// mustCommand sends a command on a job that is to be obeyed.
func mustCommand(t *testing.T, client *process.Client, jobID, name string, body any) {
	t.Helper()
	command(t, client, jobID, name, body).MustBe(t, http.StatusOK)
}

// allSegments returns every settled segment of a job by position.
func allSegments(t *testing.T, client *process.Client, jobID string) map[int]process.Segment {
	t.Helper()
	all := map[int]process.Segment{}
	for since := 0; ; {
		segments, cursor := client.Segments(t, jobID, since, 200)
		for _, segment := range segments {
			all[segment.Position] = segment
		}
		if len(segments) == 0 || cursor == since {
			return all
		}
		since = cursor
	}
}

// mustBeTrue wants every translation that was accepted to be the good one.
func mustBeTrue(t *testing.T, target string, segments map[int]process.Segment) {
	t.Helper()
	wrong := map[string]string{}
	for position, segment := range segments {
		for _, block := range segment.Translation {
			at := slices.IndexFunc(segment.Source, func(b process.Block) bool { return b.ID == block.ID })
			if at < 0 {
				t.Errorf("segment %d has a translation of %s, which is none of its blocks", position, block.ID)
				continue
			}
			if want := standin.Translate(target, segment.Source[at].Text); block.Text != want {
				wrong[block.ID] = firstDifference(block.Text, want)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(wrong))[:min(1, len(wrong))] {
		t.Errorf("what was accepted for %d blocks is not their translation; for %s: %s", len(wrong), id, wrong[id])
	}
}
