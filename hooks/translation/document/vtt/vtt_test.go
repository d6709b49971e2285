package vtt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/vtt"
)

// cue returns a file of one cue.
func cue(text string) string {
	return "WEBVTT\n\n00:01.000 --> 00:02.000\n" + text + "\n"
}

const two = "\n00:03.000 --> 00:04.000\n"

func TestBlocks(t *testing.T) {
	tests := []struct {
		name string
		file string
		want []string
	}{
		{"one cue", cue("Hello."), []string{"Hello."}},
		{"two cues", cue("Hello.") + two + "Bye.\n", []string{"Hello.", "Bye."}},
		{"no line break at the end", strings.TrimSuffix(cue("Hello."), "\n"), []string{"Hello."}},
		{"a sentence flows", cue("Hello, my\n dear friend. "), []string{"Hello, my dear friend."}},
		{"Windows line breaks", strings.ReplaceAll(cue("Hello,\nfriend.")+two+"Bye.", "\n", "\r\n"), []string{"Hello, friend.", "Bye."}},
		{"old Mac line breaks", strings.ReplaceAll(cue("Hello,\nfriend.")+two+"Bye.", "\n", "\r"), []string{"Hello, friend.", "Bye."}},
		{"line breaks converted twice", strings.ReplaceAll(cue("Hello,\nfriend.")+two+"Bye.", "\n", "\r\r\n"), []string{"Hello, friend.", "Bye."}},
		{"line breaks of several kinds", "WEBVTT\r\n\r00:01.000 --> 00:02.000\nOne\rtwo\r\n\n\n00:03.000 --> 00:04.000\r- A\r\n- B", []string{"One two", "- A\n- B"}},
		{"byte order mark", "\ufeff" + cue("Hello."), []string{"Hello."}},
		{"dialogue", cue("- Hello?\n- Hi."), []string{"- Hello?\n- Hi."}},

		{"a title", "WEBVTT - a title\n\n00:01.000 --> 00:02.000\nOne", []string{"One"}},
		{"metadata", "WEBVTT\nKind: captions\nLanguage: en\n\n00:01.000 --> 00:02.000\nOne", []string{"One"}},
		{"a cue in the header", "WEBVTT\n1\n00:01.000 --> 00:02.000\nOne", []string{"One"}},
		{"an arrow in the signature", "WEBVTT 00:01.000 --> 00:02.000\nnothing\n\n00:03.000 --> 00:04.000\nOne", []string{"One"}},
		{"a note, a style, a region", "WEBVTT\n\nNOTE\nto me\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\nOTHER\nthing\n\n00:01.000 --> 00:02.000\nOne\n\nNOTE to you\n", []string{"One"}},
		{"a note with an arrow", "WEBVTT\n\nNOTE -->\nto me\n\n00:01.000 --> 00:02.000\nOne", []string{"One"}},
		{"a name", "WEBVTT\n\nintro\n00:01.000 --> 00:02.000\nOne\n\n2\n00:03.000 --> 00:04.000\nTwo", []string{"One", "Two"}},
		{"settings", "WEBVTT\n\n00:01.000 --> 00:02.000 align:start line:-1 position:10%,line-left\nOne", []string{"One"}},
		{"hours and tight arrows", "WEBVTT\n\n100:00:01.000-->100:00:02.000\nOne", []string{"One"}},
		{"SubRip's commas", "WEBVTT\n\n1\n00:00:01,000 --> 00:00:02,000\nOne", []string{"One"}},
		{"times that are none", "WEBVTT\n\n00:01.000 --> soon\nNever\n\na --> b\nseen\n\n00:03.000 --> 00:04.000\nOne", []string{"One"}},
		{"an arrow ends a cue", cue("One\ntwo --> three\nfour"), []string{"One"}},
		{"no blank line between cues", cue("One") + "00:03.000 --> 00:04.000\nTwo", []string{"One", "Two"}},
		{"a number, but no blank line", cue("One") + "2\n00:03.000 --> 00:04.000\nTwo", []string{"One", "Two"}},
		{"a cue of nothing but a line", cue("One\n\nno cue"), []string{"One"}},
		{"a line of white space ends no cue", cue("One\n \nand more"), []string{"One and more"}},
		{"cues without text", cue("") + two + "\n" + two + "Yes", []string{"Yes"}},
		{"nothing to translate", cue("♪") + two + "...\n" + two + "1984\n" + two + "<v John>!\n" + two + "&amp;\n" + two + "Yes", []string{"Yes"}},
		{"text that looks like a block", cue("NOTE that\nSTYLE matters"), []string{"NOTE that STYLE matters"}},

		{"JSON", cue(`{"a": "word"}`) + two + "[\n\"word\"\n]\n" + two + "Yes", []string{"Yes"}},
		{"long JSON", cue(`{"a": "`+strings.Repeat("word", 20_000)+`"}`) + two + "Yes", []string{"Yes"}},
		{"pictures", cue("a.jpg") + two + "https://example.com/b.PNG?x#xywh=1,2,3,4\n" + two + "my.jpg is lost", []string{"my.jpg is lost"}},
		{"brackets are not JSON", cue("[door creaks]") + two + "{a} b", []string{"[door creaks]", "{a} b"}},

		{"a class around the cue", cue("<c.loud>Hello,\nfriend.</c>"), []string{"Hello, friend."}},
		{"italics in each line", cue("<i>Hello,</i>\n<i>friend.</i>"), []string{"Hello, friend."}},
		{"italics in a sentence", cue("Hello, <i.foreign>my\nfriend</i>."), []string{"Hello, <1>my friend</1>."}},
		{"nested", cue("a <b>b <u>c</u></b> d"), []string{"a <1>b <2>c</2></1> d"}},
		{"crossed", cue("a <b>b <i>c</b> d</i> e"), []string{"a <1>b <2/>c</1> d<3/> e"}},
		{"a language", cue("He said <lang en-GB>cheers</lang>."), []string{"He said <1>cheers</1>."}},
		{"a voice", cue("<v Roger Bingham>We are\nin New York.") + two + "<v.loud Mary>Yes.</v>", []string{"We are in New York.", "Yes."}},
		{"two voices", cue("<v A>Hi.\n<v B>Ho."), []string{"Hi.\n<1/>Ho."}},
		{"two voices that end", cue("<v A>Hi.</v>\n<v B>Ho.</v>"), []string{"<1>Hi.</1>\n<2>Ho.</2>"}},
		{"one voice in each line", cue("<v A>Hello,\n<v A>friend."), []string{"Hello, friend."}},
		{"no voice", cue("Hello,\n<var>friend</var>."), []string{"Hello, <1>friend</1>."}},
		{"times within a cue", cue("One <00:01.200>two <00:01.400><c>three</c>"), []string{"One <1/>two <2/><3>three</3>"}},
		{"ruby", cue("<ruby>東京<rt>とうきょう</rt>都<rt>と</rt></ruby>"), []string{"東京<1/>都"}},
		{"ruby in a sentence", cue("これは<ruby>東京<rt>とう<b>きょう</b></rt></ruby>です"), []string{"これは<1>東京<2/></1>です"}},
		{"ruby without end tags", cue("<ruby>東<rt>とう</ruby>です"), []string{"<1>東<2/></1>です"}},
		{"a reading without an end", cue("東京<rt>とうきょう"), []string{"東京<1/>とうきょう"}},
		{"tags of SubRip's", cue("{\\an8}A <FONT color=\"red\">b</font><br/>c"), []string{"A <1>b</1><2/>c"}},
		{"no known tags", cue("a <x.y z>b</x> <> </> <1>c"), []string{"a <1>b</1> <2/> <3/> <4/>c"}},
		{"unclosed", cue("Hello, <i>my friend. </b>Bye."), []string{"Hello, <1/>my friend. <2/>Bye."}},
		{"a tag without an end", cue("a <b c"), []string{"a <b c"}},
		{"an empty pair", cue("a <i></i><00:01.500>b"), []string{"a <1/>b"}},

		{"references", cue("A&amp;B &lt; C &gt; D&nbsp;E &copy; &#233; &#x4e00;"), []string{"A&B < C > D\u00a0E © é 一"}},
		{"directions", cue("&lrm;a&rlm;b"), []string{"\u200ea\u200fb"}},
		{"no references", cue("R&D & more; A&B;"), []string{"R&D & more; A&B;"}},
		{"a reference to a reference", cue("write &amp;lt;"), []string{"write &lt;"}},
		{"a literal numbered tag", cue("press &lt;1&gt; or &lt;/2> now"), []string{"press <1/> or <2/> now"}},
		{"a literal tag", cue("the tag &lt;b&gt;"), []string{"the tag <b>"}},
		{"a literal line break", cue("a&#10;b&#13;c"), []string{"a\nb\nc"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, test.file)
			var got []string
			for i, block := range doc.Blocks() {
				if want := document.BlockID(i + 1); block.ID != want {
					t.Errorf("block %d has the id %q, want %q", i, block.ID, want)
				}
				got = append(got, block.Text)
			}
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", test.want) {
				t.Errorf("blocks\n got %q\nwant %q", got, test.want)
			}
			if got := mustBuild(t, doc, itself(doc)); got != test.file {
				t.Errorf("translated to itself\n got %q\nwant %q", got, test.file)
			}
			if got := mustBuild(t, doc, nil); got != test.file {
				t.Errorf("not translated\n got %q\nwant %q", got, test.file)
			}
		})
	}
}

