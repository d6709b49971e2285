package web_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"verso/hooks/web"
)

func TestLanguages(t *testing.T) {
	t.Parallel()
	languages := web.Languages()
	if len(languages) < 90 {
		t.Errorf("%d languages", len(languages))
	}
	if !slices.IsSortedFunc(languages, func(a, b web.Language) int { return strings.Compare(a.English, b.English) }) {
		t.Error("they are not sorted by their English names")
	}
	seen := map[string]string{}
	for _, l := range languages {
		parsed, err := language.Parse(l.Tag)
		if err != nil || parsed.String() != l.Tag {
			t.Errorf("%q is no tag, or not as it is written: %q, %v", l.Tag, parsed, err)
		}
		for kind, name := range map[string]string{"tag ": l.Tag, "name ": l.Name, "English name ": l.English} {
			if other := seen[kind+name]; other != "" || name == "" || strings.TrimSpace(name) != name {
				t.Errorf("%s has the %s%q, as %q has", l.Tag, kind, name, other)
			}
			seen[kind+name] = l.Tag
		}
		if first, _ := utf8.DecodeRuneInString(l.Name); unicode.IsLower(first) && unicode.ToTitle(first) != first && !slices.Contains([]string{"xh", "zu", "sn"}, l.Tag) {
			t.Errorf("%s begins with a small letter: %q", l.Tag, l.Name)
		}
		rtl := slices.Contains(strings.Fields("ar he fa ur ps sd ug yi ckb dv"), l.Tag)
		if l.Dir != map[bool]string{true: "rtl", false: "ltr"}[rtl] {
			t.Errorf("%s is written %s", l.Tag, l.Dir)
		}
	}
	for tag, want := range map[string]string{
		"sr-Latn": "Srpski", "sr-Cyrl": "Српски", "zh-Hant": "繁體中文", "fr": "Français", "nb": "Norsk bokmål",
		"pt-BR": "Português (Brasil)", "es-419": "Español (Latinoamérica)", "dv": "ދިވެހި", "en-GB": "British English",
	} {
		if seen["name "+want] != tag {
			t.Errorf("%q is the name of %q, want %q", want, seen["name "+want], tag)
		}
	}
}
