package verify

import (
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// number is a number as it is written: its digits, and where a separator such
// as a comma or a space for thousands stood between them.
type number struct {
	// digits are ASCII digits, at most maxDigits of them.
	digits [maxDigits]byte
	length uint8
	// cuts has a bit for each digit before which a separator stood.
	cuts uint32
	// at and end are where it begins and ends, in bytes.
	at, end int
	// before and after are the characters around it.
	before, after rune
}

// maxDigits is how many digits of a number count; longer ones are compared by
// their beginning.
const maxDigits = 32

func (n *number) text() string { return string(n.digits[:n.length]) }

func (n *number) add(digit byte) {
	if n.length < maxDigits {
		n.digits[n.length] = digit
		n.length++
	}
}

// value is the number without separators, at most 10¹⁸.
func (n *number) value() int64 { return valueOf(string(n.digits[:n.length])) }

func valueOf(digits string) int64 {
	value := int64(0)
	for _, digit := range []byte(digits[:min(len(digits), 18)]) {
		value = value*10 + int64(digit-'0')
	}
	return value
}

// parts calls yield with what stands between separators.
func (n *number) parts(yield func(part string)) {
	start := uint8(0)
	for i := uint8(1); i <= n.length; i++ {
		if i == n.length || n.cuts>>i&1 == 1 {
			yield(string(n.digits[start:i]))
			start = i
		}
	}
}

// separates reports whether a character may stand between the digits of one
// number.
func separates(r rune) bool {
	switch r {
	case '.', ',', '\'', '’', '٬', '٫', '\u00a0', '\u202f', '\u2009', '，', '．', '·':
		return true
	}
	return false
}

// group is how many digits stand behind the last separator.
func (n *number) group() int {
	if n.cuts == 0 {
		return int(n.length)
	}
	return int(n.length) - (bits.Len32(n.cuts) - 1)
}

// thousands reports whether what follows a space after so many digits is a
// group of three: 76 000.
func thousands(rest string, digits int) bool {
	if digits > 3 || len(rest) < 3 || len(rest) > 3 && rest[3] >= '0' && rest[3] <= '9' {
		return false
	}
	for i := range 3 {
		if rest[i] < '0' || rest[i] > '9' {
			return false
		}
	}
	return true
}

// numbersOf appends a text's numbers, without its tags' ones.
func numbersOf(found []number, r *reading) []number {
	if !r.digits {
		return found
	}
	text := r.raw
	var open number
	inNumber := false
	separator, previous := rune(0), rune(' ')
	skip := 0
	for i, letter := range text {
		if i < skip {
			continue
		}
		if letter == '<' {
			if _, length := readTag(text, i); length > 0 {
				letter, skip = ' ', i+length
			}
		}
		digit, ok := digitOf(letter)
		switch {
		case ok && !inNumber:
			open, inNumber, separator = number{at: i, before: previous}, true, 0
			open.end = i + utf8.RuneLen(letter)
			open.add(digit)
		case ok:
			if separator != 0 && open.length < maxDigits {
				open.cuts |= 1 << open.length
			}
			separator = 0
			open.end = i + utf8.RuneLen(letter)
			open.add(digit)
		case inNumber && separator == 0 && (separates(letter) || letter == ' ' && thousands(text[i+1:], open.group())):
			separator = letter
		case inNumber:
			open.after = letter
			if separator != 0 {
				open.after = separator
			}
			found = append(found, open)
			inNumber = false
		}
		previous = letter
	}
	if inNumber {
		found = append(found, open)
	}
	return found
}

// digitOf returns the ASCII digit of a decimal digit of any script. Unicode
// encodes each script's ten digits in a row, the zero first.
func digitOf(r rune) (byte, bool) {
	switch {
	case r >= '0' && r <= '9':
		return byte(r), true
	case r < 0x0660:
		return 0, false
	case r >= 0xff10 && r <= 0xff19:
		return byte('0' + r - 0xff10), true
	case r >= 0x2e80 && r <= 0xa61f || !unicode.IsDigit(r):
		return 0, false
	}
	zero := r
	for r-zero < 9 && unicode.IsDigit(zero-1) {
		zero--
	}
	return byte('0' + (r-zero)%10), true
}