// TestBuild gives the translation of the first block.
func TestBuild(t *testing.T) {
	tests := []struct{ name, file, translation, want string }{
		{"plain", cue("Hello."), "Hallo.", cue("Hallo.")},
		{"what stands around stays", "\ufeffWEBVTT x\r\nKind: a\r\n\r\nNOTE b\r\n\r\n1\r\n00:01.000-->00:02.000 line:0\r\n Hello. \r\n\r\n\r\ntrailing", "Hallo.", "\ufeffWEBVTT x\r\nKind: a\r\n\r\nNOTE b\r\n\r\n1\r\n00:01.000-->00:02.000 line:0\r\n Hallo. \r\n\r\n\r\ntrailing"},
		{"the file's line breaks", strings.ReplaceAll(cue("- A\n- B"), "\n", "\r\n"), "- C\n- D", strings.ReplaceAll(cue("- C\n- D"), "\n", "\r\n")},
		{"nothing", cue("Hello."), " \n\u200b\u00a0", cue("Hello.")},
		{"long", cue("We are in New York."), "Wir sind hier in New York City, wo es ziemlich viel regnet.", cue("Wir sind hier in New York City,\nwo es ziemlich viel regnet.")},
		{"long, in Chinese", cue("If you had told me, I would have helped."), "如果你当时告诉我真相，我一定会相信你，也会帮助你的。", cue("如果你当时告诉我真相，\n我一定会相信你，也会帮助你的。")},
		{"references are as long as what they show", cue("A &amp; B"), "This is a line of exactly << && >>> chars.", cue("This is a line of exactly &lt;&lt; &amp;&amp; >>> chars.")},
		{"two lines become one", cue("Hello,\nmy friend."), "Hallo, mein Freund.", cue("Hallo, mein Freund.")},

		{"italics", cue("Hello, <i>my friend</i>."), "<1>Mein Freund</1>, hallo.", cue("<i>Mein Freund</i>, hallo.")},
		{"italics in each line", cue("<i>Hello, my dear friend, how are you</i>\n<i>doing today?</i>"), "Hallo, mein lieber Freund, wie geht es dir denn heute?", cue("<i>Hallo, mein lieber Freund,</i>\n<i>wie geht es dir denn heute?</i>")},
		{"a voice", cue("<v Roger Bingham>Hello.</v>"), "Hallo.", cue("<v Roger Bingham>Hallo.</v>")},
		{"two voices", cue("<v A>Hi\n<v B>Ho"), "Hallo\n<1/>Huhu", cue("<v A>Hallo\n<v B>Huhu")},
		{"times", cue("One <00:01.200>two"), "Eins <1/>zwei", cue("Eins <00:01.200>zwei")},
		{"ruby", cue("これは<ruby>東京<rt>とうきょう</rt></ruby>です"), "This is <1>Tokyo<2/></1>.", cue("This is <ruby>Tokyo<rt>とうきょう</rt></ruby>.")},
		{"half a pair is left out", cue("a <i>b</i> c"), "x <1>y z", cue("x y z")},

		{"escaped", cue("a"), "x & <y> &lt;", cue("x &amp; &lt;y> &amp;lt;")},
		{"escaped as in the file", cue("a &gt; b&nbsp;c") + two + "&rlm;&lrm;", ">\u00a0\u200e\u200f<i>x", cue("&gt;&nbsp;&lrm;&rlm;&lt;i&gt;x") + two + "&rlm;&lrm;"},
		{"a literal numbered tag", cue("press &lt;1&gt; now"), "jetzt <1/> drücken", cue("jetzt &lt;1&gt; drücken")},
		{"a numbered tag that is not ours", cue("press now"), "jetzt <7> drücken", cue("jetzt &lt;7> drücken")},
		{"no arrow", cue("Hello there."), "a --> b ----> c", cue("a --&gt; b ----&gt; c")},
		{"no time line", cue("Hello there."), "00:01.000 --> 00:02.000", cue("00:01.000 --&gt; 00:02.000")},
		{"no arrow where a lost tag was", cue("a <i>b</i> c"), "-<1>->", cue("--&gt;")},
		{"no arrow of a literal tag", cue("a &lt;1> b"), "--<1/>", cue("--&lt;1>")},
		{"no arrow around a tag", cue("a <i>b</i> c"), "--<1>></1>", cue("--<i>></i>")},

		{"no blank lines", cue("Hello there."), "Hallo\n\n \u2028\r\nda.", cue("Hallo da.")},
		{"blank lines in a dialogue", cue("- A\n- B"), "- C\n\n- D\n", cue("- C\n- D")},
		{"no control characters", cue("Hello there."), "Hal\x00lo\x1b da.", cue("Hallo da.")},
		{"a literal line break", cue("a&#10;b c"), "x\n\ny", cue("x y")},
		{"a number before a time line", cue("One") + "00:03.000 --> 00:04.000\nTwo", "- A\n12", cue("- A 12") + "00:03.000 --> 00:04.000\nTwo"},
		{"a number in its own line before a time line", cue("- A\n- B") + "00:03.000 --> 00:04.000\nTwo", "- A\n12", cue("- A\n12\n") + "00:03.000 --> 00:04.000\nTwo"},
		{"the next cue's number stays", cue("One\nand") + "2\n00:03.000 --> 00:04.000\nTwo", "Eins", cue("Eins") + "2\n00:03.000 --> 00:04.000\nTwo"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, test.file)
			got := mustBuild(t, doc, map[string]string{"b1": test.translation})
			if got != test.want {
				t.Errorf("\n got %q\nwant %q", got, test.want)
			}
			if before, after := len(doc.Blocks()), blocksOf(t, got); after > before {
				t.Errorf("%d blocks before, %d after", before, after)
			}
		})
	}
}

