package charset

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"verso/hooks/translation/pipeline/tongue"
)

// This file tells encodings of one byte a character apart. Statistics of bytes, which
// detectors of encodings go by, take Polish for French with confidence; so the bytes are
// read in every such encoding, and the reading that looks most like a language is taken.

const (
	// leastLead is by how much a reading must look more like a language than the next
	// one, in [tongue.Likeness]'s measure; leastLikeness how much it must look like one
	// at all, a letter. With both, of the texts of TestFoundOut, all cut to pieces, 1 % of
	// those of 60 characters are read wrongly, 0.4 % of 120, and none of the 794 of 300
	// and 1,500, of which 7 in Vietnamese are asked about.
	leastLead, leastLikeness = 3, 0.5
	// outOfPlace is what a character costs that no language has in that place.
	outOfPlace = 10
	// tellingBytes bounds what is looked at of a file.
	tellingBytes = 32 << 10
)

// reading is a text as an encoding has it.
type reading struct {
	name string
	enc  encoding.Encoding
	text string
	// like is how much it looks like a language, sole that its script has one alone,
	// of which nothing else is known.
	like float64
	sole bool
}

// singleByte are the encodings that are tried, those first that are more likely where
// several read the same.
func singleByte() []reading {
	return []reading{
		{name: "windows-1252", enc: charmap.Windows1252},
		{name: "windows-1250", enc: charmap.Windows1250},
		{name: "windows-1251", enc: charmap.Windows1251},
		{name: "windows-1253", enc: charmap.Windows1253},
		{name: "windows-1254", enc: charmap.Windows1254},
		{name: "windows-1255", enc: charmap.Windows1255},
		{name: "windows-1256", enc: charmap.Windows1256},
		{name: "windows-1257", enc: charmap.Windows1257},
		{name: "windows-1258", enc: charmap.Windows1258},
		{name: "ISO-8859-2", enc: charmap.ISO8859_2},
		{name: "KOI8-R", enc: charmap.KOI8R},
		{name: "KOI8-U", enc: charmap.KOI8U},
		{name: "ISO-8859-5", enc: charmap.ISO8859_5},
		{name: "IBM866", enc: charmap.CodePage866},
		{name: "windows-874", enc: charmap.Windows874},
		{name: "ISO-8859-15", enc: charmap.ISO8859_15},
	}
}

// readings returns what a file's text may be, in the encodings of one byte a character,
// that which looks most like a language first. Readings that are the same are one.
func readings(data string) []reading {
	sample := telling(data)
	var all []reading
	for _, one := range singleByte() {
		text, err := one.enc.NewDecoder().String(sample)
		if err != nil || strings.ContainsRune(text, utf8.RuneError) ||
			slices.ContainsFunc(all, func(other reading) bool { return other.text == text }) {
			continue
		}
		one.text = text
		one.like, one.sole = tongue.Likeness(text)
		one.like -= misplaced(text)
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b reading) int {
		switch {
		case a.like > b.like:
			return -1
		case a.like < b.like:
			return 1
		}
		return 0
	})
	return all
}

// certain reports whether the first of some readings is the right one.
func certain(all []reading) bool {
	if len(all) == 0 || all[0].sole {
		return false
	}
	letters := 0
	for _, r := range all[0].text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if all[0].like < leastLikeness*float64(letters) {
		return false
	}
	return len(all) == 1 || all[0].like-all[1].like >= leastLead
}

// bears reports whether readings of which none is certain bear a guess out: it is the one
// that looks most like a language, or one of which only the letters are known, or none of
// theirs, as encodings of several bytes a character are.
func bears(all []reading, guess encoding.Encoding) bool {
	at := slices.IndexFunc(all, func(r reading) bool { return r.enc == guess })
	return at <= 0 || all[at].sole
}

// telling returns what of a file tells its encoding: the bytes beyond ASCII, with the
// words in which they stand and some before and after. A text may be one long word.
func telling(data string) string {
	const around, longWord = 120, 64
	var b strings.Builder
	for at := 0; at < len(data) && b.Len() < tellingBytes; {
		next := strings.IndexFunc(data[at:], func(r rune) bool { return r >= utf8.RuneSelf })
		if next < 0 {
			break
		}
		start, end := max(at, at+next-around), min(at+next+around, len(data))
		for least := max(at, start-longWord); start > least && !isSpace(data[start-1]); {
			start--
		}
		for most := min(len(data), end+longWord); end < most && !isSpace(data[end]); {
			end++
		}
		b.WriteString(data[start:end])
		b.WriteByte('\n')
		at = end
	}
	return b.String()
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\r' || b == '\t' }

// misplaced returns what speaks against a reading whatever its language: controls,
// symbols within and beside words, capitals behind small letters, and words of several
// scripts.
func misplaced(text string) (cost float64) {
	before := ' '
	word := struct{ latin, other int }{}
	runes := []rune(text)
	for i, r := range runes {
		after := ' '
		if i+1 < len(runes) {
			after = runes[i+1]
		}
		switch isLetter := unicode.IsLetter(r); {
		case !isLetter && !unicode.IsMark(r):
			cost += outOfPlace * float64(min(word.latin, word.other))
			word.latin, word.other = 0, 0
			cost += besideLetters(before, r, after)
		case r < utf8.RuneSelf || unicode.Is(unicode.Latin, r):
			word.latin++
		case isLetter || word.latin > 0:
			word.other++
		}
		if r >= utf8.RuneSelf && unicode.IsUpper(r) && unicode.IsLower(before) {
			cost += outOfPlace
		}
		before = r
	}
	return cost + outOfPlace*float64(min(word.latin, word.other))
}

// besideLetters returns what a character costs that is none of a word's, where it stands.
func besideLetters(before, r, after rune) float64 {
	follows, precedes := unicode.IsLetter(before), unicode.IsLetter(after)
	switch {
	case r < utf8.RuneSelf:
		return 0
	case r < 0xa0: // a control character
		return outOfPlace
	case strings.ContainsRune("’\u00ad–—", r), r == '·' && isL(before) && isL(after): // Catalan writes l·l
		return 0
	case r == '\u00a0' && follows && precedes:
		return outOfPlace / 3
	case r == '\u00a0':
		return 0
	case follows && precedes:
		return outOfPlace
	case (follows || precedes) && (unicode.IsSymbol(r) || r == '¶'):
		return outOfPlace * 0.8
	}
	return 0
}

func isL(r rune) bool { return r == 'l' || r == 'L' }
