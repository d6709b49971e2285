package tongue

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
)

// profiles holds the most frequent trigrams of each language that shares its
// script with others, made by TestWriteProfiles: for each script its code, for
// each language a line with its tag, and lines with a gain and the trigrams
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

// candidate is a language, and what it gains by a document's trigrams.
type candidate struct {
	tag  string
	hits []hit
	// pieces is what it gains in each piece, all in all of them.
	pieces []float64
	all    float64
	// own is what it gains by the average trigram of its own texts.
	own float64
}

// hit is a trigram of the document that a language knows, by its number.
type hit struct {
	trigram int
	gain    float64
}

// candidates returns the languages of a script.
func (c *census) candidates(script string) []candidate {
	_, table, found := strings.Cut(profiles, "\nscript "+script+"\n")
	if !found {
		return nil
	}
	var all []candidate
	for line := range strings.Lines(table) {
		name, trigrams, listed := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch {
		case name == "":
			return all
		case !listed:
			all = append(all, candidate{tag: name, pieces: make([]float64, len(c.pieces))})
		default:
			if gain, err := strconv.Atoi(name); err == nil && len(all) > 0 {
				c.gain(&all[len(all)-1], float64(gain)/2, trigrams)
			}
		}
	}
	return all
}

// gain adds what a language gains by trigrams that it knows.
func (c *census) gain(to *candidate, gain float64, trigrams string) {
	share := unknownShare * math.Exp(gain)
	var last trigram
	for _, r := range trigrams {
		if last = last.then(r); !last.full() {
			continue
		}
		to.own += share * gain
		n, found := c.at[last]
		if last = 0; !found {
			continue
		}
		to.hits = append(to.hits, hit{n, gain})
		for piece, count := range c.of[n] {
			if count > 0 {
				to.pieces[piece] += gain * float64(count)
				to.all += gain * float64(count)
			}
		}
	}
}
