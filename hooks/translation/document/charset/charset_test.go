package charset_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode/utf32"

	"verso/hooks/translation/document/charset"
)

// written are the encodings in which texts of a language are found, beside UTF-8.
func written() map[string][]encoding.Encoding {
	west, centre, cyrillic := charmap.Windows1252, []encoding.Encoding{charmap.Windows1250, charmap.ISO8859_2}, charmap.Windows1251
	all := map[string][]encoding.Encoding{
		"ru": {cyrillic, charmap.KOI8R, charmap.CodePage866, charmap.ISO8859_5}, "uk": {cyrillic, charmap.KOI8U}, "bg": {cyrillic, charmap.KOI8R},
		"be": {cyrillic}, "mk": {cyrillic}, "sr-Cyrl": {cyrillic, charmap.ISO8859_5},
		"el": {charmap.Windows1253}, "tr": {charmap.Windows1254}, "he": {charmap.Windows1255}, "ar": {charmap.Windows1256}, "fa": {charmap.Windows1256},
		"et": {charmap.Windows1257}, "lt": {charmap.Windows1257}, "lv": {charmap.Windows1257}, "vi": {charmap.Windows1258}, "th": {charmap.Windows874},
		"ja": {japanese.ShiftJIS, japanese.EUCJP, japanese.ISO2022JP}, "ko": {korean.EUCKR}, "zh-Hans": {simplifiedchinese.GBK}, "zh-Hant": {traditionalchinese.Big5},
	}
	for _, language := range []string{"de", "nl", "fi", "sv", "da", "nb", "nn", "fr", "es", "pt-BR", "it", "ca", "gl", "is"} {
		all[language] = []encoding.Encoding{west}
	}
	for _, language := range []string{"hu", "pl", "cs", "sk", "sl", "hr", "ro"} {
		all[language] = centre
	}
	return all
}

// declaration returns the Declaration of Human Rights in a language, as far as the tests
// of languages have it; nothing of it is in their profiles.
func declaration(t *testing.T, language string) string {
	t.Helper()
	for _, folder := range []string{"tongue", "verify"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "pipeline", folder, "testdata", "udhr", language+".txt"))
		if err != nil {
			continue
		}
		var text strings.Builder
		for line := range strings.Lines(string(data)) {
			_, article, _ := strings.Cut(line, "\t")
			text.WriteString(article)
		}
		return text.String()
	}
	t.Fatalf("there is no text in %s", language)
	return ""
}

// told is what became of pieces of text.
type told struct{ right, asked, wrong int }

// pieces is how many there are at most of a text in an encoding and length.
const pieces = 2

// TestFoundOut cuts texts in many languages and encodings into pieces: from a paragraph's
// length on none is read wrongly, and of hardly any is asked which encoding it has.
func TestFoundOut(t *testing.T) {
	for _, c := range []struct {
		characters   int
		right, wrong float64 // the least and the most, of all
	}{
		{60, 0.95, 0.02}, {300, 0.97, 0}, {1500, 1, 0},
	} {
		all := told{}
		for language, encodings := range written() {
			text := []rune(declaration(t, language))
			for _, enc := range encodings {
				one := told{}
				for at := 0; at+c.characters <= len(text) && at < pieces*c.characters; at += c.characters {
					one.tell(t, string(text[at:at+c.characters]), enc)
				}
				if one.wrong > 0 || one.asked > one.right/4 {
					t.Logf("%d characters, %s in %v: %d right, %d asked, %d wrong", c.characters, language, enc, one.right, one.asked, one.wrong)
				}
				all.right, all.asked, all.wrong = all.right+one.right, all.asked+one.asked, all.wrong+one.wrong
			}
		}
		n := float64(all.right + all.asked + all.wrong)
		t.Logf("of %.0f pieces of %d characters %.1f %% are right, %.1f %% asked for, %.2f %% wrong", n, c.characters, 100*float64(all.right)/n, 100*float64(all.asked)/n, 100*float64(all.wrong)/n)
		if float64(all.right) < c.right*n || float64(all.wrong) > c.wrong*n {
			t.Errorf("of pieces of %d characters %d are right and %d wrong, of %.0f", c.characters, all.right, all.wrong, n)
		}
	}
}

// tell has a piece's encoding found out, if it can be written in it and is not all ASCII.
func (to *told) tell(t *testing.T, piece string, enc encoding.Encoding) {
	t.Helper()
	encoded, err := encoding.ReplaceUnsupported(enc.NewEncoder()).String(piece)
	if err != nil {
		t.Fatal(err)
	}
	encoded = strings.ReplaceAll(encoded, "\x1a", "?")
	if want, err := enc.NewDecoder().String(encoded); err != nil {
		t.Fatal(err)
	} else if got, _, err := charset.Decode(encoded, ""); err != nil {
		to.asked++
	} else if got == want {
		to.right++
	} else {
		to.wrong++
	}
}

// TestShort reads sentences of which hardly a few bytes tell their encoding.
func TestShort(t *testing.T) {
	for _, c := range []struct {
		text string
		enc  encoding.Encoding
	}{
		{"Die Br\u00fccke \u00fcber den Flu\u00df ist sch\u00f6n.", charmap.ISO8859_1},
		{"Voil\u00e0 un caf\u00e9 tr\u00e8s noir.", charmap.Windows1252},
		{"Minden emberi l\u00e9ny szabadon sz\u00fcletik, \u00e9s k\u00f6nyv\u0171 n\u00e9lk\u00fcl \u00e9l\u0151 is tanul.", charmap.Windows1250},
		{"Za\u017c\u00f3\u0142\u0107 g\u0119\u015bl\u0105 ja\u017a\u0144, powiedzia\u0142 stary cz\u0142owiek.", charmap.ISO8859_2},
		{"K\u016f\u0148 stoj\u00ed p\u0159ed \u0161kolou a \u010dek\u00e1 na \u017e\u00e1ky.", charmap.Windows1250},
		{"Hyv\u00e4\u00e4 p\u00e4iv\u00e4\u00e4, mit\u00e4 kuuluu?", charmap.ISO8859_1},
		{"\u65e5\u672c\u8a9e\u306e\u6587\u7ae0\u3067\u3059\u3002", japanese.ISO2022JP},
		{"One whale, \u9be8.", utf32.UTF32(utf32.BigEndian, utf32.UseBOM)},
		{"One whale, \u9be8.", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)},
	} {
		encoded, err := c.enc.NewEncoder().String(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := charset.Decode(encoded, ""); got != c.text {
			t.Errorf("%q in %v is read as %q, %v", c.text, c.enc, got, err)
		}
	}
}

// TestOneWord has files of megabytes without a space, which nobody's memory or patience
// is to pay for.
func TestOneWord(t *testing.T) {
	for name, data := range map[string]string{
		"letters of no encoding": strings.Repeat("\xe4\x81\xfc\x9d", 4<<20),
		"German":                 strings.Repeat("sch\xf6n", 4<<20),
		"one letter at the end":  strings.Repeat("x", 16<<20) + "\xf6",
	} {
		before := allocated()
		_, _, _ = charset.Decode(data, "")
		if used := allocated() - before; used > 8*uint64(len(data)) {
			t.Errorf("%s: %d MB were allocated for %d MB", name, used>>20, len(data)>>20)
		}
	}
}

// allocated returns how much memory has been asked for by now.
func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}
