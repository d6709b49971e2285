package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

const (
	// numbersMissing is the share of a block's numbers that may be missing
	// beyond what is excused: people who translate leave one out, round it or
	// convert its unit now and then, in long blocks.
	numbersMissing = 0.1
	// mostExcuses is how many numbers of a block are looked for in another form;
	// each is a walk through the translation.
	mostExcuses = 200
)

// numbers wants the source's numbers of two and more digits in the translation:
// in any digits, with any separators, as a number of ten thousands or millions,
// in words of that language where they are round or small, as Roman numerals.
// Single digits are left alone.
func (c *Checker) numbers(b *bench) string {
	b.found[0], b.found[1] = numbersOf(b.found[0][:0], &b.source), numbersOf(b.found[1][:0], &b.translation)
	wanted, long := b.found[0], false
	for i := range wanted {
		long = long || wanted[i].length > 1
	}
	if !long {
		return ""
	}
	store := storeOf(b.found[1], b.translation.raw)
	t := c.tally(b, wanted, store)
	// A number that may stand in words is missing for sure where another has
	// come in its place.
	if t.soft > 0 && store.surplus() {
		t.lost += t.soft
	}
	if t.lost > 0 && float64(t.lost) > numbersMissing*float64(t.count) || tooMany(t.soft, t.count) && !store.spelled {
		return fmt.Sprintf("the number %s was lost", t.first)
	}
	return ""
}

// tally counts a block's numbers.
type tally struct {
	count int
	// lost are missing, soft may stand in words; first is the first of either.
	lost, soft int
	first      string
}

// tally looks for each number of the source in the translation.
func (c *Checker) tally(b *bench, wanted []number, store *store) (t tally) {
	excuses, kept := 0, -1
	for i := range wanted {
		n := &wanted[i]
		if n.cuts == 0 && n.value() < 10 {
			continue // 06:30 is told as 6.30
		}
		t.count++
		if store.take(n) {
			kept = n.at
			continue
		}
		if c.pair.Imitation {
			// An imitation writes no words for numbers.
			t.first = cmp.Or(t.first, n.text())
			t.lost++
			continue
		}
		if n.before == '(' && kept >= 0 && n.at-kept < 24 {
			continue // 800 km/h (497 mph) → 800 km/h
		}
		if excuses++; excuses <= mostExcuses && c.otherwise(b.source.raw, n, store) {
			continue
		}
		t.first = cmp.Or(t.first, n.text())
		if wordable(n.text()) && excuses <= mostExcuses {
			t.soft++
		} else {
			t.lost++
		}
	}
	return t
}

// otherwise reports whether a number stands in the translation in another form.
func (c *Checker) otherwise(source string, n *number, store *store) bool {
	return c.excused(n, store) ||
		measured(source, n) && store.converted(float64(n.value())) || // 10 miles → 16 km
		store.composed(source, n) // 1亿2000万 → 120 million
}

// tooMany reports whether more small or round numbers are missing than may have
// been written in words: all of several.
func tooMany(soft, count int) bool { return soft >= 3 && 2*soft > count }

// wordable reports whether a number is often written in words: up to twenty,
// tens to a hundred, hundreds to a thousand, and larger round ones.
func wordable(digits string) bool {
	trimmed := strings.TrimRight(digits, "0")
	switch {
	case len(digits) == 2 && digits <= "24", len(trimmed) == 1:
		return true
	}
	return len(trimmed) <= 2 && len(digits) >= 4
}

// store holds the numbers of a translation.
type store struct {
	whole map[string]int // by all digits
	part  map[string]int // by what stands between separators
	// significant are the digits without zeros at the end: 100万 for 1,000,000.
	significant map[string]int
	roman       map[int64]int
	// spelled says that there are numerals that are no digits: 二十, 스무.
	spelled bool
	// written are the numbers in digits, in order.
	written []string
	joined  string
	text    string
}

func storeOf(numbers []number, text string) *store {
	s := &store{
		text:  text,
		whole: make(map[string]int, len(numbers)), part: map[string]int{},
		significant: make(map[string]int, len(numbers)),
	}
	var joined strings.Builder
	for i := range numbers {
		n := &numbers[i]
		digits := n.text()
		s.whole[digits]++
		s.significant[significant(digits)]++
		if n.cuts != 0 {
			n.parts(func(part string) { s.part[part]++ })
		}
		joined.WriteString(digits)
		s.written = append(s.written, digits)
	}
	s.joined = joined.String()
	s.addNumerals(text)
	return s
}

func significant(digits string) string {
	return strings.TrimLeft(strings.TrimRight(digits, "0"), "0")
}

// surplus reports whether a number of two and more digits is left that the
// source has not.
func (s *store) surplus() bool {
	return slices.ContainsFunc(s.written, func(digits string) bool { return len(digits) > 1 && s.whole[digits] > 0 })
}

