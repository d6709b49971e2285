package document

import (
	"strings"

	"golang.org/x/text/language"
)

// Direction is the direction in which a language is written, as HTML and EPUB
// spell it.
type Direction string

const (
	// LeftToRight is written from left to right, or from top to bottom.
	LeftToRight Direction = "ltr"
	// RightToLeft is written from right to left.
	RightToLeft Direction = "rtl"
)

// DirectionOf returns the direction of a language (BCP 47), by its script where the
// tag names one and else by the one that it is usually written in. An unknown
// language is taken to be written from left to right.
func DirectionOf(tag string) Direction {
	parsed, err := language.Parse(tag)
	if err != nil {
		return LeftToRight
	}
	script, _ := parsed.Script()
	switch script.String() {
	// The scripts of right-to-left direction in the Unicode Standard that a living
	// language is written in.
	case "Arab", "Aran", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg", "Mand", "Samr":
		return RightToLeft
	}
	return LeftToRight
}

// TurnedAgainst returns the direction that a passage in a language has to be given
// among text in another, "" where it is the same.
func TurnedAgainst(passage, around string) Direction {
	if direction := DirectionOf(passage); passage != "" && around != "" && direction != DirectionOf(around) {
		return direction
	}
	return ""
}

// SameLanguage reports whether two tags (BCP 47) name the same language, in
// whatever region or script: "en-GB" and "en".
func SameLanguage(a, b string) bool {
	primary := func(tag string) string {
		primary, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
		return strings.ToLower(primary)
	}
	return primary(a) == primary(b)
}