// TestBilingual gives the translation of the first block above its source.
func TestBilingual(t *testing.T) {
	source := func(s string) string { return "<c.verso-source>" + s + "</c>" }
	tests := []struct{ name, file, translation, want string }{
		{"one line", cue("Hello."), "Hallo.", cue("Hallo.\n" + source("Hello."))},
		{"the source's lines stay", cue("Hello,\nmy friend."), "Hallo, mein Freund.", cue("Hallo, mein Freund.\n" + source("Hello,\nmy friend."))},
		{"one line where there is room", cue("Hello."), "Wir wollten gerade gehen, als es zu regnen begann.", cue("Wir wollten gerade gehen, als es zu regnen begann.\n" + source("Hello."))},
		{"two lines where there is none", cue("Hello."), "Wir wollten gerade in den Laden gehen, als es plötzlich zu regnen begann.", cue("Wir wollten gerade in den Laden gehen,\nals es plötzlich zu regnen begann.\n" + source("Hello."))},
		{"a dialogue", cue("- Hello?\n- Hi."), "- Hallo?\n- Na.", cue("- Hallo?\n- Na.\n" + source("- Hello?\n- Hi."))},
		{"references and markup stay", cue("R&amp;D &copy; <i>my\nfriend</i>."), "F&E © <1>Freund</1>.", cue("F&amp;E © <i>Freund</i>.\n" + source("R&amp;D &copy; <i>my\nfriend</i>."))},
		{"markup around the cue", cue("<v A><i>Hello,\nfriend.</i>"), "Hallo.", cue("<v A><i>Hallo.\n" + source("Hello,\nfriend.") + "</i>")},
		{"markup around each line", cue("<i>Hello,</i> \n<i>friend.</i>"), "Hallo.", cue("<i>Hallo.</i>\n<i>" + source("Hello,") + "</i>\n<i>" + source("friend.") + "</i>")},
		{"a line of white space", cue("Hello,\n \nfriend."), "Hallo.", cue("Hallo.\n" + source("Hello,\nfriend."))},
		{"the file's line breaks", strings.ReplaceAll(cue("Hello,\nfriend."), "\n", "\r\n"), "Hallo.", strings.ReplaceAll(cue("Hallo.\n"+source("Hello,\nfriend.")), "\n", "\r\n")},
		{"its own text", cue("Hello,\nfriend."), "Hello, friend.", cue("Hello,\nfriend.")},
		{"nothing", cue("Hello."), " \n", cue("Hello.")},
		{"the other cues", cue("Hello.") + two + "Bye.", "Hallo.", cue("Hallo.\n"+source("Hello.")) + two + "Bye."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, test.file)
			output := document.Output{Translation: lookUp(map[string]string{"b1": test.translation}), Bilingual: true}
			if got := mustBuildOutput(t, doc, output); got != test.want {
				t.Errorf("\n got %q\nwant %q", got, test.want)
			}
		})
	}
}

