package tongue

import "unicode"

// script is a writing system that languages are told apart by.
type script struct {
	// code is its ISO 15924 code, under which profiles.txt has its languages.
	code    string
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
	bengali
)

// scripts returns the writing systems. One character of Chinese says about as
// much as three letters of English, one of Japanese or Korean as two: the
// figures behind verify's lengths, measured on NTREX-128.
func scripts() []script {
	return []script{
		latin:   {"Latn", unicode.Latin, "", 1},
		han:     {"Hani", unicode.Han, "", 3},
		kana:    {"Hrkt", &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3041, Hi: 0x309f, Stride: 1}, {Lo: 0x30a1, Hi: 0x30fa, Stride: 1}}}, "ja", 2},
		hangul:  {"Hang", unicode.Hangul, "ko", 2},
		bengali: {"Beng", unicode.Bengali, "", 1},
		{"Cyrl", unicode.Cyrillic, "", 1},
		{"Arab", unicode.Arabic, "", 1},
		{"Hebr", unicode.Hebrew, "", 1},
		{"Deva", unicode.Devanagari, "", 1},
		{"Ethi", unicode.Ethiopic, "", 1},
		{"Tibt", unicode.Tibetan, "", 1},
		{"Grek", unicode.Greek, "el", 1},
		{"Armn", unicode.Armenian, "hy", 1},
		{"Geor", unicode.Georgian, "ka", 1},
		{"Thai", unicode.Thai, "th", 1},
		{"Laoo", unicode.Lao, "lo", 1},
		{"Khmr", unicode.Khmer, "km", 1},
		{"Mymr", unicode.Myanmar, "my", 1},
		{"Gujr", unicode.Gujarati, "gu", 1},
		{"Guru", unicode.Gurmukhi, "pa", 1},
		{"Orya", unicode.Oriya, "or", 1},
		{"Taml", unicode.Tamil, "ta", 1},
		{"Telu", unicode.Telugu, "te", 1},
		{"Knda", unicode.Kannada, "kn", 1},
		{"Mlym", unicode.Malayalam, "ml", 1},
		{"Sinh", unicode.Sinhala, "si", 1},
		{"Thaa", unicode.Thaana, "dv", 1},
	}
}
