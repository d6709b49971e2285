package verify

import (
	"strings"
	"unicode/utf8"
)

// addNumerals takes in the numbers of a text that are written in numerals other
// than digits: Roman ones, and those of Chinese, Japanese and Korean, mixed with
// digits or not (1億2000万, 二百, 만). Years digit by digit (二〇一九) as well.
func (s *store) addNumerals(text string) {
	s.addRoman(text)
	if !strings.ContainsFunc(text, func(r rune) bool { _, ok := numeralOf(r); return ok && r >= 0x2e80 }) {
		return
	}
	var sum numeral
	for _, r := range text {
		if !sum.take(r) {
			s.addNumeral(&sum)
		}
	}
	s.addNumeral(&sum)
}

func (s *store) addNumeral(n *numeral) {
	if n.han && n.any {
		s.note(n.value())
		s.spelled = true
	}
	*n = numeral{}
}

func (s *store) note(value int64) {
	text := itoa(value)
	s.whole[text]++
	if trimmed := significant(text); trimmed != "" {
		s.significant[trimmed]++
	}
}

// composed reports whether a number that is a part of one with Han numerals
// between its digits stands in the translation as a whole.
func (s *store) composed(source string, n *number) bool {
	_, unit := numeralOf(n.after)
	if _, within := numeralOf(n.before); !unit && !within {
		return false
	}
	start := n.at
	for back := 0; start > 0 && back < maxDigits; back++ {
		r, size := utf8.DecodeLastRuneInString(source[:start])
		if r == ' ' {
			// "1억 370만": the space stands behind a unit.
			before, _ := utf8.DecodeLastRuneInString(source[:start-size])
			if value, ok := numeralOf(before); !ok || value < 10000 {
				break
			}
		} else if _, ok := numeralOf(r); !ok && (r < '0' || r > '9') && r != ',' {
			break
		}
		start -= size
	}
	var sum numeral
	for _, r := range source[start:min(len(source), n.end+4*maxDigits)] {
		if !sum.take(r) {
			break
		}
	}
	return s.significant[significant(itoa(sum.value()))] > 0
}

// take takes one character and reports whether it belongs to a number.
func (n *numeral) take(r rune) bool {
	if digit, ok := digitOf(r); ok {
		n.digit(int64(digit - '0'))
		return true
	}
	if value, ok := numeralOf(r); ok {
		n.han = n.han || r >= 0x2e80
		if value < 10 {
			n.digit(value)
		} else {
			n.unit(value)
		}
		return true
	}
	return r == ',' || r == '.' || r == ' ' && n.han
}

func (n *numeral) value() int64 { return n.total + n.section + n.open }

// numeral adds up a number in Han numerals.
type numeral struct {
	total, section, open int64
	any, han             bool
}

const tooLarge = int64(1) << 50

func (n *numeral) digit(value int64) {
	n.any = true
	if n.open < tooLarge {
		n.open = n.open*10 + value
	}
}

// unit takes ten, hundred, thousand, or a power of ten thousand.
func (n *numeral) unit(value int64) {
	n.any = true
	if value < 10000 {
		n.section += max(n.open, 1) * value
		n.open = 0
		return
	}
	part := n.section + n.open
	if part < tooLarge/value {
		n.total += max(part, 1) * value
	}
	n.section, n.open = 0, 0
}

// numeralOf returns the value of a Han or Korean numeral.
func numeralOf(r rune) (int64, bool) {
	switch r {
	case '〇', '零':
		return 0, true
	case '一', '壹':
		return 1, true
	case '二', '两', '兩', '贰':
		return 2, true
	case '三', '叁':
		return 3, true
	case '四':
		return 4, true
	case '五':
		return 5, true
	case '六':
		return 6, true
	case '七':
		return 7, true
	case '八':
		return 8, true
	case '九':
		return 9, true
	case '十', '拾':
		return 10, true
	case '百', '백':
		return 100, true
	case '千', '천':
		return 1000, true
	case '万', '萬', '만':
		return 10000, true
	case '亿', '億', '억':
		return 1e8, true
	case '兆', '조':
		return 1e12, true
	}
	return 0, false
}

func itoa(value int64) string {
	var digits [20]byte
	at := len(digits)
	for {
		at--
		digits[at] = byte('0' + value%10)
		if value /= 10; value == 0 {
			return string(digits[at:])
		}
	}
}

// addRoman takes in Roman numerals in capitals of up to eight letters.
func (s *store) addRoman(text string) {
	for i := 0; i < len(text); {
		if !romanLetter(text[i]) || i > 0 && letterByte(text[i-1]) {
			i++
			continue
		}
		end := i
		for end < len(text) && romanLetter(text[end]) {
			end++
		}
		// "XIVe siècle", "XXI-го": letters may follow, capitals not.
		if end-i <= 12 && (end == len(text) || text[end] < 'A' || text[end] > 'Z') {
			if s.roman == nil {
				s.roman = map[int64]int{}
			}
			s.roman[romanValue(text[i:end])]++
		}
		i = end
	}
}

func romanLetter(b byte) bool {
	switch b {
	case 'I', 'V', 'X', 'L', 'C', 'D', 'M':
		return true
	}
	return false
}

func letterByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}

func romanValue(letters string) int64 {
	values := func(b byte) int64 {
		switch b {
		case 'I':
			return 1
		case 'V':
			return 5
		case 'X':
			return 10
		case 'L':
			return 50
		case 'C':
			return 100
		case 'D':
			return 500
		}
		return 1000
	}
	sum := int64(0)
	for i := range len(letters) {
		value := values(letters[i])
		if i+1 < len(letters) && value < values(letters[i+1]) {
			sum -= value
		} else {
			sum += value
		}
	}
	return sum
}