// take looks for a number as it is, or for its parts, and uses it up.
func (s *store) take(n *number) bool {
	digits := n.text()
	if use(s.whole, digits) || use(s.part, digits) {
		return true
	}
	if n.cuts == 0 {
		return false
	}
	// "10,11" may be two numbers or one; it counts as either.
	all := true
	n.parts(func(part string) {
		all = all && (len(part) < 2 || use(s.whole, part) || use(s.part, part))
	})
	return all
}

func use(counts map[string]int, digits string) bool {
	if counts[digits] == 0 {
		return false
	}
	counts[digits]--
	return true
}

// excused looks for a number in another form. Nothing is used up: one form may
// stand for several numbers.
func (c *Checker) excused(n *number, s *store) bool {
	digits := n.text()
	value := n.value()
	switch {
	case s.scaled(digits):
		return true // 1,000,000 → 100万, 2.5 → 2.50
	case c.spelled(digits, s.text):
		return true
	case s.roman[value] > 0:
		return true
	case s.whole[digits] > 0 || strings.Contains(s.joined, digits) && len(digits) > 2:
		// Stands there as often as the translation needs it; "2019–20".
		return true
	case c.century(value, s):
		return true
	case c.clock(n, value, s), c.calendar(value, s):
		return true
	case len(digits) == 4 && (s.whole[digits[2:]] > 0):
		return true // the 1990s → les années 90
	case len(digits) == 2 && (s.whole["19"+digits]+s.whole["20"+digits] > 0):
		return true // ’98 → 1998
	case len(digits) == 2 && s.whole[digits[1:]] > 0 && digits[0] == '0':
		return true // 03.04.1999 → 3 April
	case n.cuts != 0 && s.dated(n):
		return true
	}
	return false
}

// scaled reports whether a number stands there with other zeros: 1,000,000 →
// 100万, 2.5 → 2.50. Of a single digit before zeros any such number is left to
// be used up.
func (s *store) scaled(digits string) bool {
	trimmed := significant(digits)
	if trimmed == "" || s.significant[trimmed] == 0 {
		return false
	}
	for _, whole := range s.written {
		if s.whole[whole] > 0 && significant(whole) == trimmed {
			s.whole[whole]--
			return true
		}
	}
	return len(trimmed) > 1
}

// dated reports whether a number looks like a date of which the month, and the
// day where it is small, may be written out: 3.10, 12.10.1999.
func (s *store) dated(n *number) bool {
	count, years, fits := 0, 0, n.before != '$'
	n.parts(func(part string) {
		count++
		switch {
		case len(part) == 4:
			years++
			fits = fits && use(s.whole, part)
		case len(part) > 2 || part > "31":
			fits = false
		}
	})
	return fits && (count == 2 && years == 0 || count == 3 && years == 1)
}

// century reports whether a number of a century is there as the hundred of its
// years, as Finnish and the languages of the North count: the 19th → 1800.
func (c *Checker) century(value int64, s *store) bool {
	switch c.target.base {
	case "fi", "sv", "da", "nb", "nn", "no", "is", "et", "fo":
		return value <= 22 && s.has((value-1)*100)
	case "":
		return false
	}
	// 20世紀80年代 → 1980s
	if hundred := itoa(value - 1); value > 10 && value <= 22 && slices.ContainsFunc(s.written, func(year string) bool { return len(year) == 4 && strings.HasPrefix(year, hundred) }) {
		return true
	}
	return value >= 1000 && value <= 2100 && value%100 == 0 && s.has(value/100+1)
}

// clock reports whether a number is a time's hour told by the other half of the
// day, or minutes that have a word: 14 → 2, :30 → half past.
func (c *Checker) clock(n *number, value int64, s *store) bool {
	if value > 24 {
		return n.before == ':' && (value == 30 || value == 45)
	}
	other := (value + 12) % 24
	return n.before == ':' || s.has(other) && (n.after == ':' || n.after == '.' || n.after == 'h' || n.after == ' ')
}

func (s *store) has(value int64) bool {
	text := fmt.Sprint(value)
	return s.whole[text] > 0 || s.part[text] > 0
}

// calendar reports whether a year is there as another calendar counts it: the
// Buddhist one of Thailand, the solar one of Iran, the eras of Japan.
func (c *Checker) calendar(year int64, s *store) bool {
	if year < 1000 || year > 2700 {
		return false
	}
	offsets := [...]int64{543, -543, 621, -621, 622, -622, 579, -579, 578, -578}
	if c.target.base != "th" && c.target.base != "fa" && c.source.base != "th" && c.source.base != "fa" && c.target.base != "ar" {
		return c.target.base == "ja" && s.spelled
	}
	for _, offset := range offsets {
		if s.has(year + offset) {
			return true
		}
	}
	return false
}
