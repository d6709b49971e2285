package translatecmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
)

// sidecarName is where the runs of these tests are kept.
const sidecarName = "book.fr.txt.verso"

// settledBlocks returns the blocks that a sidecar holds, of its whole lines.
func settledBlocks(t *testing.T, sidecar string) map[string]bool {
	t.Helper()
	settled := map[string]bool{}
	lines := strings.Split(sidecar, "\n")
	for _, line := range lines[:len(lines)-1] {
		var record struct {
			Segment struct {
				Blocks []engine.Block `json:"blocks"`
			} `json:"segment"`
		}
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("the line %q: %v", line, err)
		}
		for _, block := range record.Segment.Blocks {
			settled[block.ID] = true
		}
	}
	return settled
}

// TestResumeFromAnyByte cuts the sidecar of a whole run anywhere: the rest is done,
// and nothing else.
func TestResumeFromAnyByte(t *testing.T) {
	text := tale(6)
	full := newStage(t, readingPlay{&play{}}, text)
	full.run("--keep", "--concurrency", "1").must(t, 0)
	whole, output := full.read(sidecarName), full.read("book.fr.txt")
	if strings.Count(output, "Ismaël") != 2 || strings.Count(output, "]\n\n") != 6 { // the play heeds the terms that were found
		t.Fatalf("the output is not the translation: %q", output)
	}
	cuts := map[int]bool{}
	for i := range len(whole) + 1 {
		atEdge := i == len(whole) || whole[i] == '\n' || i > 0 && whole[i-1] == '\n' || i > 1 && whole[i-2] == '\n'
		if atEdge || i%23 == 0 || i < 30 {
			cuts[i] = true
		}
	}
	for cut := range cuts {
		eng := &play{}
		s := newStage(t, readingPlay{eng}, text)
		s.write(sidecarName, whole[:cut])
		s.run().must(t, 0)
		if s.read("book.fr.txt") != output || s.exists(sidecarName) {
			t.Fatalf("cut at byte %d the output is another", cut)
		}
		settled := settledBlocks(t, whole[:cut])
		for block, times := range eng.blocks() {
			if settled[block] || times > 1 {
				t.Errorf("cut at byte %d: %s was asked for %d times, settled: %v", cut, block, times, settled[block])
			}
		}
		if len(settled)+len(eng.blocks()) != 6 {
			t.Errorf("cut at byte %d: %d blocks were settled and %d asked for", cut, len(settled), len(eng.blocks()))
		}
		if answered := strings.Count(whole[:cut], `{"found":`) - torn(whole[:cut], `{"found":`); len(eng.tasks) != 2-answered {
			t.Errorf("cut at byte %d: %d questions about the document, %d were answered before", cut, len(eng.tasks), answered)
		}
	}
	t.Logf("%d of %d places", len(cuts), len(whole))
}

// torn reports as a number whether the last, unfinished line begins with a text.
func torn(sidecar, begins string) int {
	if strings.HasPrefix(sidecar[strings.LastIndexByte(sidecar, '\n')+1:], begins) {
		return 1
	}
	return 0
}

// TestTornAndFilled ends the sidecar with what a power cut leaves.
func TestTornAndFilled(t *testing.T) {
	text := tale(6)
	full := newStage(t, &play{}, text)
	full.run("--keep", "--concurrency", "1").must(t, 0)
	whole := full.read(sidecarName)
	lines := strings.SplitAfter(whole, "\n")
	for name, tail := range map[string]string{
		"zeros": strings.Repeat("\x00", 4096), "zeros and an end": "\x00\x00\x00\n", "half a letter": `{"segment":{"position":2,"blocks":[{"id":"b5","text":"` + "\xc3",
	} {
		t.Run(name, func(t *testing.T) {
			eng := &play{}
			s := newStage(t, eng, text)
			s.write(sidecarName, strings.Join(lines[:4], "")+tail)
			s.run().must(t, 0)
			if s.read("book.fr.txt") != accented(text) || len(eng.requests()) != 1 {
				t.Errorf("%d requests", len(eng.requests()))
			}
		})
	}
}

