package translatecmd

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"verso/hooks/translation/engine"
)

// TestRecordsSurviveAnyCut writes records and cuts the file anywhere: what was
// whole is read, and nothing is made of what was not.
func TestRecordsSurviveAnyCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.Rune())
		records := []record{{Header: &header{Version: sidecarVersion, Source: text.Draw(t, "source")}}}
		for range rapid.IntRange(0, 5).Draw(t, "records") {
			records = append(records, record{
				Segment: &segment{Position: rapid.IntRange(0, 9).Draw(t, "position"), Blocks: []engine.Block{{ID: "b1", Text: text.Draw(t, "text")}}},
				Spent:   engine.Spending{"m": {InputTokens: rapid.IntRange(0, 1000).Draw(t, "tokens")}},
			})
		}
		var file bytes.Buffer
		ends := []int{0}
		for _, r := range records {
			line := mustMarshal(t, r)
			file.Write(line)
			ends = append(ends, file.Len())
		}
		cut := rapid.IntRange(0, file.Len()).Draw(t, "cut")
		read, good, err := readRecords(file.Bytes()[:cut])
		whole := 0
		for whole < len(records) && ends[whole+1] <= cut {
			whole++
		}
		if err != nil || len(read) != whole || good != ends[whole] {
			t.Fatalf("cut at %d of %v: %d records, %d bytes, %v", cut, ends, len(read), good, err)
		}
	})
}

func mustMarshal(t *rapid.T, r record) []byte {
	line, err := marshalLine(r)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// TestLines writes a line of progress for each tenth, or after a while, and not
// more often than once a second.
func TestLines(t *testing.T) {
	var out bytes.Buffer
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	p := newProgress(&out, false)
	p.now = func() time.Time { return now }
	j := &job{order: &order{engine: freeEngine{}}}
	step := func(things int, each time.Duration) (lines int) {
		out.Reset()
		for range things {
			now = now.Add(each)
			p.settled(j)
		}
		return strings.Count(out.String(), "\n")
	}
	p.begin("Translating", 1000, 0)
	if lines := step(100, 10*time.Millisecond); lines != 1 {
		t.Errorf("%d lines in a quick tenth", lines)
	}
	if lines := step(90, 2*time.Second); lines != 18 {
		t.Errorf("%d lines in three slow minutes", lines)
	}
	if got := strings.TrimSpace(out.String()[strings.LastIndexByte(strings.TrimSpace(out.String()), '\n')+1:]); got != "Translating: 190 of 1000, about 13 min left" {
		t.Errorf("%q", got)
	}
	if lines := step(810, time.Millisecond); lines != 0 {
		t.Errorf("%d lines in less than a second", lines)
	}
}

// freeEngine is an engine that costs nothing and does nothing.
type freeEngine struct{ engine.Engine }

func (freeEngine) Info() engine.Info { return engine.Info{Free: true} }

func TestBeginning(t *testing.T) {
	if got := beginning("a\x1b[31m\n  b\u0085c"); got != "a [31m b c" {
		t.Errorf("%q", got)
	}
	if got := beginning(strings.Repeat("字", 100)); len([]rune(got)) != 61 {
		t.Errorf("%q", got)
	}
}
