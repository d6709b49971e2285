package txt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"pgregory.net/rapid"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/txt"
)

func TestBlocks(t *testing.T) {
	tests := []struct {
		name string
		file string
		want []string
	}{
		{"one line", "Call me Ishmael.", []string{"Call me Ishmael."}},
		{"paragraphs", "One.\n\nTwo.\n\n\nThree.\n", []string{"One.", "Two.", "Three."}},
		{"lines where no line is blank", "One.\nTwo.\nThree.", []string{"One.", "Two.", "Three."}},
		{"blank lines at the ends do not make paragraphs", "\n\nOne.\nTwo.\n\n", []string{"One.", "Two."}},
		{"hard-wrapped paragraphs", "One\ntwo.\n\nThree\nfour.", []string{"One\ntwo.", "Three\nfour."}},
		{"a line of spaces is blank", "One.\n \t \nTwo.", []string{"One.", "Two."}},
		{"Windows line breaks", "One\r\ntwo.\r\n\r\nThree.\r\n", []string{"One\ntwo.", "Three."}},
		{"old Mac line breaks", "One\rtwo.\r\rThree.", []string{"One\ntwo.", "Three."}},
		{"indentation", "\u3000一。\n\n    code\n      more\n", []string{"一。", "code\n      more"}},
		{"ornaments are text", "One.\n\n* * *\n\nTwo.", []string{"One.", "* * *", "Two."}},
		{"byte order mark", "\ufeffOne.\n", []string{"One."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, test.file, "")
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
		})
	}
}

func TestBuild(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"what stands around stays", "  One.  \n\n\n\tTwo.\n", "  <One.>  \n\n\n\t<Two.>\n"},
		{"line breaks inside a block are the file's", "One\r\ntwo.\r\n\r\nThree.", "<One\r\ntwo.>\r\n\r\n<Three.>"},
		{"byte order mark", "\ufeffOne.\n\nTwo.", "\ufeff<One.>\n\n<Two.>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, test.file, "")
			texts := map[string]string{}
			for _, block := range doc.Blocks() {
				texts[block.ID] = "<" + block.Text + ">"
			}
			if got := mustBuild(t, doc, texts); got != test.want {
				t.Errorf("\n got %q\nwant %q", got, test.want)
			}
		})
	}

	t.Run("a block without a translation stands as it was", func(t *testing.T) {
		doc := mustParse(t, "One.\n\nTwo.", "")
		if got := mustBuild(t, doc, map[string]string{"b2": "Zwei."}); got != "One.\n\nZwei." {
			t.Errorf("got %q", got)
		}
	})
}

// TestIdentity holds that a file whose blocks are translated by themselves
// comes back byte for byte, whatever white space it has.
func TestIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		newline := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "newline")
		words := rapid.SampledFrom([]string{"a", "Bc.", "一二", "¿é?", " ", "\t", "\u00a0", "\u3000", "NL", "NL", "NLNL"})
		file := strings.ReplaceAll(strings.Join(rapid.SliceOf(words).Draw(t, "words"), ""), "NL", newline)
		doc, err := txt.Format{}.Parse(context.Background(), file, document.Options{})
		if strings.TrimSpace(file) == "" {
			if err == nil {
				t.Fatalf("%q has no text and was accepted", file)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", file, err)
		}
		texts := map[string]string{}
		for _, block := range doc.Blocks() {
			texts[block.ID] = block.Text
		}
		var out bytes.Buffer
		if _, err := doc.Build(context.Background(), &out, document.Output{Translation: lookUp(texts)}); err != nil {
			t.Fatal(err)
		}
		if out.String() != file {
			t.Fatalf("\n got %q\nwant %q", out.String(), file)
		}
	})
}

