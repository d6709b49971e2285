package tongue_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"verso/hooks/translation/pipeline/tongue"
)

// declarations reads the real texts, by language.
func declarations(t testing.TB) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, directory := range []string{"testdata", "../verify/testdata"} {
		files, err := filepath.Glob(filepath.Join(directory, "udhr", "*.txt"))
		if err != nil || len(files) < 27 {
			t.Fatalf("texts in %s: %v, %v", directory, files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			language := strings.TrimSuffix(filepath.Base(file), ".txt")
			if language == "pt-BR" {
				language = "pt"
			}
			var text strings.Builder
			for line := range strings.Lines(string(data)) {
				_, article, _ := strings.Cut(line, "\t")
				text.WriteString(article)
			}
			texts[language] = text.String()
		}
	}
	return texts
}

// pieces cuts a text into pieces of as many characters, at most some of them,
// spread over it.
func pieces(text string, characters, most int) []string {
	runes := []rune(text)
	n := len(runes) / characters
	var all []string
	for i := range min(n, most) {
		at := i * n / min(n, most) * characters
		all = append(all, string(runes[at:at+characters]))
	}
	return all
}

// alike reports whether a language has a sister that even its readers tell by
// few words.
func alike(language string) bool {
	switch language {
	case "hr", "bs", "sr-Latn", "id", "ms":
		return true
	}
	return false
}

// Real texts are told, the longer the surer, and never wrongly.
func TestRealTexts(t *testing.T) {
	t.Parallel()
	texts := declarations(t)
	for _, test := range []struct {
		characters, most int
		right, alike     float64 // the shares that must be right
	}{
		{100, 12, 0.8, 0.04},
		{300, 8, 0.97, 0.1},
		{2000, 3, 1, 0.25},
	} {
		var right, all [2]float64
		for language, text := range texts {
			group := 0
			if alike(language) {
				group = 1
			}
			for _, piece := range pieces(text, test.characters, test.most) {
				all[group]++
				switch got := tongue.Detect([]string{piece}); got {
				case language:
					right[group]++
				case "":
					if test.characters == 2000 {
						t.Logf("%s was not told from 2,000 characters", language)
					}
				default:
					t.Errorf("%d characters of %s were told to be %s: %.200s", test.characters, language, got, piece)
				}
			}
		}
		t.Logf("%d characters: %.1f %% of %v right, of Croatian, Bosnian, Serbian, Indonesian and Malay %.1f %% of %v",
			test.characters, 100*right[0]/all[0], all[0], 100*right[1]/all[1], all[1])
		if right[0] < test.right*all[0] || right[1] < test.alike*all[1] {
			t.Errorf("of %d characters too few were told", test.characters)
		}
	}
}

// What is no text of one language is not told.
func TestUnsure(t *testing.T) {
	t.Parallel()
	texts := declarations(t)
	start := func(language string, n int) string { return string([]rune(texts[language])[:n]) }
	pseudo := "[Ţĥé šéà ŵàš çàĺṁ ţĥàţ ñîĝĥţ àñð ñöƀöðý ţĥöûĝĥţ öƒ ðàñĝéŕ, àñð ţĥé çàþţàîñ šĺéþţ îñ ĥîš çàƀîñ ƀéĺöŵ.]"
	for _, test := range []struct {
		name  string
		texts []string
	}{
		{"nothing", nil},
		{"empty blocks", make([]string, 1000)},
		{"white space", []string{" \n\t\u00a0\u3000", ""}},
		{"digits", []string{strings.Repeat("1 234 567,89 ", 500)}},
		{"tags", []string{strings.Repeat("<1><2/></1>", 500)}},
		{"broken tags", []string{strings.Repeat("<1", 500), strings.Repeat("<<<>>>", 500)}},
		{"addresses", []string{strings.Repeat("https://example.org/the/path/of/the/page www.example.org the.man@example.org ", 50)}},
		{"code", []string{strings.Repeat("func readFile(fileName) { x_y := a.b.c(); return foo::bar }\n", 50)}},
		{"no text at all", []string{strings.Repeat("\xff\xfe\x00\x80", 5000)}},
		{"emoji", []string{strings.Repeat("🙂👩‍👩‍👧🏴󠁧󠁢󠁥󠁮󠁧󠁿", 500)}},
		{"letters by chance", []string{strings.Repeat("xqz jkw vvx zzq kjh qpx wvb ", 100)}},
		{"one word", []string{"restaurant"}},
		{"a title", []string{"Moby-Dick"}},
		{"names", []string{"Herman Melville", "Johann Wolfgang von Goethe", "Miguel de Cervantes Saavedra"}},
		{"accented letters", []string{pseudo}},
		{"two languages by halves", []string{texts["fr"], texts["de"]}},
		{"two short languages", []string{start("fr", 300), start("de", 300)}},
		{"two scripts by halves", []string{start("ru", 2000), start("en", 2000)}},
		{"Korean and English by halves", []string{start("ko", 1000), start("en", 2200)}},
		{"two ways of writing", []string{start("zh-Hans", 500), start("zh-Hant", 500)}},
		{"Chinese and Japanese by halves", []string{texts["zh-Hans"], texts["ja"][:len(texts["zh-Hans"])]}},
		{"Chinese characters that both ways share", []string{"你好，我的朋友。"}},
		{"Serbian in both scripts", []string{texts["sr-Cyrl"], texts["sr-Latn"]}},
		{"a glossary", []string{"а", "б", "в", "г"}},
	} {
		if got := tongue.Detect(test.texts); got != "" {
			t.Errorf("%s: told to be %q", test.name, got)
		}
	}
}

