package srt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/srt"
)

// cue returns a file of one cue.
func cue(text string) string {
	return "1\n00:00:01,000 --> 00:00:02,000\n" + text + "\n"
}

const two = "\n2\n00:00:03,000 --> 00:00:04,000\n"

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
		{"byte order mark", "\ufeff" + cue("Hello."), []string{"Hello."}},
		{"byte order mark within", cue("Hello.") + "\n\ufeff2\n00:00:03,000 --> 00:00:04,000\nBye.", []string{"Hello.", "Bye."}},

		{"dialogue", cue("- Hello?\n- Hi."), []string{"- Hello?\n- Hi."}},
		{"dialogue without spaces", cue("-Hello?\n–Hi."), []string{"-Hello?\n–Hi."}},
		{"only the second speaker has a dash", cue("Hello?\n- Hi."), []string{"Hello?\n- Hi."}},
		{"a speech of two lines", cue("- Hello\nthere?\n- Hi."), []string{"- Hello there?\n- Hi."}},
		{"a negative number is no dialogue", cue("it goes from 1 to\n-1 and back."), []string{"it goes from 1 to -1 and back."}},
		{"speakers' names", cue("JOHN: Hello?\nMARY: Hi."), []string{"JOHN: Hello?\nMARY: Hi."}},
		{"a name in its own line", cue("MAN:\nHow did we\nend up here?"), []string{"MAN:\nHow did we end up here?"}},
		{"names in Chinese", cue("小明：你好\n小红：再见"), []string{"小明：你好\n小红：再见"}},
		{"a colon is no name", cue("There are rules\nAnd this: obey."), []string{"There are rules And this: obey."}},
		{"a sound", cue("[door creaks]\nWho is\nthere?"), []string{"[door creaks]\nWho is there?"}},
		{"a song", cue("♪ Sing a song ♪\n♪ of sixpence ♪"), []string{"♪ Sing a song ♪\n♪ of sixpence ♪"}},
		{"two languages", cue("你好\nHello there"), []string{"你好\nHello there"}},
		{"Chinese flows", cue("他说他不\n知道"), []string{"他说他不 知道"}},

		{"a cue of italics", cue("<i>Hello,\nfriend.</i>"), []string{"Hello, friend."}},
		{"italics in each line", cue("<i>Hello,</i>\n<i>friend.</i>"), []string{"Hello, friend."}},
		{"an override in each line", cue("{\\an8}Hello,\n{\\an8}friend."), []string{"Hello, friend."}},
		{"markup on markup", cue("{\\an8}<font color=\"#fff\"><b>Hello.</b></font>"), []string{"Hello."}},
		{"italics in a sentence", cue("Hello, <i>my\nfriend</i>."), []string{"Hello, <1>my friend</1>."}},
		{"italics at both ends", cue("<i>Hello</i>, my <i>friend</i>"), []string{"<1>Hello</1>, my <2>friend</2>"}},
		{"nested", cue("a <b>b <I>c</I></b> d"), []string{"a <1>b <2>c</2></1> d"}},
		{"crossed", cue("a <b>b <i>c</b> d</i> e"), []string{"a <1>b <2/>c</1> d<3/> e"}},
		{"an override in a sentence", cue("Hello, {\\i1}my{\\i0} friend"), []string{"Hello, <1/>my<2/> friend"}},
		{"unbalanced in a sentence", cue("Hello, <i>my friend. </b>Bye."), []string{"Hello, <1/>my friend. <2/>Bye."}},
		{"unbalanced at the ends", cue("<i>Hello.</b>"), []string{"Hello."}},
		{"an empty pair", cue("a <i></i>{\\b1}b"), []string{"a <1/>b"}},
		{"a line of markup", cue("<i>\nHello.\n</i>"), []string{"Hello."}},
		{"a literal numbered tag", cue("press <1> or </2> now"), []string{"press <1/> or <2/> now"}},
		{"angle brackets", cue("0<p<1 <3 <--- R<1, a > b <n> <wow>"), []string{"0<p<1 <3 <--- R<1, a > b <n> <wow>"}},
		{"braces are mathematics", cue("the sum {a, b} and {2t}"), []string{"the sum {a, b} and {2t}"}},
		{"a tag over two lines is none", cue("a <font\ncolor=red>b"), []string{"a <font color=red>b"}},

		{"nothing to translate", cue("♪") + two + "...\n\n3\n00:00:05,000 --> 00:00:06,000\n1984\n\n4\n00:00:07,000 --> 00:00:08,000\n<i>!</i>\n\n5\n00:00:09,000 --> 00:00:10,000\nYes", []string{"Yes"}},
		{"cues without text", "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\n3\n00:00:05,000 --> 00:00:06,000\nYes", []string{"Yes"}},
		{"no counters", "00:00:01,000 --> 00:00:02,000\nOne\n\n00:00:03,000 --> 00:00:04,000\nTwo", []string{"One", "Two"}},
		{"counters out of order", "7\n00:00:01,000 --> 00:00:02,000\nOne\n\n3\n00:00:03,000 --> 00:00:04,000\nTwo", []string{"One", "Two"}},
		{"doubled blank lines", "\n\n1\n00:00:01,000 --> 00:00:02,000\nOne\n\n\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n\n\n", []string{"One", "Two"}},
		{"every line doubled", strings.ReplaceAll(cue("One\nand")+two+"Two", "\n", "\n\n"), []string{"One", "and", "Two"}},
		{"no blank line between cues", "1\n00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:03,000 --> 00:00:04,000\nTwo", []string{"One", "Two"}},
		{"neither blank line nor counter", "00:00:01,000 --> 00:00:02,000\nOne\n00:00:03,000 --> 00:00:04,000\nTwo", []string{"One", "Two"}},
		{"a blank line above the text", cue("\nOne"), []string{"One"}},
		{"a blank line in the text", cue("One\n \nand more"), []string{"One", "and more"}},
		{"a name in the counter's place", cue("One") + "\nintro\n00:00:03,000 --> 00:00:04,000\nTwo", []string{"One", "Two"}},
		{"text above the first cue", "Made with care\n\n" + cue("One"), []string{"One"}},
		{"a number in the text", cue("1984\nwas long ago\n12"), []string{"1984 was long ago 12"}},

		{"coordinates, dots and spaces", "1\n 00:00:01.5-->0:00:02,0  X1:40 X2:600 Y1:20 Y2:50\nOne", []string{"One"}},
		{"an arrow with spaces", "1\n00:00:01,000 -- > 00:00:02,000\nOne", []string{"One"}},
		{"negative times", "1\n-00:00:01,000 --> 00:00:-2,000\nOne", []string{"One"}},
		{"times that are none", cue("One") + "\n2\n00:00:O3,000 --> 00:00:O4,000\nTwo", []string{"One", "Two"}},
		{"an arrow in the text", cue("from A --> to B"), []string{"from A --> to B"}},
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
		{"two lines become one", cue("Hello,\nmy friend."), "Hallo, mein Freund.", cue("Hallo, mein Freund.")},
		{"what stands around stays", "\ufeff1\r\n00:00:01.0-->00:00:02,000 X1:1\r\n Hello. \r\n\r\n\r\ntrailing", "Hallo.", "\ufeff1\r\n00:00:01.0-->00:00:02,000 X1:1\r\n Hallo. \r\n\r\n\r\ntrailing"},
		{"the file's line breaks", strings.ReplaceAll(cue("- A\n- B"), "\n", "\r\n"), "- C\n- D", strings.ReplaceAll(cue("- C\n- D"), "\n", "\r\n")},
		{"nothing", cue("Hello."), " \n\u200b", cue("Hello.")},

		{"italics", cue("Hello, <i>my friend</i>."), "<1>Mein Freund</1>, hallo.", cue("<i>Mein Freund</i>, hallo.")},
		{"italics in each line", cue("<i>Hello, my dear friend, how are you</i>\n<i>doing today?</i>"), "Hallo, mein lieber Freund, wie geht es dir denn heute?", cue("<i>Hallo, mein lieber Freund,</i>\n<i>wie geht es dir denn heute?</i>")},
		{"italics in each line of a dialogue", cue("<i>- Hello</i>\n<i>- Hi</i>"), "- Hallo\n- Na", cue("<i>- Hallo</i>\n<i>- Na</i>")},
		{"overrides and unbalanced tags", cue("{\\an8}Hello, {\\i1}my{\\i0} <b>friend"), "Hallo, <1/>mein<2/> <3/>Freund", cue("{\\an8}Hallo, {\\i1}mein{\\i0} <b>Freund")},
		{"a literal numbered tag", cue("press <1> now"), "jetzt <1/> drücken", cue("jetzt <1> drücken")},
		{"a numbered tag that is not ours", cue("press now"), "jetzt <7> drücken", cue("jetzt <7> drücken")},
		{"half a pair is left out", cue("a <i>b</i> c"), "x <1>y z", cue("x y z")},
		{"a pair the wrong way round is left out", cue("a <i>b</i> c"), "x </1>y<1> z", cue("x y z")},
		{"a pair used twice", cue("a <i>b</i> c"), "<1>x</1> y <1>z</1>", cue("<i>x</i> y <i>z</i>")},
		{"a lone tag as a pair is left out", cue("a {\\b1}b"), "x <1>y</1>", cue("x y")},
		{"markup in its own line", cue("a <i>b</i> c"), "<1>\nx\n</1>", cue("<i>x</i>")},
		{"markup at a line break", cue("a <i>b</i> c"), "Die Zeile wird länger und länger <1>und muss gebrochen werden</1>", cue("Die Zeile wird länger und länger\n<i>und muss gebrochen werden</i>")},
		{"markup ends at a line break", cue("a <i>b</i> c"), "<1>Die Zeile wird länger und länger</1> und muss gebrochen werden", cue("<i>Die Zeile wird länger und länger</i>\nund muss gebrochen werden")},

		{"no blank lines", cue("Hello there."), "Hallo\n\n \u2028\r\nda.", cue("Hallo da.")},
		{"blank lines in a dialogue", cue("- A\n- B"), "- C\n\n- D\n", cue("- C\n- D")},
		{"no control characters", cue("Hello there."), "Hal\x00lo\x1b da\xff.", cue("Hallo da\ufffd.")},
		{"no time line", cue("Hello there."), "00:00:01,000 --> 00:00:02,000", cue("00:00:01,000 → 00:00:02,000")},
		{"no arrow", cue("Hello there."), "eins --> zwei", cue("eins → zwei")},
		{"no time line in our sense", cue("Hello there."), "1:00 - -> 2:00", cue("1:00 - -→ 2:00")},
		{"no arrow where a lost tag was", cue("a <i>b</i> c"), "-<1>->", cue("→")},
		{"a number before a time line", "00:00:01,000 --> 00:00:02,000\nForty\n00:00:03,000 --> 00:00:04,000\nTwo", "40", "00:00:01,000 --> 00:00:02,000\n40\n\n00:00:03,000 --> 00:00:04,000\nTwo"},
		{"a number before a counter", "1\n00:00:01,000 --> 00:00:02,000\nForty\n2\n00:00:03,000 --> 00:00:04,000\nTwo", "40", "1\n00:00:01,000 --> 00:00:02,000\n40\n2\n00:00:03,000 --> 00:00:04,000\nTwo"},

		{"the model broke a line", cue("Hello there, my friend."), "Hallo, mein\nFreund.", cue("Hallo, mein Freund.")},
		{"the model broke a line of Chinese", cue("Hello there, my friend."), "你好，\n我的朋友。", cue("你好，我的朋友。")},
		{"the model ran a dialogue together", cue("- Hello?\n- Hi."), "- Hallo? - Na.", cue("- Hallo?\n- Na.")},
		{"a dash of another kind is not a speaker", cue("- Hello?\n- Hi."), "- Ja - nein - vielleicht.", cue("- Ja - nein - vielleicht.")},
		{"the model made a dialogue", cue("Hello? Hi."), "- Hallo?\n- Na.", cue("- Hallo?\n- Na.")},
		{"two lines at most", cue("Hello? Hi. Oh."), "- A\n- B\n- C", cue("- A\n- B - C")},
		{"a number in its own line below another", cue("One\n\nTwo"), "12", cue("12\n\nTwo")},
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

