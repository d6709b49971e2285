package subtitle

import (
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// point is a place where a line may be broken.
type point struct {
	from, to      int // the white space, in bytes, that the break replaces
	before, after int // the columns up to from and up to to
	cost          int // how bad a place it is, in columns of unevenness
}

// measured is a text with its widths and its places for breaks.
type measured struct {
	total  int // columns
	limit  int // columns that a line should have at most
	points []point
}

// What the places for breaks cost. The unit is a column by which the upper line
// is shorter or longer than it might be.
const (
	afterSentence = -8
	afterClause   = -5
	beforeBracket = -4 // in Chinese and Japanese, where no space says so
	afterWord     = 0
	afterSmall    = 5  // leaves an article or a preposition behind
	afterPhrase   = 0  // where Japanese goes on from hiragana to a new word
	afterParticle = 1  // behind a Chinese particle
	betweenHan    = 6  // perhaps within a word
	betweenOther  = 9  // between kana, or between ideographs and letters
	withinWord    = 16 // before what inflects a word, or within katakana
)

// measure finds the places where a text may be broken. Between characters it is
// broken in Chinese and Japanese alone: Korean has spaces, and in Thai, Lao,
// Khmer and Burmese, which have a few, the ends of words are not to be seen
// without a dictionary.
func measure(text string) *measured {
	m := &measured{}
	wide := 0
	var last string // the last cluster that is no space
	word := 0       // letters since the last place for a break
	gap := point{from: -1}
	at := 0
	for clusters := graphemes.FromString(text); clusters.Next(); {
		cluster := clusters.Value()
		columns := columnsOf(cluster)
		switch {
		case isGap(cluster):
			if gap.from < 0 {
				gap = point{from: at, before: m.total, cost: spaceCost(text[:at], last, word)}
			}
		case gap.from >= 0:
			gap.to, gap.after = at, m.total
			if !clings(cluster) && !neverEnds(firstRune(last)) {
				m.points = append(m.points, gap)
			}
			gap.from, word = -1, 0
		default:
			if cost, ok := joint(last, cluster); ok {
				m.points = append(m.points, point{at, at, m.total, m.total, cost})
				word = 0
			}
		}
		if gap.from < 0 {
			last = cluster
			word++
		}
		if columns == 2 {
			wide += 2
		}
		m.total += columns
		at += len(cluster)
	}
	m.limit = widestLatin
	if wide*2 > m.total {
		m.limit = widestWide
	}
	return m
}

// isGap reports whether a cluster is white space at which a line may end.
func isGap(cluster string) bool {
	r := firstRune(cluster)
	return r == '\u200b' || unicode.IsSpace(r) && r != '\u00a0' && r != '\u2007' && r != '\u202f'
}

// clings reports whether a cluster belongs to the line before although a space
// stands between, as French has it.
func clings(cluster string) bool { return strings.ContainsRune("!?:;»%", firstRune(cluster)) }

// spaceCost returns the cost of a break at a space, after a text whose last
// word has so many clusters.
func spaceCost(before, last string, word int) int {
	if cost, ok := punctuationCost(before, last); ok {
		return cost
	}
	// Words of up to three small letters are mostly articles, prepositions and
	// conjunctions, in whatever language has letters of two cases.
	if r := firstRune(last); word <= 3 && unicode.IsLower(r) {
		return afterSmall
	}
	return afterWord
}

// punctuationCost returns the cost of a break behind punctuation, seen through
// closing quotation marks and brackets.
func punctuationCost(before, last string) (int, bool) {
	if isCloser(firstRune(last)) {
		last = string(lastRune(strings.TrimRightFunc(before, isCloser)))
	}
	switch r := firstRune(last); {
	case strings.ContainsRune(".?!…。！？؟।", r):
		return afterSentence, true
	case strings.ContainsRune(",;:，、；：،–—", r):
		return afterClause, true
	}
	return 0, false
}

// isCloser reports whether a rune closes what follows a sentence's end.
func isCloser(r rune) bool {
	return strings.ContainsRune(`"')]”’»›）］】」』》〉`, r)
}

// joint returns the cost of a break between two characters without a space; no
// for most, and for those that must not begin or end a line in Chinese and
// Japanese.
func joint(before, after string) (cost int, ok bool) {
	a, b := firstRune(before), firstRune(after)
	if before == "" || !isIdeographic(a) && !isIdeographic(b) || neverEnds(a) || neverBegins(b) {
		return 0, false
	}
	if cost, ok := punctuationCost(before, before); ok {
		return cost, true
	}
	from, to := classOf(a), classOf(b)
	switch {
	case neverEnds(b):
		return beforeBracket, true
	case from == digit || to == digit && from != hiragana:
		return withinWord, true
	case to == punctuation || from == punctuation:
		return afterParticle, true
	case from == hiragana && to != hiragana:
		return afterPhrase, true
	case from == han && to == han && strings.ContainsRune("的了吗嗎吧呢着著过過和是在", a):
		return afterParticle, true
	case from == han && to == han:
		return betweenHan, true
	case to == hiragana || from == to:
		return withinWord, true
	}
	return betweenOther, true
}