const (
	english    = "“Quite so,” she said. It was the naïve façade of a café in which nobody had ever been seen to smile. "
	french     = "L’été dernier, à l’hôtel, où les garçons étaient âgés, j’ai reçu une lettre étrange de ma sœur aînée. "
	russian    = "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. "
	japanese_  = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所でニャーニャー泣いていた事だけは記憶している。"
	korean_    = "박제가 되어 버린 천재를 아시오? 나는 유쾌하오. 이런 때 연애까지가 유쾌하오. 육신이 흐느적흐느적하도록 피로했을 때만 정신이 은화처럼 맑소. "
	chinese    = "曲曲折折的荷塘上面，弥望的是田田的叶子。叶子出水很高，像亭亭的舞女的裙。层层的叶子中间，零星地点缀着些白花。"
	turkish    = "Güneş doğarken şehrin üstünde ince bir sis vardı; çocuklar ağır ağır okula gidiyor, ihtiyarlar İstanbul’u anlatıyordu. "
	polish     = "Zażółć gęślą jaźń, powiedział król, po czym wszyscy się śmiali i pili miód aż do świtu, choć był już późny październik. "
	greek      = "Σα βγεις στον πηγαιμό για την Ιθάκη, να εύχεσαι νάναι μακρύς ο δρόμος, γεμάτος περιπέτειες, γεμάτος γνώσεις. "
	hebrew     = "בראשית ברא אלהים את השמים ואת הארץ. והארץ היתה תהו ובהו וחשך על פני תהום ורוח אלהים מרחפת על פני המים. "
	arabic     = "في البدء كانت الكلمة، وكان الولد يمشي إلى المدرسة كل صباح، وفي المساء يعود إلى البيت ويقرأ الكتب القديمة. "
	lithuanian = "Žąsys skrido per ežerą, o vaikai žiūrėjo į jas ir šaukė, kad pavasaris jau čia, nors medžiai dar buvo be lapų. "
	vietnamese = "Tôi đi đên trương môi sang, va buôi chiêu tôi vê nha đoc sach cu vơi ông ngoai cua tôi ơ bên canh cây đa gia. "
	taiwan     = "曲曲折折的荷塘上面，彌望的是田田的葉子。葉子出水很高，像亭亭的舞女的裙。層層的葉子中間，零星地點綴著些白花。"
)

func TestEncodings(t *testing.T) {
	tests := []struct {
		name string // the IANA name
		text string
		enc  encoding.Encoding
	}{
		{"windows-1252", english, charmap.Windows1252},
		{"windows-1252", french, charmap.Windows1252},
		{"windows-1254", turkish, charmap.Windows1254},
		{"windows-1250", polish, charmap.Windows1250},
		{"windows-1253", greek, charmap.Windows1253},
		{"windows-1251", russian, charmap.Windows1251},
		{"windows-1255", hebrew, charmap.Windows1255},
		{"windows-1256", arabic, charmap.Windows1256},
		{"windows-1257", lithuanian, charmap.Windows1257},
		{"windows-1258", vietnamese, charmap.Windows1258},
		{"KOI8-R", russian, charmap.KOI8R},
		{"Shift_JIS", japanese_, japanese.ShiftJIS},
		{"EUC-JP", japanese_, japanese.EUCJP},
		{"EUC-KR", korean_, korean.EUCKR},
		{"GB18030", chinese, simplifiedchinese.GB18030},
		{"Big5", taiwan, traditionalchinese.Big5},
	}
	for _, test := range tests {
		text := strings.Repeat(test.text, 5)
		data, err := test.enc.NewEncoder().String(text)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		t.Run(test.name+" named", func(t *testing.T) {
			if got := mustParse(t, data, test.name).Blocks()[0].Text; got != strings.TrimSpace(text) {
				t.Errorf("got %q", got)
			}
		})
		// Detection may ask, and must not be wrong.
		t.Run(test.name+" detected or asked for", func(t *testing.T) {
			doc, err := txt.Format{}.Parse(context.Background(), data, document.Options{})
			if err != nil {
				wantError(t, err, document.Unreadable, `"encoding"`)
				t.Logf("asked: %v", err)
				return
			}
			if got := doc.Blocks()[0].Text; got != strings.TrimSpace(text) {
				t.Errorf("detected something else: %q", got)
			}
		})
	}
}

// TestBilingual holds that the source stands below each translation, apart as
// blocks stand apart in the file.
func TestBilingual(t *testing.T) {
	for source, want := range map[string]string{
		"One.\n\nTwo,\nthree.\n":   "x\n\nOne.\n\nx\n\nTwo,\nthree.\n",
		"One.\r\nTwo.\r\n":         "x\r\nOne.\r\nx\r\nTwo.\r\n",
		"\ufeff  One.\n\n\n  Two.": "\ufeff  x\n\nOne.\n\n\n  x\n\nTwo.",
	} {
		doc := mustParse(t, source, "")
		var out bytes.Buffer
		output := document.Output{Bilingual: true, Translation: func(string) (string, bool) { return "x", true }}
		if _, err := doc.Build(context.Background(), &out, output); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("\n got %q\nwant %q", out.String(), want)
		}
	}
}

