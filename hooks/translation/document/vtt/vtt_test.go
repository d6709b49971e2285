package vtt_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/asticode/go-astisub"
	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/vtt"
	"verso/hooks/translation/engine/pseudo"
)

const sample = "\ufeffWEBVTT - A title\r\nKind: captions\r\nLanguage: en\r\n\r\n" +
	"STYLE\r\n::cue(v) { color: red }\r\n\r\nREGION\r\nid:a\r\nwidth:40%\r\n\r\n" +
	"NOTE a word\r\nto the wise\r\n\r\n" +
	"intro\r\n00:01.000 --> 00:04.000 line:0 position:20%\r\n<v Roger Bingham>We are in New York City &amp; it\r\nrains <i>a lot</i>.\r\n\r\n" +
	"2\r\n00:00:05.000 --> 00:00:06.000\r\n- Really?\r\n- Yes.\r\n\r\n" +
	"00:07.000 --> 00:08.000\r\n{\"src\": \"a.jpg\"}\r\n\r\n00:09.000 --> 00:10.000\r\nthumb.jpg#xywh=0,0,1,1\r\n\r\n" +
	"00:11.000 --> 00:12.000\r\n<00:11.500><c.loud>1 &lt; 2</c> <ruby>東京<rt>とうきょう</rt></ruby> &lt;3&gt;\r\n"

func TestBlocks(t *testing.T) {
	want := []string{
		"We are in New York City & it rains <1>a lot</1>.",
		"- Really?\n- Yes.",
		"<1>1 < 2</1> <2>東京<3/></2> <4/>",
	}
	doc := mustParse(t, sample)
	for i, block := range doc.Blocks() {
		if i >= len(want) || block.Text != want[i] {
			t.Errorf("block %d is %q", i, block.Text)
		}
	}
	if len(doc.Blocks()) != len(want) {
		t.Errorf("%d blocks, want %d", len(doc.Blocks()), len(want))
	}
	if got := mustBuild(t, doc, document.Output{Translation: itself(doc)}); got != sample {
		t.Errorf("translated to itself it is %q", got)
	}
}

func TestWritten(t *testing.T) {
	tests := []struct{ name, text, translation, want string }{
		{"escapes", "a", "x & <y> -->", "x &amp; &lt;y> --&gt;"},
		{"tags", "a <i>b</i>", "<1>B</1> A", "<i>B</i> A"},
		{"no blank line", "a\nb", "x\n\ny", "x y"},
		{"literal tag", "a &lt;1&gt;", "<1/> b", "&lt;1> b"},
		{"two voices", "<v A>Hi\n<v B>Ho", "Hallo\n<1/>Huhu", "<v A>Hallo\n<v B>Huhu"},
		{"long", "We are in New York.", "Wir sind hier in New York City, wo es ziemlich viel regnet.", "Wir sind hier in New York City,\nwo es ziemlich viel regnet."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, cue(test.text))
			got := mustBuild(t, doc, document.Output{Translation: func(string) (string, bool) { return test.translation, true }})
			if got != cue(test.want) {
				t.Errorf("\n got %q\nwant %q", got, cue(test.want))
			}
		})
	}
}