// TestLaterPassage holds that the second part of a cue with a blank line in it
// cannot become the next cue's counter or begin a cue.
func TestLaterPassage(t *testing.T) {
	const file = "00:00:01,000 --> 00:00:02,000\nOne\n\nTwo\nand more\n00:00:03,000 --> 00:00:04,000\nThree"
	for translation, want := range map[string]string{
		"zwei":             "00:00:01,000 --> 00:00:02,000\nOne\n\nzwei\n\n00:00:03,000 --> 00:00:04,000\nThree",
		"- 12\n- a -> b:c": "00:00:01,000 --> 00:00:02,000\nOne\n\n- 12\n- a -> b:c\n00:00:03,000 --> 00:00:04,000\nThree",
	} {
		doc := mustParse(t, file)
		got := mustBuild(t, doc, map[string]string{"b2": translation})
		if got != want {
			t.Errorf("\n got %q\nwant %q", got, want)
		}
		if n := blocksOf(t, got); n != 3 {
			t.Errorf("%d blocks in %q", n, got)
		}
	}
	doc := mustParse(t, "00:00:01,000 --> 00:00:02,000\nOne\n\n[Two]\nand more")
	got := mustBuild(t, doc, map[string]string{"b2": "12\na -> b: c"})
	if want := "00:00:01,000 --> 00:00:02,000\nOne\n\n12\na → b: c"; got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

// TestBilingual gives the translation of the first block above its source.
func TestBilingual(t *testing.T) {
	tests := []struct{ name, file, translation, want string }{
		{"one line", cue("Hello."), "Hallo.", cue("Hallo.\nHello.")},
		{"the source's lines stay", cue("Hello,\nmy friend."), "Hallo, mein Freund.", cue("Hallo, mein Freund.\nHello,\nmy friend.")},
		{"one line where there is room", cue("Hello,\nmy friend."), "Wir wollten gerade gehen, als es zu regnen begann.", cue("Wir wollten gerade gehen, als es zu regnen begann.\nHello,\nmy friend.")},
		{"two lines where there is none", cue("Hello."), "Wir wollten gerade in den Laden gehen, als es plötzlich zu regnen begann.", cue("Wir wollten gerade in den Laden gehen,\nals es plötzlich zu regnen begann.\nHello.")},
		{"a dialogue", cue("- Hello?\n- Hi."), "- Hallo?\n- Na.", cue("- Hallo?\n- Na.\n- Hello?\n- Hi.")},
		{"markup stays", cue("Hello, <i>my</i> {\\b1}friend."), "Hallo, <1>mein</1> <2/>Freund.", cue("Hallo, <i>mein</i> {\\b1}Freund.\nHello, <i>my</i> {\\b1}friend.")},
		{"markup around the cue", cue("{\\an8}<i>Hello,\nfriend.</i>"), "Hallo.", cue("{\\an8}<i>Hallo.\nHello,\nfriend.</i>")},
		{"markup around each line", cue("<i>Hello,</i>\n<i>friend.</i>"), "Hallo.", cue("<i>Hallo.</i>\n<i>Hello,</i>\n<i>friend.</i>")},
		{"white space", cue(" Hello, \n friend. "), "Hallo.", cue(" Hallo.\nHello,\nfriend. ")},
		{"the file's line breaks", strings.ReplaceAll(cue("Hello,\nfriend."), "\n", "\r\n"), "Hallo.", strings.ReplaceAll(cue("Hallo.\nHello,\nfriend."), "\n", "\r\n")},
		{"its own text", cue("Hello,\nfriend."), "Hello, friend.", cue("Hello,\nfriend.")},
		{"nothing", cue("Hello."), " \n", cue("Hello.")},
		{"the other cues", cue("Hello.") + two + "Bye.", "Hallo.", cue("Hallo.\nHello.") + two + "Bye."},
		{"the source's own arrow", cue("from A --> to B"), "von A --> nach B", cue("von A → nach B\nfrom A --> to B")},
		{"no time line below a number", cue("\na -> b: c"), "12", cue("\n12\na → b: c")},
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

// TestMixedLineBreaks holds that identity does not go through the file's first
// line break.
func TestMixedLineBreaks(t *testing.T) {
	const file = "1\r\n00:00:01,000 --> 00:00:02,000\nOne\rtwo\r\nthree\n\n2\n00:00:03,000 --> 00:00:04,000\n- A\r\n- B"
	doc := mustParse(t, file)
	if got := mustBuild(t, doc, itself(doc)); got != file {
		t.Errorf("\n got %q\nwant %q", got, file)
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
		{"prose", "\n\nCall me Ishmael.\nSome years ago", document.Unreadable, "line 3 "},
		{"counters alone", "1\n2\n3\n", document.Unreadable, "00:01:02,500 --> 00:01:05,000"},
		{"WebVTT", "WEBVTT\n\n00:01.000 --> 00:02.000\nHello", document.Unsupported, ".vtt"},
		{"no words", cue("♪") + two + "...", document.Unreadable, "2 subtitles"},
		{"NUL", cue("One.\x00Two, three, four, five."), document.Unsupported, "NUL"},
		{"a cue that is none", cue("One") + two + strings.Repeat("word ", 20_000), document.Unreadable, "line 7 "},
		{"more cues than can be", strings.Repeat("1:1-->1:1\na\n", document.MaxBlocks+1), document.Unreadable, "more than 1000000"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := srt.Format{}.Parse(context.Background(), test.file, document.Options{})
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
	start := cue("Hello.")
	tests := []struct {
		name, file, head string
		want             bool
	}{
		{"by name", "a.srt", start, true},
		{"by name in capitals", "A.SRT", start, true},
		{"by name, whatever is in it", "a.srt", "Hello.", true},
		{"legacy encoding", "a.srt", "1\n00:00:01,000 --> 00:00:02,000\nCaf\xe9", true},
		{"binary", "a.srt", "PK\x03\x04\x14\x00", false},
		{"WebVTT by content", "a.srt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHello", false},
		{"WebVTT in UTF-16", "a.srt", utf16LE("\ufeffWEBVTT - a title\n\n"), false},
		{"a word like WebVTT", "a.srt", "WEBVTTX", true},
		{"text by content", "a.txt", "\ufeff\n\n" + start, true},
		{"no extension", "a", start, true},
		{"UTF-16 by content", "a.txt", utf16LE("\ufeff" + start), true},
		{"text", "a.txt", "1\n\nIt was a dark night", false},
		{"text with times", "a.txt", "00:00:01,000 --> 00:00:02,000\nHello", false},
		{"nothing", "a.txt", "", false},
		{"other extension", "a.vtt", start, false},
		{"Markdown", "a.md", start, false},
		{"unknown extension", "a.story", start, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := (srt.Format{}).Recognise(test.file, []byte(test.head)); got != test.want {
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
	doc, err := srt.Format{}.Parse(context.Background(), cue("Caf\xe9"), document.Options{Encoding: "windows-1252"})
	if err != nil || mustBuild(t, doc, nil) != cue("Café") {
		t.Errorf("windows-1252: %v", err)
	}
}

// TestCancelled holds that a huge file does not outlive who asked for it.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	doc := mustParse(t, cue("Hello."))
	cancel()
	if _, err := (srt.Format{}).Parse(ctx, cue("Hello."), document.Options{}); !errors.Is(err, context.Canceled) {
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
	doc, err := srt.Format{}.Parse(context.Background(), data, document.Options{})
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
	doc, err := srt.Format{}.Parse(context.Background(), file, document.Options{})
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
