package tongue_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/language"

	"verso/hooks/translation/pipeline/tongue"
)

func TestConventions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		tag string
		has []string
		not []string
	}{
		{"fr", []string{"« … »", "U+202F", "decimal comma"}, []string{"Québec"}},
		{"fr-FR", []string{"« … »", "U+202F"}, nil},
		{"fr-CA", []string{"Québec", "no space before ; ! ?"}, []string{"U+202F"}},
		{"fr-CH", []string{"septante", "‹…›"}, nil},
		{"fr-BE", []string{"septante", "U+202F"}, []string{"huitante"}},
		{"de", []string{"„…“", "‚…‘"}, []string{"«"}},
		{"de-CH", []string{"«…»", "never ß"}, []string{"„"}},
		{"de-LI", []string{"«…»", "never ß"}, nil},
		{"de-AT", []string{"„…“", "Jänner"}, nil},
		{"ja", []string{"「…」", "『…』", "no spaces between sentences"}, nil},
		{"zh", []string{"simplified", "“…”"}, []string{"「"}},
		{"zh-CN", []string{"simplified", "“…”"}, nil},
		{"zh-Hant", []string{"traditional", "Taiwan", "「…」"}, []string{"“"}},
		{"zh-TW", []string{"traditional", "Taiwan", "「…」"}, nil},
		{"zh-HK", []string{"traditional", "Hong Kong", "「…」"}, []string{"Taiwan"}},
		{"ko", []string{"“…”", "‘…’", "half-width"}, nil},
		{"es", []string{"¿", "«…»", "raya —"}, nil},
		{"es-ES", []string{"vosotros", "«…»"}, nil},
		{"es-MX", []string{"Latin American", "“…”"}, []string{"«"}},
		{"pt", []string{"travessão"}, []string{"Brazilian", "European"}},
		{"pt-BR", []string{"Brazilian", "“…”"}, nil},
		{"pt-PT", []string{"European", "«…»"}, nil},
		{"pt-AO", []string{"European"}, nil},
		{"en", []string{"“…”"}, []string{"spelling"}},
		{"en-US", []string{"“…”", "American"}, nil},
		{"en-GB", []string{"‘…’, nested “…”", "British"}, nil},
		{"en-IE", []string{"British"}, nil},
		{"sr", []string{"Cyrillic", "„…”"}, nil},
		{"sr-Latn", []string{"Latin letters", "„…”"}, []string{"Cyrillic"}},
		{"sh", []string{"Latin letters"}, nil},
		{"ar", []string{"،", "؛", "؟"}, nil},
		{"hi", []string{"।"}, nil},
		{"th", []string{"No full stop", "space between sentences"}, nil},
		{"pa", []string{"Gurmukhi", "।"}, nil},
		{"pa-Arab", []string{"Shahmukhi", "۔"}, nil},
		{"uz-Cyrl", []string{"Cyrillic", "«…»"}, nil},
		{"nb", []string{"Bokmål", "«…»"}, nil},
		{"no", []string{"Bokmål", "«…»"}, nil},
		{"tl", []string{"ng and nang"}, nil},
	}
	for _, test := range tests {
		got := tongue.Conventions(test.tag)
		for _, want := range test.has {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q has no %q", test.tag, got, want)
			}
		}
		for _, unwanted := range test.not {
			if strings.Contains(got, unwanted) {
				t.Errorf("%s: %q has %q", test.tag, got, unwanted)
			}
		}
	}
}

// Unknown tags ask for nothing.
func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"", "und", "xx", "no language", "tlh", "-", "zz-ZZ-zz", strings.Repeat("a-", 1000)} {
		if c, r := tongue.Conventions(tag), tongue.Register(tag); c != "" || r != "" {
			t.Errorf("%q: %q, %q", tag, c, r)
		}
		if got := tongue.Name(tag); got != tag && tag != "tlh" {
			t.Errorf("%q is named %q", tag, got)
		}
	}
}

// tags returns the tags of a great many locales.
func tags() []string {
	var all []string
	regions := strings.Fields("US GB CA AU IE IN ZA FR CH BE DE AT LI LU ES MX AR PT BR AO IT TW HK MO SG CN PK IR AF RS ME BA 419")
	for _, base := range language.Supported.BaseLanguages() {
		all = append(all, base.String())
		if tongue.Conventions(base.String()) == "" && tongue.Register(base.String()) == "" {
			continue
		}
		for _, region := range regions {
			all = append(all, base.String()+"-"+region)
		}
		for _, script := range []string{"Latn", "Cyrl", "Arab", "Hans", "Hant"} {
			all = append(all, base.String()+"-"+script)
		}
	}
	return all
}

// What is sent with every request stays short, and is whole sentences.
func TestLengths(t *testing.T) {
	t.Parallel()
	const longest = 300
	languages := map[string]bool{}
	for _, tag := range tags() {
		for name, text := range map[string]string{"conventions": tongue.Conventions(tag), "register": tongue.Register(tag)} {
			if text == "" {
				continue
			}
			if name == "conventions" {
				base, _, _ := strings.Cut(tag, "-")
				languages[base] = true
			}
			if len(text) > longest || !utf8.ValidString(text) || !strings.HasSuffix(text, ".") || strings.ContainsAny(text, "\n\r\t") {
				t.Errorf("%s of %s has %d bytes: %q", name, tag, len(text), text)
			}
		}
	}
	if len(languages) < 100 {
		t.Errorf("conventions of %d languages", len(languages))
	}
	t.Logf("conventions of %d languages", len(languages))
}

func TestRegister(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"ko": "-다", "ko-KR": "-다", "ja": "である", "de": "Sie and du", "de-CH": "Sie and du", "fr-CA": "tu and vous",
		"es": "tú and usted", "es-MX": "ustedes", "es-AR": "vos", "pt-BR": "você", "pt-PT": "tu", "ru": "ты and вы",
		"sr": "ти and ви", "sr-Latn": "ti and vi", "zh-Hant": "您", "pl": "Pan and Pani", "vi": "pronouns",
	} {
		if got := tongue.Register(tag); !strings.Contains(got, want) {
			t.Errorf("%s: %q has no %q", tag, got, want)
		}
	}
	for _, tag := range []string{"en", "en-GB", "ga", "xh"} {
		if got := tongue.Register(tag); got != "" {
			t.Errorf("%s: %q", tag, got)
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"zh-Hant": "Traditional Chinese (zh-Hant)",
		"fr":      "French (fr)",
		"pt-BR":   "Brazilian Portuguese (pt-BR)",
		"sr-Latn": "Serbian in Latin letters (sr-Latn)",
		"zh-TW":   "Traditional Chinese as in Taiwan (zh-TW)",
		"es-419":  "Latin American Spanish (es-419)",
	} {
		if got := tongue.Name(tag); got != want {
			t.Errorf("%s is %q, want %q", tag, got, want)
		}
	}
}