// What stands beside the text does not hide its language.
func TestDespite(t *testing.T) {
	t.Parallel()
	texts := declarations(t)
	blocks := func(language string) []string { return strings.SplitAfter(texts[language], "\n") }
	var marked, coded, numbered []string
	for _, block := range blocks("fr") {
		marked = append(marked, "<1>"+strings.ReplaceAll(block, " ", " <2/></1><1>"))
		coded = append(coded, block, "for index := range strings.Split(theText, separator) { fmt.Println(index) }", "https://example.org/the/path/of/the/page")
		numbered = append(numbered, block, strings.Repeat("12 345,6 | ", 200))
	}
	for _, test := range []struct {
		name  string
		texts []string
		want  string
	}{
		{"tags", marked, "fr"},
		{"tags within words", []string{strings.ReplaceAll(texts["en"], "e", "<1>e</1>")}, "en"},
		{"code between", coded, "fr"},
		{"tables", numbered, "fr"},
		{"front matter in English", append(blocks("en")[:3], append(append(blocks("ko"), blocks("ko")...), blocks("ko")...)...), "ko"},
		{"an English quarter", append(append(blocks("en")[:6], blocks("es")...), blocks("es")...), "es"},
		{"capitals", []string{strings.ToUpper(texts["pl"])}, "pl"},
		{"letters and marks apart", []string{norm.NFD.String(texts["vi"])}, "vi"},
		{"Korean with English terms", []string{strings.ReplaceAll(texts["ko"], "권리", "human rights")}, "ko"},
		{"Japanese without paragraphs", []string{strings.ReplaceAll(texts["ja"], "\n", "")}, "ja"},
		{"no white space at all", []string{strings.ReplaceAll(texts["th"], " ", "")}, "th"},
		{"a word a block", strings.Fields(texts["de"]), "de"},
		{"soft hyphens", []string{strings.ReplaceAll(texts["de"], "en", "\u00aden")}, "de"},
		{"Romanian with cedillas", []string{strings.NewReplacer("ș", "ş", "ț", "ţ").Replace(texts["ro"])}, "ro"},
		{"a vowel point more", []string{"בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם וְאֵת הָאָרֶץ׃ וְהָאָרֶץ הָיְתָה תֹהוּ וָבֹהוּ וְחֹשֶׁךְ עַל־פְּנֵי תְהוֹם"}, "he"},
		{"a novel", []string{"Call me Ishmael. Some years ago—never mind how long precisely—having little or no money in my purse, and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the world."}, "en"},
		{"Assamese", []string{"পৃথিৱীৰ সকলো মানুহ স্বাধীনভাৱে জন্মগ্ৰহণ কৰিছে আৰু তেওঁলোকৰ মৰ্যাদা আৰু অধিকাৰ সমান।"}, "as"},
		{"Cantonese", []string{"佢哋話呢本書係佢寫嘅，但係我唔信，因為佢喺屋企嗰陣乜都冇寫過。"}, "yue"},
	} {
		if got := tongue.Detect(test.texts); got != test.want {
			t.Errorf("%s: told to be %q, want %q", test.name, got, test.want)
		}
	}
}

// A document's length does not matter, in one block or in millions.
func BenchmarkDetect(b *testing.B) {
	text := declarations(b)["en"]
	book := strings.Repeat(text, 50<<20/len(text))
	for name, texts := range map[string][]string{"block": {book}, "words": strings.Fields(book), "page": {text}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := tongue.Detect(texts); got != "en" {
					b.Fatalf("told to be %q", got)
				}
			}
		})
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("<1>a</1> b", "c<2/>")
	f.Add("国国国国", "\xff<")
	f.Fuzz(func(t *testing.T, a, b string) {
		if got := tongue.Detect([]string{a, b}); got != "" && tongue.Name(got) == got {
			t.Errorf("told to be %q, which has no name", got)
		}
	})
}
