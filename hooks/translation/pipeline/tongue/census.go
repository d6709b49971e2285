package tongue

// trigram is three letters in a row, 21 bits each, with '_' for the end of a
// word.
type trigram uint64

// then returns the trigram that a letter more leads to.
func (t trigram) then(r rune) trigram { return (t<<21 | trigram(r)) & (1<<63 - 1) }

// full reports whether a trigram has three letters.
func (t trigram) full() bool { return t>>42 != 0 }

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
	last := trigram('_')
	for _, r := range word {
		if last = last.then(r); last.full() {
			c.count(piece, last)
		}
	}
	if last = last.then('_'); last.full() {
		c.count(piece, last)
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
