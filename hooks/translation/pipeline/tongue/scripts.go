package tongue

import "unicode"

// script is a writing system that languages are told apart by.
type script struct {
	letters *unicode.RangeTable
	// sole is the only language written in it, as far as books go; "" where
	// words must tell.
	sole string
	// dense is how many letters of an alphabet one of it is worth.
	dense int
}

const (
	latin = iota
	han
	kana
	hangul
)

// scripts returns the writing systems. One character of Chinese says about as
// much as three letters of English, one of Japanese or Korean as two: the
// figures behind verify's lengths, measured on NTREX-128.
func scripts() []script {
	return []script{
		latin:  {unicode.Latin, "", 1},
		han:    {unicode.Han, "", 3},
		kana:   {&unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3041, Hi: 0x309f, Stride: 1}, {Lo: 0x30a1, Hi: 0x30fa, Stride: 1}}}, "ja", 2},
		hangul: {unicode.Hangul, "ko", 2},
		{unicode.Cyrillic, "", 1},
		{unicode.Arabic, "", 1},
		{unicode.Hebrew, "", 1},
		{unicode.Devanagari, "", 1},
		{unicode.Ethiopic, "", 1},
		{unicode.Bengali, "", 1},
		{unicode.Tibetan, "", 1},
		{unicode.Greek, "el", 1},
		{unicode.Armenian, "hy", 1},
		{unicode.Georgian, "ka", 1},
		{unicode.Thai, "th", 1},
		{unicode.Lao, "lo", 1},
		{unicode.Khmer, "km", 1},
		{unicode.Myanmar, "my", 1},
		{unicode.Gujarati, "gu", 1},
		{unicode.Gurmukhi, "pa", 1},
		{unicode.Oriya, "or", 1},
		{unicode.Tamil, "ta", 1},
		{unicode.Telugu, "te", 1},
		{unicode.Kannada, "kn", 1},
		{unicode.Malayalam, "ml", 1},
		{unicode.Sinhala, "si", 1},
		{unicode.Thaana, "dv", 1},
	}
}