func TestOtherSidecar(t *testing.T) {
	text := tale(6)
	full := newStage(t, &play{}, text)
	full.run("--keep", "--concurrency", "1").must(t, 0)
	whole := full.read(sidecarName)
	lines := strings.SplitAfter(whole, "\n")
	damaged := strings.Join(lines[:2], "") + "{\"segment\":\n" + strings.Join(lines[3:], "")
	tests := []struct {
		name, text, sidecar string
		flags               []string
		code                int
		message             string
	}{
		{"another file", tale(5), whole, nil, 2, "another file"},
		{"another language", text, whole, []string{"--to", "de"}, 2, "from en into fr"},
		{"another model", text, whole, []string{"--model", "play-2"}, 2, "the model play-1"},
		{"another size", text, whole, []string{"--segment-size", "600"}, 2, "--segment-size 500"},
		{"another style", text, whole, []string{"--style", "style.json"}, 2, "--style"},
		{"damaged", text, damaged, nil, 1, "line 3"},
		{"of segments that are not there", text, strings.Replace(whole, `"position":2`, `"position":9`, 1), nil, 1, "does not have"},
		{"of a future form", text, strings.Replace(whole, `"version":1`, `"version":2`, 1), nil, 2, "another version"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			eng := &play{}
			s := newStage(t, eng, test.text)
			s.write(sidecarName, test.sidecar)
			s.write("style.json", `{"tone_keywords":"calm"}`)
			args := append([]string{"-o", s.path("book.fr.txt")}, test.flags...)
			for i, arg := range args {
				if arg == "style.json" {
					args[i] = s.path(arg)
				}
			}
			s.run(args...).must(t, test.code, test.message, "--restart")
			if s.read(sidecarName) != test.sidecar || len(eng.requests()) > 0 {
				t.Error("the sidecar was touched, or something asked")
			}
			s.run(append(args, "--restart")...).must(t, 0)
			if s.read("book.fr.txt") != accented(test.text) {
				t.Error("begun anew it does not translate")
			}
		})
	}
	t.Run("no sidecar at all", func(t *testing.T) {
		s := newStage(t, &play{}, text)
		s.write(sidecarName, "my own notes\n")
		s.run().must(t, 2, "Move it away")
		if s.read(sidecarName) != "my own notes\n" {
			t.Error("it was touched")
		}
	})
}

// TestRestart throws nothing away before the price is agreed to, and knows its own
// output afterwards.
func TestRestart(t *testing.T) {
	eng := &play{paid: true}
	eng.script = func(_ context.Context, _ int, r engine.Request) (engine.Response, error, bool) {
		if r.Payload.Blocks[0].ID == "b1" {
			return failure(engine.Blocked)
		}
		return engine.Response{}, nil, false
	}
	s := newStage(t, paidPlay{eng}, tale(4))
	s.run("--yes").must(t, 3)
	before := s.read(sidecarName)
	s.run("--restart").must(t, 2, "--yes")
	if s.read(sidecarName) != before {
		t.Error("it was thrown away before anybody agreed")
	}
	eng.script = nil
	asked := len(eng.requests())
	s.run("--restart", "--yes").must(t, 0)
	if len(eng.requests()) != asked+2 || s.read("book.fr.txt") != accented(tale(4)) || s.exists(sidecarName) {
		t.Errorf("%d requests", len(eng.requests())-asked)
	}
}

// TestSidecarIsPrivate: it holds the text of the document, and no more is readable
// than that is.
func TestSidecarIsPrivate(t *testing.T) {
	s := newStage(t, &play{}, tale(4))
	s.run("--keep").must(t, 0)
	for name, want := range map[string]os.FileMode{sidecarName: 0o600, "book.fr.txt": 0o600} {
		info, err := os.Stat(s.path(name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	if bytes.Contains([]byte(s.read(sidecarName)), []byte(s.dir)) {
		t.Error("the sidecar holds a path")
	}
}

// TestPartsOfASegmentAreKept interrupts a segment of which a block is translated
// and another is not.
func TestPartsOfASegmentAreKept(t *testing.T) {
	signals := make(chan os.Signal)
	first := &play{}
	first.script = func(ctx context.Context, n int, r engine.Request) (engine.Response, error, bool) {
		if n == 1 { // b2 is missing
			return engine.Response{Blocks: []engine.Block{{ID: "b1", Text: pseudo.Accent(r.Payload.Blocks[0].Text)}}}, nil, true
		}
		signals <- os.Interrupt
		signals <- os.Interrupt
		<-ctx.Done()
		return engine.Response{}, ctx.Err(), true
	}
	s := newStage(t, first, tale(2))
	s.config.Signals = signals
	s.run().must(t, 130, "Interrupted", "Run the same command again")
	if s.exists("book.fr.txt") {
		t.Fatal("there is an output")
	}
	second := &play{}
	s.config.Engines = []engine.Engine{second}
	s.run().must(t, 0)
	if asked := second.blocks(); len(asked) != 1 || asked["b2"] != 1 {
		t.Errorf("asked for again: %v, want b2", asked)
	}
	if s.read("book.fr.txt") != accented(tale(2)) {
		t.Error("the output is not the translation")
	}
}