// TestUnplaced holds that a block whose translation shows nothing is told.
func TestUnplaced(t *testing.T) {
	doc := mustParse(t, cue("a <i>b</i>")+two+"c")
	left, err := doc.Build(context.Background(), &bytes.Buffer{}, document.Output{Translation: lookUp(map[string]string{"b1": "<1></1>", "b2": "x"})})
	if err != nil || len(left) != 1 || left[0] != "b1" {
		t.Errorf("left %q, %v", left, err)
	}
}

func TestRefused(t *testing.T) {
	tests := []struct {
		name, file string
		kind       document.ErrorKind
		says       string
	}{
		{"empty", "", document.Unreadable, "empty"},
		{"white space", " \r\n\ufeff\n", document.Unreadable, "empty"},
		{"no signature", "\n\n00:01.000 --> 00:02.000\na\n", document.Unreadable, "line 3 "},
		{"SubRip", "1\n00:00:01,000 --> 00:00:02,000\na\n", document.Unreadable, ".srt"},
		{"a signature below a blank line", "\nWEBVTT\n\n00:01.000 --> 00:02.000\na\n", document.Unreadable, "very top"},
		{"a word like the signature", "WEBVTTX\n\n00:01.000 --> 00:02.000\na\n", document.Unreadable, "WEBVTT"},
		{"no cue", "WEBVTT\n\nNOTE a\n", document.Unreadable, "00:01:02.500 --> 00:01:05.000"},
		{"no cue with times", "WEBVTT\n\n1\n00:O1 --> 00:O2\na\n\n2 --> 3", document.Unreadable, "line 4 "},
		{"no words", cue("♪") + two + "...", document.Unreadable, "2 subtitles"},
		{"NUL", cue("One.\x00Two, three, four, five."), document.Unsupported, "NUL"},
		{"a cue that is none", cue("One") + two + strings.Repeat("word ", 20_000), document.Unreadable, "line 7 "},
		{"more cues than can be", "WEBVTT\n\n" + strings.Repeat("0:1-->0:1\na\n", document.MaxBlocks+1), document.Unreadable, "more than 1000000"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := vtt.Format{}.Parse(context.Background(), test.file, document.Options{})
			var bad *document.Error
			if !errors.As(err, &bad) {
				t.Fatalf("got %v, want a document.Error", err)
			}
			if bad.Kind != test.kind || !strings.Contains(bad.Message, test.says) {
				t.Errorf("got kind %d, %q; want kind %d with %q in it", bad.Kind, bad.Message, test.kind, test.says)
			}
		})
	}
}

