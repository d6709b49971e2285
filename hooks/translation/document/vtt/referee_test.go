package vtt_test

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
	"verso/hooks/translation/document/vtt"
)

// refereed returns the times, the settings and the notes above of each cue as
// go-astisub reads them. Its names are left out: a line of white space is blank for it,
// so that it takes a number in the text for one. It is given "\n" for line breaks, because it takes "\r\n" for two where
// its buffer ends between them, and without references to regions, which it knows in
// an older form only. An arrow at the end of a line makes it panic.
func refereed(file string) (cues []string, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			err = fmt.Errorf("panic: %v", recovered)
		}
	}()
	file = strings.NewReplacer("\r\n", "\n", "\r", "\n", " region:top", "").Replace(file)
	subtitles, err := astisub.ReadFromWebVTT(strings.NewReader(file))
	if err != nil {
		return nil, err
	}
	for _, item := range subtitles.Items {
		cues = append(cues, fmt.Sprint(item.StartAt, " ", item.EndAt, " ", item.InlineStyle.WebVTTLine, " ", item.Comments))
	}
	return cues, nil
}

// words are what may stand in a translation: text, our numbered tags, and what could
// be mistaken for something else. The referee takes a line that begins with a block's
// name for one, so none does.
func words() []string {
	return []string{
		"one", "Two,", "three.", "12", "-", "- ", "—", "♪", "JOHN:", "[door]", " ", "  ", "\u3000", "\u00a0", "\u200b", "\u200e", "«a»", "!",
		"{x}", "<1>", "</1>", "<1/>", "<2/>", "<2>", "</2>", "<3/>", "</9>", "<", ">", "&", "&amp;", "&#10;", "<i>", "</v>", "&lt;",
		"->", "--", "-->", "00:00:01.000", "1:2", "漢字", "かな", "カタ", "。", "、", "한글", "ไทย", "é", "👩‍👩‍👧", "\ufeff", "WEBVTT",
		"a long stretch of words that fills most of a line",
	}
}

// markup is what may stand in a cue besides.
func markup() []string {
	return []string{
		"<i>", "</i>", "<b.x>", "</b>", "<c.loud>", "</c>", "<v A b>", "</v>", "<00:00:01.500>", "<ruby>", "<rt>よみ</rt>", "<rt>よ<b>み</b></ruby>", "</ruby>",
		"<lang fr>", "</lang>", "<b", "{\\an8}", "&gt;", "&nbsp;", "&rlm;", "&#62;",
	}
}

// block draws what is no cue. A blank line stands above it, or it would be text.
func block(t *rapid.T) string {
	return rapid.SampledFrom([]string{
		"", "", "", "\n", "\nNOTE a word\n\n", "\nNOTE\nto the wise\n\n", "\nSTYLE\n::cue { color: red }\n\n",
		"\nREGION\nid:a\nwidth:40%\n\n", "\nOTHER\nthing\n\n", "\n \n\n",
	}).Draw(t, "block")
}

// file draws a whole file.
func file(t *rapid.T) string {
	newline := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "newline")
	line := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(append(words(), markup()...)), 1, 5), func(words []string) string {
		return strings.ReplaceAll(strings.Join(words, ""), "-->", "--")
	})
	parts := []string{
		rapid.SampledFrom([]string{"", "\ufeff"}).Draw(t, "mark"),
		rapid.SampledFrom([]string{"WEBVTT\n\n", "WEBVTT a title\n\n", "WEBVTT\nKind: captions\n\n\n"}).Draw(t, "head"),
	}
	for n := range rapid.IntRange(1, 5).Draw(t, "cues") {
		parts = append(parts, block(t), rapid.SampledFrom([]string{"", "7\n", "intro\n"}).Draw(t, "name"))
		parts = append(parts, fmt.Sprintf("00:00:0%d.000 --> 00:00:0%d.500%s\n", n, n+1, rapid.SampledFrom([]string{"", " line:0 align:start", " "}).Draw(t, "tail")))
		for range rapid.IntRange(0, 3).Draw(t, "lines") {
			parts = append(parts, line.Draw(t, "line")+"\n")
		}
		parts = append(parts, rapid.SampledFrom([]string{"", "\n", "\n", "\n\n"}).Draw(t, "blank"))
	}
	return strings.ReplaceAll(strings.Join(parts, ""), "\n", newline)
}

