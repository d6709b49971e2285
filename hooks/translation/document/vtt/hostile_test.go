package vtt_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/vtt"
)

// hostile are files that would take very long if anything were looked at again for
// each line, tag or word. A size of n makes some n bytes.
func hostile() map[string]func(n int) string {
	times := "00:01.000 --> 00:02.000\n"
	const head = "WEBVTT\n\n"
	fill := func(before, unit string) func(int) string {
		return func(n int) string { return head + before + strings.Repeat(unit, n/len(unit)) }
	}
	// cues makes cues as long as they may be.
	cues := func(before, unit string) func(int) string {
		return func(n int) string {
			text := before + strings.Repeat(unit, (min(n, 64<<10)-len(before))/len(unit))
			return head + strings.Repeat(times+text+"\n\n", max(1, n/(64<<10)))
		}
	}
	return map[string]func(int) string{
		"one line of words":           fill(times, "word "),
		"one word":                    fill(times, "w"),
		"a header without an end":     func(n int) string { return "WEBVTT " + strings.Repeat("w", n) },
		"a header of lines":           func(n int) string { return "WEBVTT\n" + strings.Repeat("a: b\n", n/5) },
		"a note without an end":       fill("NOTE\n", "word\n"),
		"lines of one cue":            fill(times, "word\n"),
		"passages of one cue":         fill(times, "word\n\n"),
		"blank lines":                 fill(times+"a", "\n"),
		"numbers":                     fill(times+"a\n", "1\n"),
		"time lines":                  fill("", "0:1-->0:1\n"),
		"arrows":                      fill(times, "-->\n"),
		"bad times":                   fill("", "\n1\n0:1-->\na\n"),
		"cues without blank lines":    fill("", "0:1-->0:1\na\n1\n"),
		"cues":                        fill("", times+"a <b>b</b>\n\n"),
		"carriage returns":            fill(times, "a\r"),
		"spaces":                      fill(times+"a", " "),
		"lists that are no JSON":      fill(times, "["),
		"lists":                       func(n int) string { return head + times + strings.Repeat("[", n/2) + strings.Repeat("]", n/2) },
		"dots of an address":          fill(times, "a.jpg"),
		"longest cues":                cues("", "<i>b</i>漢字\n"),
		"words":                       cues("", "word "),
		"speeches":                    cues("", "- a\n"),
		"voices":                      cues("", "<v A>a\n"),
		"voices without an end":       cues("", "<v A\n"),
		"tags that do not end":        cues("a", "<i "),
		"tags without a mate":         cues("a", "<i>"),
		"closing tags without a mate": cues("a", "<i></b>"),
		"crossed tags":                cues("a", "<i><b></i></b>a"),
		"nested tags": func(n int) string {
			deep := min(n, 64<<10) / 8
			return head + strings.Repeat(times+strings.Repeat("<c>", deep)+"a"+strings.Repeat("</c>", deep)+"\n\n", max(1, n/(64<<10)))
		},
		"nested tags, too many": func(n int) string {
			return head + times + strings.Repeat("<c>", n/7) + "a" + strings.Repeat("</c>", n/7)
		},
		"pairs":                    cues("a", "<i>b</i>"),
		"lines of italics":         cues("", "<i>a</i>\n"),
		"readings without an end":  cues("a", "<rt>"),
		"readings with tags":       cues("a<rt>", "<b>"),
		"readings":                 cues("", "a<rt>b</rt>"),
		"times within":             cues("a", "<00:01.000>"),
		"overrides":                cues("a", `{\b}`),
		"overrides of lines":       cues("", "{\\b}{\\b}{\\b}a\n"),
		"braces that do not end":   cues("a", `{\`),
		"ampersands":               cues("a", "&"),
		"references":               cues("a", "&nbsp;"),
		"references without end":   cues("a", "&CounterClockwiseContourIntegra"),
		"numeric references":       cues("a", "&#"+strings.Repeat("9", 500)),
		"literal numbered tags":    cues("a", "&lt;1>"),
		"ideographs":               cues("", "漢"),
		"combining marks":          cues("a", "\u0301"),
		"zero-width joiners":       cues("a", "\u200d"),
		"closing quotation marks":  cues("a", "” 」"),
		"spaces and one character": cues("", "a   "),
	}
}

// TestHostile holds that such files are refused or come back as they were, and that a
// translation as long can be put in their place.
func TestHostile(t *testing.T) {
	for name, file := range hostile() {
		t.Run(name, func(t *testing.T) { checkHostile(t, file(60<<10)) }) // the longest cue
		t.Run(name+", more", func(t *testing.T) { checkHostile(t, file(200<<10)) })
	}
}

// TestMillion holds that as many cues as a document may have can be read and written.
func TestMillion(t *testing.T) {
	doc := mustParse(t, "WEBVTT\n\n"+strings.Repeat("0:1-->0:1\na\n", document.MaxBlocks))
	word := document.Output{Translation: func(string) (string, bool) { return "b", true }, Bilingual: true}
	if left, err := doc.Build(context.Background(), io.Discard, word); err != nil || len(left) > 0 {
		t.Errorf("%d blocks left, %v", len(left), err)
	}
}

func checkHostile(t *testing.T, source string) {
	t.Helper()
	doc, err := vtt.Format{}.Parse(context.Background(), source, document.Options{})
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
	for _, bilingual := range []bool{false, true} {
		out := mustBuildOutput(t, doc, document.Output{Translation: lookUp(texts), Bilingual: bilingual})
		again, err := vtt.Format{}.Parse(context.Background(), out, document.Options{})
		switch {
		case err != nil && strings.Contains(err.Error(), "longer than"): // than it was, and now than it may be
		case err != nil:
			t.Error(err)
		case len(again.Blocks()) != len(doc.Blocks()):
			t.Errorf("%d blocks became %d", len(doc.Blocks()), len(again.Blocks()))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range hostile() {
		f.Add(file(120), "x")
	}
	f.Add("\ufeffWEBVTT a\r\nb: c\r\n\r\n1\r\n00:01.000 --> 00:02.000 line:1\r\n<v A>a &amp; <i>b</i>\r\n- c\r\n\r\n", "- d\n\n<1>12</1>\n--> e")
	f.Add("WEBVTT\n\n0:1-->0:1\n<ruby>a<rt>b</ruby> &lt;1> <00:01.5>c\n \nd\n2\n0:3-->0:4\n{\"e\":\nf}", "--<1></1>><2/>")
	f.Add("WEBVTT\r\r\n0:1-->0:1\r\r\n<i>a</i>\r\r\n<i>b</i>\r\r\n\r\r\n0:1 --> 1:2\r\r\nc&gt;&#10;&nbsp;d", "漢字かな\u00a0カタ。")
	f.Fuzz(func(t *testing.T, data, translation string) {
		doc, err := vtt.Format{}.Parse(context.Background(), data, document.Options{})
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
			if got, want := strings.Count(out, "-->"), strings.Count(source, "-->"); got != want {
				t.Fatalf("%d arrows became %d\n source %q\n output %q", want, got, source, out)
			}
			// A reading whose end stands in another line is text, until it does not.
			if got := blocksOf(t, out); got != len(doc.Blocks()) && len(out) < 64<<10 && !strings.Contains(strings.ToLower(data), "<rt") {
				t.Fatalf("%d blocks became %d\n source %q\n output %q", len(doc.Blocks()), got, source, out)
			}
		}
	})
}

// film returns a file of so many cues like those of a film.
func film(cues int) string {
	return "WEBVTT\r\n\r\n" + strings.Repeat("1234\r\n01:02:03.456 --> 01:02:05.678 line:85%\r\n<v Mara><i>Nobody has been up here</i>\r\n<i>since &amp; after the winter of 1962.</i>\r\n\r\n", cues)
}

func BenchmarkParse(b *testing.B) {
	data := film(100_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (vtt.Format{}).Parse(context.Background(), data, document.Options{}); err != nil {
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
				doc, err := vtt.Format{}.Parse(context.Background(), data, document.Options{})
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