func TestRecognise(t *testing.T) {
	tests := []struct {
		name, file, head string
		want             bool
	}{
		{"by name", "a.vtt", cue("Hello."), true},
		{"by name in capitals", "A.VTT", cue("Hello."), true},
		{"by name, whatever is in it", "a.vtt", "Hello.", true},
		{"by signature", "a.txt", "WEBVTT\n\n", true},
		{"by signature, with a title", "a.srt", "WEBVTT - a title\r\n", true},
		{"by signature, without a name", "", "WEBVTT\tx", true},
		{"nothing but a signature", "a", "WEBVTT", true},
		{"byte order mark", "a.srt", "\ufeffWEBVTT\r", true},
		{"UTF-16", "a.txt", utf16LE("\ufeffWEBVTT\n\n"), true},
		{"a word like it", "a.txt", "WEBVTTX", false},
		{"in small letters", "a.txt", "webvtt\n", false},
		{"further down", "a.txt", "\nWEBVTT\n", false},
		{"text", "a.txt", "Hello.", false},
		{"nothing", "a.txt", "", false},
		{"binary", "a.vtt", "PK\x03\x04\x14\x00", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := (vtt.Format{}).Recognise(test.file, []byte(test.head)); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	file := cue("Привет, дорогой друг.")
	for name, data := range map[string]string{"UTF-16": utf16LE("\ufeff" + file), "UTF-8": file} {
		doc := mustParse(t, data)
		if got := mustBuild(t, doc, map[string]string{"b1": "Hi."}); got != cue("Hi.") {
			t.Errorf("%s: got %q", name, got)
		}
	}
	doc, err := vtt.Format{}.Parse(context.Background(), cue("Caf\xe9"), document.Options{Encoding: "windows-1252"})
	if err != nil || mustBuild(t, doc, nil) != cue("Café") {
		t.Errorf("windows-1252: %v", err)
	}
}

// TestCancelled holds that a huge file does not outlive who asked for it.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	doc := mustParse(t, cue("Hello."))
	cancel()
	if _, err := (vtt.Format{}).Parse(ctx, cue("Hello."), document.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Parse: got %v", err)
	}
	if _, err := doc.Build(ctx, &bytes.Buffer{}, document.Output{Translation: lookUp(nil)}); !errors.Is(err, context.Canceled) {
		t.Errorf("Build: got %v", err)
	}
}

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	Helper()
	Fatal(...any)
}

func mustParse(t tester, data string) document.Document {
	t.Helper()
	doc, err := vtt.Format{}.Parse(context.Background(), data, document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func mustBuild(t tester, doc document.Document, texts map[string]string) string {
	t.Helper()
	return mustBuildOutput(t, doc, document.Output{Translation: lookUp(texts)})
}

func mustBuildOutput(t tester, doc document.Document, output document.Output) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := doc.Build(context.Background(), &out, output); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// blocksOf returns the number of blocks in a file; 0 where it has no words.
func blocksOf(t tester, file string) int {
	t.Helper()
	doc, err := vtt.Format{}.Parse(context.Background(), file, document.Options{})
	if err != nil {
		var bad *document.Error
		if !errors.As(err, &bad) {
			t.Fatal(err)
		}
		return 0
	}
	return len(doc.Blocks())
}

func itself(doc document.Document) map[string]string {
	texts := map[string]string{}
	for _, block := range doc.Blocks() {
		texts[block.ID] = block.Text
	}
	return texts
}

func lookUp(texts map[string]string) func(string) (string, bool) {
	return func(id string) (string, bool) {
		text, ok := texts[id]
		return text, ok
	}
}

func utf16LE(s string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}
