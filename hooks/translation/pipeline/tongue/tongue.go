// Package tongue knows languages: which one a text is in, and what those who
// write and set books in one keep to.
//
//	source := tongue.Detect(texts)             // "sr-Cyrl", or "" for unsure
//	if tongue.Same(source, "sr") {             // nothing to translate
//	}
//	tongue.Name("zh-Hant")                     // "Traditional Chinese (zh-Hant)"
//	tongue.Conventions("fr")                   // "Quotation marks « … » with …"
//	tongue.Register("ko")                      // "Narrate in the plain style …"
//
// The sentences of [Conventions] and [Register] are meant for a model's
// instructions: English, short, and the same for every segment of a document,
// so that its parts agree with each other.
package tongue

import (
	"fmt"
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Name returns a language's English name with its tag, "Traditional Chinese
// (zh-Hant)"; the tag alone where it has no name.
func Name(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil || parsed == language.Und {
		return tag
	}
	name := unusualName(parsed)
	if name == "" {
		name = display.English.Tags().Name(parsed)
	}
	if name == "" {
		return tag
	}
	return fmt.Sprintf("%s (%s)", name, tag)
}

// unusualName returns the names of tags whose name in CLDR says less, or other
// than what they stand for; "" for all others.
func unusualName(tag language.Tag) string {
	switch tag.String() {
	case "sr-Latn":
		return "Serbian in Latin letters" // CLDR: Serbo-Croatian
	case "sr-Cyrl":
		return "Serbian in Cyrillic letters"
	case "zh-TW", "zh-Hant-TW":
		return "Traditional Chinese as in Taiwan"
	case "zh-HK", "zh-Hant-HK":
		return "Traditional Chinese as in Hong Kong"
	case "zh-CN", "zh-Hans-CN":
		return "Simplified Chinese"
	case "nn":
		return "Norwegian Nynorsk"
	}
	return ""
}

// Same reports whether source and target are the same language in the same
// script, region and orthography, so that there is nothing to translate. What
// a tag leaves open is what CLDR's likely subtags say: "de" is "de-DE", "zh" is
// "zh-Hans-CN", "sr" is "sr-Cyrl-RS", and "en" is not "en-GB".
func Same(source, target string) bool {
	if source == "" || target == "" {
		return false
	}
	from, err := language.All.Parse(source)
	if err != nil {
		return false
	}
	to, err := language.All.Parse(target)
	if err != nil {
		return false
	}
	a, b := formOf(from), formOf(to)
	return a.base != "und" && a.base == b.base && a.script == b.script && a.region == b.region &&
		slices.Equal(from.Variants(), to.Variants())
}

// form is a tag with everything said that it leaves open.
type form struct {
	base, script, region string
}

func formOf(tag language.Tag) form {
	base, _ := tag.Base()
	script, _ := tag.Script()
	region, _ := tag.Region()
	return form{base.String(), script.String(), region.String()}
}