// TestNothingElseChanges holds on generated files that translating touches the text
// of cues alone, and that neither we nor the referee then find other cues.
func TestNothingElseChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := file(t)
		doc, err := vtt.Format{}.Parse(context.Background(), file, document.Options{})
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
		if got, want := strings.Count(out, "-->"), strings.Count(file, "-->"); got != want {
			t.Fatalf("%d arrows became %d\n source %q\n output %q", want, got, file, out)
		}
		checkAround(t, doc, file, out)

		want, err := refereed(file)
		if err != nil {
			return // the source has what the referee does not read
		}
		got, err := refereed(out)
		if err != nil {
			t.Fatalf("the referee: %v\n source %q\n output %q", err, file, out)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("cues\n got %q\nwant %q\n source %q\n output %q", got, want, file, out)
		}
	})
}

// checkAround holds that a second reading finds the same blocks, and that what stands
// before, between and after them is the same.
func checkAround(t *rapid.T, doc document.Document, file, out string) {
	again, err := vtt.Format{}.Parse(context.Background(), out, document.Options{})
	if err != nil {
		t.Fatalf("the output cannot be read: %v\n source %q\n output %q", err, file, out)
	}
	if got, want := len(again.Blocks()), len(doc.Blocks()); got != want {
		t.Fatalf("%d blocks became %d\n source %q\n output %q", want, got, file, out)
	}
	word := document.Output{Translation: func(string) (string, bool) { return "word", true }}
	before, after := squeeze(mustBuildOutput(t, doc, word)), squeeze(mustBuildOutput(t, again, word))
	if before != after {
		t.Fatalf("something else changed\n source %q\n output %q\n before %q\n after  %q", file, out, before, after)
	}
}

// squeeze drops blank lines, and the markup around blocks: markup that a translation
// has at its end is outside of the block when it is read again.
func squeeze(s string) string {
	var rows []string
	for row := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' }) {
		switch {
		case strings.TrimSpace(row) == "":
		case strings.Contains(row, "word") && !strings.HasPrefix(row, "NOTE"):
			rows = append(rows, "word")
		default:
			rows = append(rows, row)
		}
	}
	return strings.Join(rows, "\n")
}

// samples are the files in testdata by their names.
func samples(t *testing.T) map[string]string {
	names, err := filepath.Glob("testdata/*.vtt")
	if err != nil || len(names) < 6 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	files := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = string(data)
	}
	return files
}

// TestSamples translates whole files of several styles, and has the referee compare
// the cues' times and settings.
func TestSamples(t *testing.T) {
	for name, file := range samples(t) {
		t.Run(name, func(t *testing.T) {
			doc := mustParse(t, file)
			if got := mustBuild(t, doc, itself(doc)); got != file {
				t.Errorf("translated to itself\n got %q\nwant %q", got, file)
			}
			if got := mustBuild(t, doc, nil); got != file {
				t.Errorf("not translated\n got %q\nwant %q", got, file)
			}
			texts := map[string]string{}
			for _, block := range doc.Blocks() {
				texts[block.ID] = strings.ToUpper(block.Text) + " UND NOCH VIEL MEHR, WAS NICHT IN EINE ZEILE PASST"
			}
			want, unread := refereed(file)
			if unread != nil && name != "careless.vtt" { // which the referee refuses
				t.Fatal(unread)
			}
			for _, bilingual := range []bool{false, true} {
				out := mustBuildOutput(t, doc, document.Output{Translation: lookUp(texts), Bilingual: bilingual})
				if got, want := blocksOf(t, out), len(doc.Blocks()); got != want {
					t.Errorf("%d blocks became %d", want, got)
				}
				got, err := refereed(out)
				if unread == nil && (err != nil || !slices.Equal(got, want)) {
					t.Errorf("cues, %v\n got %q\nwant %q", err, got, want)
				}
			}
		})
	}
}