func TestUTF16(t *testing.T) {
	units := utf16.Encode([]rune("One.\n\nTwo: 猫."))
	var little, big []byte
	for _, unit := range units {
		little = append(little, byte(unit), byte(unit>>8))
		big = append(big, byte(unit>>8), byte(unit))
	}
	for name, data := range map[string]string{
		"little endian with mark":    "\xff\xfe" + string(little),
		"big endian with mark":       "\xfe\xff" + string(big),
		"little endian without mark": string(little),
		"big endian without mark":    string(big),
	} {
		t.Run(name, func(t *testing.T) {
			doc := mustParse(t, data, "")
			if got := mustBuild(t, doc, nil); got != "One.\n\nTwo: 猫." {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	tests := []struct {
		name     string
		file     string
		encoding string
		kind     document.ErrorKind
		says     string
	}{
		{"empty", "", "", document.Unreadable, "empty"},
		{"white space", " \n\t\r\n\u3000", "", document.Unreadable, "empty"},
		{"NUL", "One.\x00Two, three, four, five.", "", document.Unsupported, "NUL"},
		{"unknown encoding", "One.", "klingon-8", document.BadOption, "klingon-8"},
		{"not UTF-8 though said to be", "One \xff", "utf-8", document.Unreadable, "byte 4"},
		{"not Shift_JIS though said to be", "One \x80\xff\xff", "Shift_JIS", document.Unreadable, "Shift_JIS"},
		{"more paragraphs than can be", strings.Repeat("a\n", document.MaxBlocks+2), "", document.Unreadable, "more than 1000000 pieces of text"},
		{"no encoding at all", "\x81\x8d\x8f\x90\x9d\xfd\xfe\xff\x81\x8d", "", document.Unreadable, `"encoding"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := txt.Format{}.Parse(context.Background(), test.file, document.Options{Encoding: test.encoding})
			wantError(t, err, test.kind, test.says)
		})
	}
}

func TestRecognise(t *testing.T) {
	tests := []struct {
		name, file, head string
		want             bool
	}{
		{"text", "a.txt", "One.", true},
		{"no extension", "README", "One.", true},
		{"unknown extension", "a.story", "One.", true},
		{"legacy encoding", "a.txt", "Caf\xe9", true},
		{"UTF-16", "a.txt", "\xff\xfeO\x00", true},
		{"Markdown", "a.md", "# One", false},
		{"HTML by name", "a.html", "One.", false},
		{"HTML by content", "a.txt", "\n<!DOCTYPE html><p>One.", false},
		{"XML", "a.txt", "<?xml version='1.0'?>", false},
		{"PDF", "a.txt", "%PDF-1.7", false},
		{"ZIP", "a.txt", "PK\x03\x04\x14\x00", false},
		{"PNG", "a.txt", "\x89PNG\r\n\x1a\n\x00\x00", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := (txt.Format{}).Recognise(test.file, []byte(test.head)); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// TestCancelled holds that a huge file does not outlive who asked for it.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := txt.Format{}.Parse(ctx, strings.Repeat("x\n", 10000), document.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"One.\n\nTwo.", "\xff\xfeO\x00", "\xef\xbb\xbfx", "a\r\rb", "\x00", english} {
		f.Add(seed, "")
	}
	f.Add("x", "Shift_JIS")
	f.Fuzz(func(t *testing.T, data, encoding string) {
		doc, err := txt.Format{}.Parse(context.Background(), data, document.Options{Encoding: encoding})
		if err != nil {
			var bad *document.Error
			if !errors.As(err, &bad) || bad.Message == "" {
				t.Fatalf("an error without a sentence: %v", err)
			}
			return
		}
		var out bytes.Buffer
		if _, err := doc.Build(context.Background(), &out, document.Output{Translation: lookUp(nil)}); err != nil {
			t.Fatal(err)
		}
	})
}

func mustParse(t *testing.T, data, encoding string) document.Document {
	t.Helper()
	doc, err := txt.Format{}.Parse(context.Background(), data, document.Options{Encoding: encoding})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func mustBuild(t *testing.T, doc document.Document, texts map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := doc.Build(context.Background(), &out, document.Output{Translation: lookUp(texts)}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func lookUp(texts map[string]string) func(string) (string, bool) {
	return func(id string) (string, bool) {
		text, ok := texts[id]
		return text, ok
	}
}

func wantError(t *testing.T, err error, kind document.ErrorKind, says string) {
	t.Helper()
	var bad *document.Error
	if !errors.As(err, &bad) {
		t.Fatalf("got %v, want a document.Error", err)
	}
	if bad.Kind != kind || !strings.Contains(bad.Message, says) {
		t.Errorf("got kind %d, %q; want kind %d with %q in it", bad.Kind, bad.Message, kind, says)
	}
}
