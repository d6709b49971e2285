package verify

import "unicode"

// script is a writing system, as far as the checks tell them apart.
type script uint8

const (
	noScript script = iota
	mark            // a combining mark of any script
	latin
	greek
	cyrillic
	armenian
	georgian
	hebrew
	arabic
	devanagari
	bengali
	gurmukhi
	gujarati
	oriya
	tamil
	telugu
	kannada
	malayalam
	sinhala
	thai
	lao
	tibetan
	myanmar
	khmer
	ethiopic
	hangul
	kana
	han
	elsewhere // any other script
	scripts
)

// scriptSet is a set of scripts.
type scriptSet uint32

func setOf(members ...script) scriptSet {
	var set scriptSet
	for _, member := range members {
		set |= 1 << member
	}
	return set
}

func (s scriptSet) has(member script) bool { return s>>member&1 == 1 }

// cased reports whether a script has capital letters.
func cased(s script) bool {
	switch s {
	case latin, greek, cyrillic, armenian:
		return true
	}
	return false
}

// spaceless reports whether a script puts no spaces between words.
func spaceless(s script) bool {
	switch s {
	case han, kana, thai, lao, khmer, myanmar, tibetan:
		return true
	}
	return false
}

// scriptOf returns the script of a character beyond ASCII; noScript for what is
// no letter. The ranges are Unicode's blocks, which hold one script each as far
// as letters go.
func scriptOf(r rune) script {
	switch {
	case r >= 0x4e00 && r <= 0x9fff:
		return han
	case r >= 0xac00 && r <= 0xd7a3:
		return hangul
	case r >= 0x3041 && r <= 0x30ff:
		if r >= 0x3099 && r <= 0x30a0 || r == 0x30fb || r == 0x30fc {
			return noScript // marks of length and of voice, a middle dot
		}
		return kana
	case r < 0x0250:
		if r == 0xaa || r == 0xba || r == 0xb5 || !unicode.IsLetter(r) {
			return noScript // ordinal signs and micro stand beside any script
		}
		return latin
	case r >= 0x2000 && r < 0x2c00:
		return noScript
	case !unicode.IsLetter(r):
		if unicode.IsMark(r) {
			return mark
		}
		return noScript
	}
	return scriptOfLetter(r)
}

// scriptOfLetter tells the scripts of letters apart by block.
func scriptOfLetter(r rune) script {
	switch {
	case r < 0x02b0, r >= 0x1e00 && r < 0x1f00, r >= 0x2c60 && r < 0x2c80, r >= 0xa720 && r < 0xa800, r >= 0xab30 && r < 0xab70, r >= 0xff21 && r <= 0xff5a, r >= 0xfb00 && r <= 0xfb06:
		return latin
	case r < 0x0370:
		return noScript // modifier letters, such as the Uzbek and Hawaiian apostrophe
	case r < 0x0400, r >= 0x1f00 && r < 0x2000:
		return greek
	case r < 0x0530, r >= 0x1c80 && r < 0x1c90, r >= 0x2de0 && r < 0x2e00, r >= 0xa640 && r < 0xa6a0:
		return cyrillic
	case r < 0x0590, r >= 0xfb13 && r <= 0xfb17:
		return armenian
	case r < 0x0600, r >= 0xfb1d && r < 0xfb50:
		return hebrew
	case r < 0x0700, r >= 0x0750 && r < 0x0780, r >= 0x08a0 && r < 0x0900, r >= 0xfb50 && r < 0xfe00, r >= 0xfe70 && r < 0xff00:
		return arabic
	case r < 0x0900:
		return elsewhere
	}
	return scriptOfIndicOrLater(r)
}

func scriptOfIndicOrLater(r rune) script {
	// From here to U+0DFF each script has a block of 128.
	if r < 0x0e00 {
		return [...]script{devanagari, bengali, gurmukhi, gujarati, oriya, tamil, telugu, kannada, malayalam, sinhala}[(r-0x0900)/0x80]
	}
	switch {
	case r < 0x0e80:
		return thai
	case r < 0x0f00:
		return lao
	case r < 0x1000:
		return tibetan
	case r < 0x10a0, r >= 0xa9e0 && r < 0xaa00, r >= 0xaa60 && r < 0xaa80:
		return myanmar
	case r < 0x1100, r >= 0x1c90 && r < 0x1cc0, r >= 0x2d00 && r < 0x2d30:
		return georgian
	case r < 0x1200, r >= 0x3131 && r < 0x3190, r >= 0xa960 && r < 0xa980, r >= 0xd7b0 && r < 0xd800:
		return hangul
	case r < 0x13a0, r >= 0x2d80 && r < 0x2de0, r >= 0xab00 && r < 0xab30:
		return ethiopic
	case r >= 0x1780 && r < 0x1800:
		return khmer
	case r == 0x3005 || r == 0x3007:
		return noScript // marks of repetition and zero
	case r >= 0x3400 && r < 0x4dc0, r >= 0xf900 && r < 0xfb00, r >= 0x20000 && r < 0x32000:
		return han
	case r >= 0x31f0 && r < 0x3200, r >= 0xff66 && r < 0xff9e, r >= 0x1b000 && r < 0x1b170:
		return kana
	case r >= 0x1d400 && r < 0x1d800, r >= 0xff00 && r < 0xffff:
		return noScript // letters of mathematics; half-width forms
	}
	return elsewhere
}
