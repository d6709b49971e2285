package tongue

import (
	_ "embed"
	"strconv"
	"strings"
	"unicode/utf8"
)

// profiles holds the most frequent trigrams of each language that shares its
// script with others, made by TestWriteProfiles: for each script its number,
// for each language a line with its tag, and lines with a gain and the trigrams
// that have it, one after the other, "_" for the end of a word.
//
// A gain is by how much a trigram is more frequent in the language than one
// that it does not know, as a natural logarithm in halves.
//
//go:embed profiles.txt
var profiles string

// unknownShare is the share that a trigram has in a language whose profile does
// not hold it: about what the rarest ones in the profiles have.
const unknownShare = 4e-5

// trigram is three letters in a row, with '_' for the end of a word.
type trigram [3]rune

// census counts the trigrams of a document's pieces.
type census struct {
	// at numbers the trigrams.
	at map[trigram]int
	// of counts them, by number, for each piece.
	of [][]int32
	// pieces is how many there are of all trigrams in each piece.
	pieces []int
}

func censusOf(pieces int) *census {
	return &census{at: map[trigram]int{}, pieces: make([]int, pieces)}
}

// add counts a word's trigrams.
func (c *census) add(piece int, word []rune) {
	last := trigram{0, '_', 0}
	for i := 0; i <= len(word); i++ {
		next := '_'
		if i < len(word) {
			next = word[i]
		}
		last[2] = next
		if i > 0 {
			c.count(piece, last)
		}
		last = trigram{last[1], next}
	}
}

func (c *census) count(piece int, t trigram) {
	n, known := c.at[t]
	if !known {
		n = len(c.of)
		c.at[t] = n
		c.of = append(c.of, make([]int32, len(c.pieces)))
	}
	c.of[n][piece]++
	c.pieces[piece]++
}

// score is how much a language gains in each piece and in all of them.
type score struct {
	tag    string
	pieces []float64
	all    float64
}

// scores returns what each language of a script gains.
func (c *census) scores(script int) []score {
	_, table, found := strings.Cut(profiles, "\nscript "+strconv.Itoa(script)+"\n")
	if !found {
		return nil
	}
	var all []score
	for line := range strings.Lines(table) {
		name, trigrams, listed := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch {
		case !listed:
			all = append(all, score{tag: name, pieces: make([]float64, len(c.pieces))})
		case name == "script":
			return all
		default:
			if gain, err := strconv.Atoi(name); err == nil && len(all) > 0 {
				c.gain(&all[len(all)-1], float64(gain)/2, trigrams)
			}
		}
	}
	return all
}

// gain adds what a language gains by trigrams that it knows.
func (c *census) gain(s *score, gain float64, trigrams string) {
	for trigrams != "" {
		var t trigram
		for i := range t {
			r, size := utf8.DecodeRuneInString(trigrams)
			t[i], trigrams = r, trigrams[size:]
		}
		n, found := c.at[t]
		if !found {
			continue
		}
		for piece, count := range c.of[n] {
			if count > 0 {
				s.pieces[piece] += gain * float64(count)
				s.all += gain * float64(count)
			}
		}
	}
}
