package standin_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"verso/tests/standin"
)

const prose = "Some years ago, never mind how long precisely, having little or no money in my purse, and nothing " +
	"particular to interest me on shore, I thought I would sail about a little and see the watery part of the world."

// TestTranslateLooksPlausible holds script and length of a translation.
func TestTranslateLooksPlausible(t *testing.T) {
	tests := []struct {
		target      string
		script      *unicode.RangeTable
		least, most float64 // length of the translation over the source's
	}{
		{"ko", unicode.Hangul, 0.4, 0.7},
		{"zh", unicode.Han, 0.2, 0.4},
		{"zh-Hant-TW", unicode.Han, 0.2, 0.4},
		{"ru", unicode.Cyrillic, 0.9, 1.1},
		{"uk", unicode.Cyrillic, 0.9, 1.1},
		{"bg", unicode.Cyrillic, 0.9, 1.1},
		{"sr", unicode.Cyrillic, 0.9, 1.1},
		{"el", unicode.Greek, 0.9, 1.1},
		{"ar", unicode.Arabic, 0.9, 1.1},
		{"fa", unicode.Arabic, 0.9, 1.1},
		{"he", unicode.Hebrew, 0.9, 1.1},
		{"hi", unicode.Devanagari, 0.8, 1.1},
		{"bn", unicode.Bengali, 0.8, 1.1},
		{"gu", unicode.Gujarati, 0.8, 1.1},
		{"pa", unicode.Gurmukhi, 0.8, 1.1},
		{"ta", unicode.Tamil, 0.8, 1.1},
		{"te", unicode.Telugu, 0.8, 1.1},
		{"kn", unicode.Kannada, 0.8, 1.1},
		{"ml", unicode.Malayalam, 0.8, 1.1},
		{"si", unicode.Sinhala, 0.8, 1.1},
		{"th", unicode.Thai, 0.7, 1.1},
		{"lo", unicode.Lao, 0.7, 1.1},
		{"km", unicode.Khmer, 0.7, 1.1},
		{"my", unicode.Myanmar, 0.7, 1.1},
		{"ka", unicode.Georgian, 0.9, 1.1},
		{"hy", unicode.Armenian, 0.9, 1.1},
		{"am", unicode.Ethiopic, 0.9, 1.1},
		{"fr", unicode.Latin, 0.9, 1.1},
		{"de", unicode.Latin, 0.9, 1.1},
		{"es", unicode.Latin, 0.9, 1.1},
		{"vi", unicode.Latin, 0.9, 1.1},
		{"en", unicode.Latin, 0.9, 1.1},
	}
	for _, test := range tests {
		t.Run(test.target, func(t *testing.T) {
			got := standin.Translate(test.target, prose)
			for _, r := range got {
				if unicode.IsLetter(r) && !unicode.Is(test.script, r) {
					t.Fatalf("%q is of another script in %q", r, got)
				}
			}
			ratio := float64(utf8.RuneCountInString(got)) / float64(utf8.RuneCountInString(prose))
			if ratio < test.least || ratio > test.most {
				t.Errorf("%.2f times as long: %q", ratio, got)
			}
		})
	}
}

func TestTranslateJapanese(t *testing.T) {
	got := standin.Translate("ja", prose)
	for _, r := range got {
		if unicode.IsLetter(r) && !unicode.In(r, unicode.Han, unicode.Hiragana) {
			t.Fatalf("%q is of another script in %q", r, got)
		}
	}
	if !strings.ContainsFunc(got, func(r rune) bool { return unicode.Is(unicode.Hiragana, r) }) {
		t.Errorf("no hiragana in %q", got)
	}
}

// TestLettersOfALanguage has no letter that a neighbouring language alone has.
func TestLettersOfALanguage(t *testing.T) {
	for target, foreign := range map[string]string{"ru": "іїєґўјъћ", "uk": "ыэёъўј", "bg": "ыэёіїўј", "be": "иїщъ", "sr": "ыэёіїъщй"} {
		if got := standin.Translate(target, "Pack my box with five dozen liquor jugs."); strings.ContainsAny(got, foreign) {
			t.Errorf("%s: %q", target, got)
		}
	}
}

func TestTranslateKeeps(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"See <1>the <2/>sea</1> at 10:30.", []string{"<1>", "<2/>", "</1>", " 10:30."}},
		{"  two\tspaces\r\n\nlines ", []string{"  ", "\t", "\r\n\n", " "}},
		{"Read https://example.org/a?b=c#d, then www.example.org/x.", []string{" https://example.org/a?b=c#d, ", " www.example.org/x."}},
		{"Write to someone@example.org!", []string{" someone@example.org!"}},
		{"“Quoted” — and (so) on…", []string{"“", "” — ", " (", ") ", "…"}},
	}
	for _, test := range tests {
		for _, target := range []string{"ko", "ru", "fr", "zh", "th"} {
			got := standin.Translate(target, test.text)
			rest := got
			for _, want := range test.want {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Errorf("%s: %q is not kept in its place in %q", target, want, got)
				}
				rest = after
			}
		}
	}
}

