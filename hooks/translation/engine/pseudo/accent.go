package pseudo

import "strings"

// Latin letters and the accented letters that stand for them, each readable as
// the plain one.
const (
	plainLetters    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	accentedLetters = "ÀƁÇÐÉƑĜĤÎĴĶĹṀÑÖÞǪŔŠŤÛṼŴẊÝŽàƀçđéƒĝĥîĵķĺṁñöþǫŕšťûṽŵẋýž"
)

// accents maps a plain letter to its accented one.
type accents [128]rune

func newAccents() (table accents) {
	accented := []rune(accentedLetters)
	for i, plain := range plainLetters {
		table[plain] = accented[i]
	}
	return table
}

// Accent returns a block as this engine "translates" it: Latin letters
// accented, the whole in square brackets, inline tags such as <1> and </1>,
// digits, white space and every other script as they are.
func Accent(text string) string {
	table := newAccents()
	var out strings.Builder
	out.Grow(len(text) + len(text)/2 + 2)
	out.WriteByte('[')
	for _, r := range text {
		if r < 128 && table[r] != 0 {
			out.WriteRune(table[r])
		} else {
			out.WriteRune(r)
		}
	}
	out.WriteByte(']')
	return out.String()
}
