package srt_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/srt"
)

// hostile are files that would take very long if anything were looked at again
// for each line, tag or word. A size of n makes some n bytes.
func hostile() map[string]func(n int) string {
	times := "1\n00:00:01,000 --> 00:00:02,000\n"
	fill := func(before, unit string) func(int) string {
		return func(n int) string { return before + strings.Repeat(unit, n/len(unit)) }
	}
	return map[string]func(int) string{
		"one line of words": fill(times, "word "),
		"longest cues": func(n int) string {
			return strings.Repeat(times+strings.Repeat("<i>b</i>漢字\n", 4000)+"\n", n/64000)
		},
		"one word":                    fill(times, "w"),
		"one line, no cue":            fill("", "w"),
		"lines of one cue":            fill(times, "word\n"),
		"speeches of one cue":         fill(times, "- a\n"),
		"passages of one cue":         fill(times, "word\n\n"),
		"blank lines":                 fill(times+"a", "\n"),
		"counters":                    fill(times+"a\n\n", "1\n"),
		"time lines":                  fill("", "1:1-->1:1\n"),
		"cues without blank lines":    fill("", "1:1-->1:1\na\n\n"),
		"tags that do not end":        fill(times+"a", "<i "),
		"tags without a mate":         fill(times+"a", "<i>"),
		"closing tags without a mate": fill(times+"a", "<i></b>"),
		"crossed tags":                fill(times+"a", "<i><b></i></b>a"),
		"pairs":                       fill(times+"a", "<i>b</i>"),
		"overrides":                   fill(times+"a", `{\b}`),
		"overrides of lines":          fill(times, "{\\b}{\\b}{\\b}a\n"),
		"overrides above lines": func(n int) string {
			return times + strings.Repeat(`{\b}`, n/8) + strings.Repeat("\n{\\b}a", n/12) + "\na"
		},
		"braces that do not end":   fill(times+"a", `{\`),
		"literal numbered tags":    fill(times+"a", "<1>"),
		"ideographs":               fill(times, "漢"),
		"combining marks":          fill(times+"a", "\u0301"),
		"arrows":                   fill(times+"a", "-->"),
		"carriage returns":         fill(times, "a\r"),
		"spaces":                   fill(times+"a", " "),
		"zero-width joiners":       fill(times+"a", "\u200d"),
		"closing quotation marks":  fill(times+"a", "” 」"),
		"lines of italics":         fill(times, "<i>a</i>\n"),
		"counters with a bad time": fill(times, "\n1\n-->\na\n"),
	}
}

// TestHostile holds that such files are refused or come back as they were, and
// that a translation as long can be put in their place.
func TestHostile(t *testing.T) {
	for name, file := range hostile() {
		t.Run(name, func(t *testing.T) { checkHostile(t, file(60<<10)) }) // the longest cue
		t.Run(name+", more", func(t *testing.T) { checkHostile(t, file(512<<10)) })
	}
}

func checkHostile(t *testing.T, source string) {
	doc, err := srt.Format{}.Parse(context.Background(), source, document.Options{})
	if err != nil {
		var bad *document.Error
		if !errors.As(err, &bad) {
			t.Fatal(err)
		}
		return
	}
	if got := mustBuild(t, doc, nil); got != source {
		t.Errorf("not translated, it has %d bytes of %d", len(got), len(source))
	}
	texts := map[string]string{}
	for _, block := range doc.Blocks() {
		texts[block.ID] = block.Text + " x"
	}
	if got := blocksOf(t, mustBuild(t, doc, texts)); got != len(doc.Blocks()) {
		t.Errorf("%d blocks became %d", len(doc.Blocks()), got)
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range hostile() {
		f.Add(file(120), "x")
	}
	f.Add("\ufeff1\r\n00:00:01,000 --> 00:00:02,000 X1:1\r\n<i>a</i>\r\n- b\r\n\r\n", "- c\n\n<1>12</1>\n--> d")
	f.Add("00:00:01,000 --> 00:00:02,000\na <i>b</i>\n\nc\nd\n00:00:03,000 --> 00:00:04,000\ne", "12")
	f.Add("1\n1:0-->1:1\na\r\r\n\r\r\n2\r\r\n1:1 - -> 1:2\r\r\nb", "漢字かなカタ。")
	f.Fuzz(func(t *testing.T, data, translation string) {
		doc, err := srt.Format{}.Parse(context.Background(), data, document.Options{})
		if err != nil {
			var bad *document.Error
			if !errors.As(err, &bad) || bad.Message == "" {
				t.Fatalf("an error without a sentence: %v", err)
			}
			return
		}
		source := mustBuild(t, doc, nil)
		if got := mustBuild(t, doc, itself(doc)); got != source {
			t.Fatalf("translated to itself\n got %q\nwant %q", got, source)
		}
		texts := map[string]string{}
		for _, block := range doc.Blocks() {
			texts[block.ID] = "a" + translation + block.Text
		}
		for _, bilingual := range []bool{false, true} {
			out := mustBuildOutput(t, doc, document.Output{Translation: lookUp(texts), Bilingual: bilingual})
			if got := blocksOf(t, out); got != len(doc.Blocks()) && len(out) < 64<<10 && !strings.ContainsAny(translation, "<>{}") {
				t.Fatalf("%d blocks became %d\n source %q\n output %q", len(doc.Blocks()), got, source, out)
			}
		}
	})
}

// film returns a file of so many cues like those of a film.
func film(cues int) string {
	var b bytes.Buffer
	for range cues {
		b.WriteString("1234\r\n01:02:03,456 --> 01:02:05,678\r\n<i>Nobody has been up here</i>\r\n<i>since the winter of 1962.</i>\r\n\r\n")
	}
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	data := film(100_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (srt.Format{}).Parse(context.Background(), data, document.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	data := film(100_000)
	doc := mustParse(b, data)
	translation := func(string) (string, bool) {
		return "Seit dem Winter 1962 ist hier oben niemand mehr gewesen.", true
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := doc.Build(context.Background(), io.Discard, document.Output{Translation: translation}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHostile is for its figures: each file has 50 MB, the most that can be
// uploaded.
func BenchmarkHostile(b *testing.B) {
	for name, file := range hostile() {
		data := file(50 << 20)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				doc, err := srt.Format{}.Parse(context.Background(), data, document.Options{})
				if err != nil {
					continue
				}
				translation := func(string) (string, bool) { return "x", true }
				if _, err := doc.Build(context.Background(), io.Discard, document.Output{Translation: translation}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