func TestTranslateCapitals(t *testing.T) {
	for text, want := range map[string]string{"Ship": "Схип", "SHIP": "СХИП", "ship": "схип", "A": "Аа", "On": "Онн"} {
		if got := standin.Translate("ru", text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestTranslateFromOtherScripts(t *testing.T) {
	for _, text := range []string{
		"나는 그 배를 보았다.", "吾輩は猫である。名前はまだ無い。", "我们今天去北京看了一场电影。",
		"Старик сидел у окна.", "Ο γέρος καθόταν.", "كان الرجل جالسا", "बूढ़ा आदमी बैठा था।", "Été à l'œuvre, ça ñandú",
	} {
		for _, target := range []string{"ko", "ja", "zh", "ru", "uk", "fr", "de", "en", "ar", "hi", "th"} {
			got := standin.Translate(target, text)
			ratio := float64(utf8.RuneCountInString(got)) / float64(utf8.RuneCountInString(text))
			if got == text || ratio < 0.2 || ratio > 6 {
				t.Errorf("%s: %q became %q", target, text, got)
			}
		}
	}
}

func TestSpacesWhereTheLanguageHasThem(t *testing.T) {
	if got := standin.Translate("fr", "我们今天去北京看了一场电影"); strings.Count(got, " ") < 2 {
		t.Errorf("no spaces in %q", got)
	}
	if got := standin.Translate("ja", "the old man sat"); strings.Contains(got, " ") {
		t.Errorf("spaces in %q", got)
	}
}

func TestTerms(t *testing.T) {
	terms := []standin.Term{{Term: "whale", Translation: "고래"}, {Term: "white whale", Translation: "흰 고래"}, {Term: "鯨", Translation: "고래"}}
	tests := []struct {
		text string
		want int
		word string
	}{
		{"The whale and the Whale.", 2, "고래"},
		{"The White Whale.", 1, "흰 고래"},
		{"whalebone, Narwhale", 0, "고래"},
		{"大きな鯨が", 1, "고래"},
		{"<1>whale</1>", 1, "<1>고래</1>"},
	}
	for _, test := range tests {
		if got := standin.Translate("ko", test.text, terms...); strings.Count(got, test.word) != test.want {
			t.Errorf("%q became %q, want %d times %q", test.text, got, test.want, test.word)
		}
	}
}

// TestTranslateDiffers translates the parts of a sentence one by one: all
// translations differ, so that a test notices swapped blocks.
func TestTranslateDiffers(t *testing.T) {
	sentences := strings.SplitAfter(prose, ",")
	for _, target := range []string{"ko", "ja", "zh", "ru", "fr"} {
		seen := map[string]bool{}
		for _, sentence := range sentences {
			seen[standin.Translate(target, sentence)] = true
		}
		if len(seen) != len(sentences) {
			t.Errorf("%s: %d translations of %d texts", target, len(seen), len(sentences))
		}
	}
}

// TestTranslateAnything has any text translated, always the same, and never
// to itself where it has letters.
func TestTranslateAnything(t *testing.T) {
	targets := []string{"ko", "ja", "zh", "ru", "uk", "el", "ar", "he", "hi", "th", "ka", "hy", "am", "fr", "de", "en", "", "not a tag", "tlh"}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		target := rapid.SampledFrom(targets).Draw(t, "target")
		got := standin.Translate(target, text)
		if got != standin.Translate(target, text) {
			t.Fatal("two translations")
		}
		if got == text && strings.ContainsFunc(text, unicode.IsLetter) && !strings.ContainsAny(text, "@:.") {
			t.Fatalf("%q stayed as it is in %q", text, target)
		}
		keep := func(r rune) rune {
			if unicode.IsDigit(r) || r == '\n' || r == '<' || r == '>' {
				return r
			}
			return -1
		}
		if strings.Map(keep, got) != strings.Map(keep, text) {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func BenchmarkTranslate(b *testing.B) {
	text := strings.Repeat(prose+" ", 15_000/len(prose))
	for _, target := range []string{"ko", "ja", "zh", "ru", "fr"} {
		b.Run(target, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				standin.Translate(target, text)
			}
		})
	}
}

func TestEveryFaultIsListedOnce(t *testing.T) {
	all := standin.Faults()
	slices.Sort(all)
	if len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Error("one is listed twice")
	}
}