func TestBilingual(t *testing.T) {
	doc := mustParse(t, cue("We are in\nNew <i>York</i>."))
	got := mustBuild(t, doc, document.Output{Bilingual: true, Translation: func(string) (string, bool) { return "Wir sind in New <1>York</1>.", true }})
	if want := cue("Wir sind in New <i>York</i>.\n<c.verso-source>We are in New <i>York</i>.</c>"); got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestRecognise(t *testing.T) {
	tests := []struct {
		name, head string
		want       bool
	}{
		{"a.vtt", "anything", true}, {"a.txt", "WEBVTT\n", true}, {"a.srt", "\ufeffWEBVTT", true},
		{"a.txt", "WEBVTTX", false}, {"a.txt", "text", false}, {"a.vtt", "\x00\x01\x02", false},
	}
	for _, test := range tests {
		if got := (vtt.Format{}).Recognise(test.name, []byte(test.head)); got != test.want {
			t.Errorf("%s %q: %v", test.name, test.head, got)
		}
	}
}

func TestRefused(t *testing.T) {
	tests := []struct{ name, file, says string }{
		{"empty", " \n", "empty"},
		{"no signature", "00:01.000 --> 00:02.000\na\n", "WEBVTT"},
		{"no cue", "WEBVTT\n\nNOTE a\n", "no subtitle"},
		{"no word", cue("♪ 12"), "holds a word"},
		{"no end", cue(strings.Repeat("a", 70<<10)), "line 4"},
	}
	for _, test := range tests {
		_, err := vtt.Format{}.Parse(context.Background(), test.file, document.Options{})
		var bad *document.Error
		if !errors.As(err, &bad) || bad.Kind != document.Unreadable || !strings.Contains(bad.Message, test.says) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestHostile holds that what a stranger writes takes no more time than its size.
func TestHostile(t *testing.T) {
	for name, file := range map[string]string{
		"cues":     "WEBVTT\n\n" + strings.Repeat("00:01.000 --> 00:02.000\na <b>b</b>\n\n", 100_000),
		"unclosed": "WEBVTT\n\n" + strings.Repeat(cue(strings.Repeat("<b>", 20_000) + "a")[8:], 10),
		"tags":     cue(strings.Repeat("<b>a</b>", 8000)),
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			doc, err := vtt.Format{}.Parse(ctx, file, document.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := doc.Build(ctx, &bytes.Buffer{}, document.Output{Translation: accented(doc)}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestGenerated holds that any cues come back by themselves, and that a translation
// leaves as many cues with the same times for another program to read.
func TestGenerated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringMatching(`(<i>[a-zé東 ]{1,9}</i>|<v [A-Z]{1,3}>[a-z]{1,5}|[a-z&;<>{}0-9 .]{1,12}|-- > ?[a-z]+)`)
		text := rapid.SliceOfN(line, 1, 3)
		var file strings.Builder
		file.WriteString("WEBVTT\n\n")
		for range rapid.IntRange(1, 5).Draw(t, "cues") {
			lines := text.Draw(t, "text")
			for _, l := range lines {
				if strings.Contains(l, "-->") {
					t.Skip()
				}
			}
			file.WriteString("00:01.000 --> 00:02.000\nword\n" + strings.Join(lines, "\n") + "\n\n")
		}
		doc, err := vtt.Format{}.Parse(context.Background(), file.String(), document.Options{})
		if err != nil {
			t.Fatal(err)
		}
		build := func(translation func(string) (string, bool)) string {
			var out bytes.Buffer
			if _, err := doc.Build(context.Background(), &out, document.Output{Translation: translation}); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
		if got := build(itself(doc)); got != file.String() {
			t.Fatalf("by itself\n got %q\nwant %q", got, file.String())
		}
		translated := build(accented(doc))
		again, err := vtt.Format{}.Parse(context.Background(), translated, document.Options{})
		if err != nil || len(again.Blocks()) != len(doc.Blocks()) {
			t.Fatalf("translated, %d blocks became another number: %v\n%s", len(doc.Blocks()), err, translated)
		}
		before, errBefore := astisub.ReadFromWebVTT(strings.NewReader(file.String()))
		after, errAfter := astisub.ReadFromWebVTT(strings.NewReader(translated))
		if errBefore == nil && (errAfter != nil || len(before.Items) != len(after.Items)) {
			t.Fatalf("another program read %d cues and now something else: %v\n%s", len(before.Items), errAfter, translated)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{sample, cue("a <b>b"), cue("<rt>x"), cue("&#0;&x;<1></1>"), "WEBVTT\n\n--> \n\n-->\na\n-->", "WEBVTT\r\r\n-->\rb\r\r\n"} {
		f.Add(seed, "a <1>b</1>")
	}
	f.Fuzz(func(t *testing.T, file, translation string) {
		doc, err := vtt.Format{}.Parse(context.Background(), file, document.Options{})
		if err != nil {
			var bad *document.Error
			if !errors.As(err, &bad) || bad.Message == "" {
				t.Fatalf("an error without a sentence: %v", err)
			}
			return
		}
		var same, out bytes.Buffer
		if _, err := doc.Build(context.Background(), &same, document.Output{Translation: itself(doc)}); err != nil {
			t.Fatal(err)
		}
		_, err = doc.Build(context.Background(), &out, document.Output{Translation: func(string) (string, bool) { return translation, true }})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Count(out.String(), "-->"), strings.Count(same.String(), "-->"); got > want {
			t.Fatalf("%d arrows became %d:\n%s", want, got, out.String())
		}
	})
}

func cue(text string) string { return "WEBVTT\n\n00:01.000 --> 00:02.000\n" + text + "\n" }

func mustParse(t testing.TB, file string) document.Document {
	t.Helper()
	doc, err := vtt.Format{}.Parse(context.Background(), file, document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func mustBuild(t testing.TB, doc document.Document, output document.Output) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := doc.Build(context.Background(), &out, output); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func itself(doc document.Document) func(string) (string, bool) {
	return translated(doc, func(text string) string { return text })
}

func accented(doc document.Document) func(string) (string, bool) {
	return translated(doc, pseudo.Accent)
}

func translated(doc document.Document, by func(string) string) func(string) (string, bool) {
	texts := map[string]string{}
	for _, block := range doc.Blocks() {
		texts[block.ID] = by(block.Text)
	}
	return func(id string) (string, bool) { text, ok := texts[id]; return text, ok }
}
