package tongue

// leastShare is the share of a document's text that must be in one script,
// and in one language; what is beside it are names, terms and quotations.
const leastShare = 0.6

// leastLetters is how many letters of a script that only one language has
// tell that language.
const leastLetters = 4

// findings is what was read of a document.
type findings struct {
	pieces int
	// letters counts letters by script.
	letters []int
	// census counts trigrams by script.
	census []*census
	// east counts Chinese characters and kana in each piece.
	east    []eastern
	chinese chinese
	// assamese counts the letters that Assamese has and Bengali has not.
	assamese int
}

func newFindings(pieces, scripts int) *findings {
	return &findings{
		pieces:  pieces,
		letters: make([]int, scripts),
		census:  make([]*census, scripts),
		east:    make([]eastern, pieces),
	}
}

func (f *findings) add(piece int, word []rune, script int) {
	f.letters[script] += len(word)
	switch script {
	case han:
		f.east[piece].han += len(word)
		f.chinese.add(word)
	case kana:
		f.east[piece].kana += len(word)
	case hangul:
	case bengali:
		for _, r := range word {
			if r == 'ৰ' || r == 'ৱ' {
				f.assamese++
			}
		}
	default:
		if f.census[script] == nil {
			f.census[script] = censusOf(f.pieces)
		}
		f.census[script].add(piece, word)
	}
}

// mainScript returns the script that most of the text is in, and its share.
// Chinese characters and kana, which Japanese mixes, are one.
func (f *findings) mainScript(table []script) (main int, share float64) {
	all := 0
	weights := make([]int, len(table))
	for i := range table {
		weights[i] = f.letters[i] * table[i].dense
		all += weights[i]
	}
	weights[han] += weights[kana]
	weights[kana] = 0
	for i := range weights {
		if weights[i] > weights[main] {
			main = i
		}
	}
	if all == 0 {
		return 0, 0
	}
	return main, float64(weights[main]) / float64(all)
}

// alone returns the only language of a script.
func (f *findings) alone(table []script, main int) string {
	if f.letters[main] < leastLetters {
		return ""
	}
	return table[main].sole
}

// assameseShare is how many letters of Assamese are ৰ or ৱ at least. Its r is
// the former, one letter in twenty; Bengali has neither.
const assameseShare = 0.01

// bengali tells the languages of the Bengali script apart.
func (f *findings) bengali() string {
	switch {
	case f.letters[bengali] < leastLetters:
		return ""
	case float64(f.assamese) > assameseShare*float64(f.letters[bengali]):
		return "as"
	}
	return "bn"
}
