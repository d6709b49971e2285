package srt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/asticode/go-astisub"
	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/srt"
)

// refereed returns the number and the times of each cue as go-astisub reads
// them. It is given "\n" for line breaks, because it takes "\r\n" for two where
// its buffer ends between them, and then loses counters. An arrow at the end of
// a line makes it panic.
func refereed(file string) (cues []string, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			err = fmt.Errorf("panic: %v", recovered)
		}
	}()
	file = strings.ReplaceAll(file, "\r\n", "\n")
	subtitles, err := astisub.ReadFromSRT(strings.NewReader(file))
	if err != nil {
		return nil, err
	}
	for _, item := range subtitles.Items {
		cues = append(cues, fmt.Sprint(item.Index, " ", item.StartAt, " ", item.EndAt))
	}
	return cues, nil
}

// words are what may stand in a translation: text, our numbered tags, and what
// could be mistaken for something else.
func words() []string {
	return []string{
		"one", "Two,", "three.", "12", "-", "- ", "—", "♪", "JOHN:", "[door]", " ", "  ", "\u3000", "\u200b", "«a»", "!",
		"{x}", "<1>", "</1>", "<1/>", "<2/>", "<2>", "</2>", "<3/>", "</9>", "<", ">",
		"->", "--", "-->", "00:00:01,000", "1:2", "漢字", "かな", "カタ", "。", "、", "한글", "ไทย", "é", "👩‍👩‍👧", "\ufeff", "WEBVTT",
		"a long stretch of words that fills most of a line",
	}
}

// markup is what may stand in a cue besides.
func markup() []string {
	return []string{"<i>", "</i>", "<b>", "</b>", "<font color=\"red\">", "</font>", "{\\an8}", "{\\i1}"}
}

// TestNothingElseChanges holds on generated files that translating touches the
// text of cues alone, and that neither we nor the referee then find other cues.
func TestNothingElseChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		newline := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "newline")
		line := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(append(words(), markup()...)), 0, 4), func(words []string) string { return strings.Join(words, "") })
		parts := []string{rapid.SampledFrom([]string{"", "\ufeff", "\n\n"}).Draw(t, "start")}
		for n := range rapid.IntRange(1, 5).Draw(t, "cues") {
			if rapid.IntRange(0, 5).Draw(t, "counted") > 0 {
				parts = append(parts, fmt.Sprintln(n*3%7))
			}
			parts = append(parts, fmt.Sprintf("00:00:0%d,000 --> 00:00:0%d.5%s\n", n, n+1, rapid.SampledFrom([]string{"", "  X1:1 X2:2", " "}).Draw(t, "tail")))
			for range rapid.IntRange(0, 3).Draw(t, "lines") {
				parts = append(parts, line.Draw(t, "line")+"\n")
			}
			parts = append(parts, rapid.SampledFrom([]string{"", "\n", "\n", "\n", " \n\n"}).Draw(t, "blank"))
		}
		file := strings.ReplaceAll(strings.Join(parts, ""), "\n", newline)

		doc, err := srt.Format{}.Parse(context.Background(), file, document.Options{})
		if err != nil {
			var bad *document.Error
			if !errors.As(err, &bad) {
				t.Fatal(err)
			}
			return
		}
		if got := mustBuild(t, doc, itself(doc)); got != file {
			t.Fatalf("translated to itself\n got %q\nwant %q", got, file)
		}
		texts := map[string]string{}
		for _, block := range doc.Blocks() {
			if rapid.Bool().Draw(t, "translated") {
				texts[block.ID] = "w" + strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(words()), rapid.Just("\n"), rapid.Just(block.Text)), 0, 9).Draw(t, "translation"), "")
			}
		}
		bilingual := rapid.Bool().Draw(t, "bilingual")
		out := mustBuildOutput(t, doc, document.Output{Translation: lookUp(texts), Bilingual: bilingual})
		checkAround(t, doc, file, out)

		want, err := refereed(file)
		if err != nil {
			return // the source has arrows or times that the referee does not read
		}
		got, err := refereed(out)
		if err != nil {
			t.Fatalf("the referee: %v\n source %q\n output %q", err, file, out)
		}
		if !slices.Equal(timesOf(got), timesOf(want)) {
			t.Fatalf("cues\n got %q\nwant %q\n source %q\n output %q", got, want, file, out)
		}
	})
}

// checkAround holds that a second reading finds the same blocks, and that what
// stands before, between and after them is the same, blank lines aside that
// keep a number from becoming a counter.
func checkAround(t *rapid.T, doc document.Document, file, out string) {
	again, err := srt.Format{}.Parse(context.Background(), out, document.Options{})
	if err != nil {
		t.Fatalf("the output cannot be read: %v\n source %q\n output %q", err, file, out)
	}
	if got, want := len(again.Blocks()), len(doc.Blocks()); got != want {
		t.Fatalf("%d blocks became %d\n source %q\n output %q", want, got, file, out)
	}
	word := map[string]string{}
	for _, block := range doc.Blocks() {
		word[block.ID] = "w"
	}
	before, after := squeeze(mustBuild(t, doc, word)), squeeze(mustBuild(t, again, word))
	if before != after {
		t.Fatalf("something else changed\n source %q\n output %q\n before %q\n after  %q", file, out, before, after)
	}
}

// squeeze drops blank lines, and the markup around blocks: markup that a
// translation has at its end is outside of the block when it is read again.
func squeeze(s string) string {
	rows := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' })
	for i, row := range rows {
		if strings.Contains(row, "w") {
			rows[i] = "w"
		}
	}
	return strings.Join(rows, "\n")
}

// timesOf drops the numbers: where a cue has none, the referee takes the last
// line of text for one.
func timesOf(cues []string) []string {
	times := make([]string, len(cues))
	for i, cue := range cues {
		_, times[i], _ = strings.Cut(cue, " ")
	}
	return times
}

// TestSamples translates whole files of several styles, and has the referee
// compare the cues' numbers and times.
func TestSamples(t *testing.T) {
	files, err := filepath.Glob("testdata/*.srt")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d samples, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			doc := mustParse(t, string(data))
			source := mustBuild(t, doc, nil)
			if got := mustBuild(t, doc, itself(doc)); got != source || got != string(data) {
				t.Errorf("translated to itself\n got %q\nwant %q", got, data)
			}
			want, err := refereed(source)
			if err != nil {
				t.Fatal(err)
			}
			texts := map[string]string{}
			for _, block := range doc.Blocks() {
				texts[block.ID] = strings.ToUpper(block.Text) + " UND NOCH VIEL MEHR, WAS NICHT IN EINE ZEILE PASST"
			}
			out := mustBuild(t, doc, texts)
			got, err := refereed(out)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("cues\n got %q\nwant %q", got, want)
			}
			if got, want := blocksOf(t, out), len(doc.Blocks()); got != want {
				t.Errorf("%d blocks became %d", want, got)
			}
		})
	}
}
