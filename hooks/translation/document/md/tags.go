package md

import (
	"slices"
	"strconv"
	"strings"
)

// translated cuts a translation into tokens: words, and for each tag what it
// stands for. Tags that the block does not have, or that are crossed, are
// mended or left out: the pipeline gives such a translation back, so only a
// person's own edit can have them.
func (b *block) translated(translation string) []token {
	var (
		out  []token
		open []int // marks
		pair int
		nums []int // pairs of open
	)
	closeLast := func() {
		last := len(open) - 1
		end := b.marks[open[last]].close
		end.pair = nums[last]
		out = append(out, end)
		open, nums = open[:last], nums[:last]
	}
	addWord := func(text string) {
		if text = strings.Map(flat, text); text != "" {
			out = append(out, token{kind: word, text: text})
		}
	}
	at := 0
	for _, place := range tagPattern.FindAllStringIndex(translation, -1) {
		addWord(translation[at:place[0]])
		at = place[1]
		tag := translation[place[0]:place[1]]
		number, err := strconv.Atoi(strings.Trim(tag, "</>"))
		if err != nil || number < 1 || number > len(b.marks) {
			continue
		}
		m := b.marks[number-1]
		switch {
		case !m.pair:
			out = append(out, renumbered(m.stands, &pair)...)
		case strings.HasPrefix(tag, "</"):
			if isOpen(open, number-1) {
				for open[len(open)-1] != number-1 {
					closeLast()
				}
				closeLast()
			}
		case strings.HasSuffix(tag, "/>"), isOpen(open, number-1):
		default:
			pair++
			start := m.open
			start.pair = pair
			out = append(out, start)
			open, nums = append(open, number-1), append(nums, pair)
		}
	}
	addWord(translation[at:])
	for len(open) > 0 {
		closeLast()
	}
	return tidy(out)
}

// renumbered returns the tokens of a standing tag, the pairs in it numbered on.
func renumbered(stands []token, pair *int) []token {
	out := slices.Clone(stands)
	var open []int
	for i := range out {
		switch out[i].kind {
		case opener:
			*pair++
			out[i].pair = *pair
			open = append(open, *pair)
		case closer:
			if last := len(open) - 1; last >= 0 {
				out[i].pair = open[last]
				open = open[:last]
			}
		case word:
			out[i].raw = literal(out[i])
		}
	}
	return out
}

// literal returns how a word within a standing tag is written: as in the source.
func literal(t token) string {
	if t.raw == "" {
		return t.text
	}
	return t.raw
}

func isOpen(open []int, number int) bool {
	for _, n := range open {
		if n == number {
			return true
		}
	}
	return false
}

// flat makes control characters spaces: a block is one line.
func flat(r rune) rune {
	if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
		return ' '
	}
	return r
}

// tidy moves white space out of emphasis, where it would turn the emphasis off,
// and drops emphasis of nothing and white space at the ends of lines.
func tidy(tokens []token) []token {
	tokens = dropEmpty(tokens)
	for i := 0; i < len(tokens); i++ {
		if !tokens[i].isEmphasis() {
			continue
		}
		if tokens[i].kind == opener && i+1 < len(tokens) && tokens[i+1].kind == word {
			text := strings.TrimLeft(tokens[i+1].text, " ")
			if space := tokens[i+1].text[:len(tokens[i+1].text)-len(text)]; space != "" {
				tokens[i+1].text = text
				tokens = insert(tokens, i, token{kind: word, text: space})
				i++
			}
		}
	}
	for i := len(tokens) - 1; i > 0; i-- {
		if tokens[i].isEmphasis() && tokens[i].kind == closer && tokens[i-1].kind == word {
			text := strings.TrimRight(tokens[i-1].text, " ")
			if space := tokens[i-1].text[len(text):]; space != "" {
				tokens[i-1].text = text
				tokens = insert(tokens, i+1, token{kind: word, text: space})
			}
		}
	}
	return trimLines(joinWords(dropBreaks(joinWords(tokens))))
}

func insert(tokens []token, at int, t token) []token {
	out := make([]token, 0, len(tokens)+1)
	out = append(out, tokens[:at]...)
	out = append(out, t)
	return append(out, tokens[at:]...)
}

// dropEmpty drops emphasis around nothing but white space.
func dropEmpty(tokens []token) []token {
	var out []token
	for _, t := range tokens {
		if t.kind == closer && t.isEmphasis() {
			open := len(out) - 1
			for open >= 0 && out[open].kind == word && strings.TrimSpace(out[open].text) == "" {
				open--
			}
			if open >= 0 && out[open].kind == opener && out[open].pair == t.pair && t.pair > 0 {
				out = append(out[:open], out[open+1:]...)
				continue
			}
		}
		out = append(out, t)
	}
	return out
}

// dropBreaks drops line breaks that would make an empty line, or stand at an end
// of the block, where they are none.
func dropBreaks(tokens []token) []token {
	var out []token
	pending := -1 // the break to write before the next thing that is seen
	for i, t := range tokens {
		switch {
		case t.kind == hard:
			pending = i
			continue
		case t.kind == word && strings.TrimSpace(t.text) == "" && (pending >= 0 || len(out) == 0):
			continue
		}
		if pending >= 0 && len(out) > 0 {
			out = append(out, tokens[pending])
		}
		pending = -1
		out = append(out, t)
	}
	return out
}

// joinWords makes one of words that stand together.
func joinWords(tokens []token) []token {
	var out []token
	for _, t := range tokens {
		if t.kind == word && t.raw == "" {
			if t.text == "" {
				continue
			}
			if n := len(out); n > 0 && out[n-1].kind == word && out[n-1].raw == "" {
				out[n-1].text += t.text
				continue
			}
		}
		out = append(out, t)
	}
	return out
}

// trimLines takes white space away where a line begins or ends.
func trimLines(tokens []token) []token {
	for i := range tokens {
		if tokens[i].kind != word || tokens[i].raw != "" {
			continue
		}
		if i == 0 || tokens[i-1].kind == hard {
			tokens[i].text = strings.TrimLeft(tokens[i].text, " ")
		}
		if i == len(tokens)-1 || tokens[i+1].kind == hard {
			tokens[i].text = strings.TrimRight(tokens[i].text, " ")
		}
	}
	return joinWords(tokens)
}
