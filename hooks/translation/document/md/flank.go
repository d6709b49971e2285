package md

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mendEmphasis changes tokens so that each delimiter of emphasis can do its
// office. CommonMark lets a run of * or _ close emphasis after punctuation only
// if white space or punctuation follows, and open it likewise: "**(word)**는"
// and "**word:**text" are asterisks to the reader. In this order:
//
//   - _ becomes *, which may stand within a word;
//   - quotation marks or brackets around all of the emphasis move outside, and
//     so does punctuation that ends it;
//   - the letter outside is written as a character reference, whose & or ; is
//     punctuation: readers see the letter, and the emphasis is on.
//
// What still fails is found by parsing what was written.
func mendEmphasis(tokens []token) []token {
	for i := 0; i < len(tokens); i++ {
		if tokens[i].kind != opener || !tokens[i].isEmphasis() || tokens[i].pair == 0 {
			continue
		}
		end := closerOf(tokens, i)
		if end < 0 || works(tokens, i, end) {
			continue
		}
		if tokens[i].raw[0] == '_' {
			tokens[i].raw = strings.Repeat("*", len(tokens[i].raw))
			tokens[end].raw = tokens[i].raw
			separate(tokens, i, end)
			if works(tokens, i, end) {
				continue
			}
		}
		tokens, i, end = moveOut(tokens, i, end)
		refer(tokens, i, end)
	}
	return tokens
}

// separate gives emphasis directly within emphasis the other delimiter, where
// both have the same now: "***a***" would be nested the other way round.
func separate(tokens []token, open, end int) {
	for _, i := range []int{open + 1, end - 1} {
		if i > open && i < end && tokens[i].isEmphasis() && tokens[i].raw[0] == '*' && tokens[i].pair > 0 {
			for j := open; j <= end; j++ {
				if tokens[j].pair == tokens[i].pair && tokens[j].isEmphasis() {
					tokens[j].raw = strings.Repeat("_", len(tokens[j].raw))
				}
			}
		}
	}
}

func closerOf(tokens []token, open int) int {
	for i := open + 1; i < len(tokens); i++ {
		if tokens[i].kind == closer && tokens[i].pair == tokens[open].pair {
			return i
		}
	}
	return -1
}

func works(tokens []token, open, end int) bool {
	return canOpen(tokens, open) && canClose(tokens, end)
}

func canOpen(tokens []token, i int) bool {
	before, after := around(tokens, i)
	left, right := flanking(before, after)
	if tokens[i].raw[0] == '_' {
		return left && (!right || isPunctuation(before))
	}
	return left
}

func canClose(tokens []token, i int) bool {
	before, after := around(tokens, i)
	left, right := flanking(before, after)
	if tokens[i].raw[0] == '_' {
		return right && (!left || isPunctuation(after))
	}
	return right
}

// flanking is CommonMark's definition of left- and right-flanking runs.
func flanking(before, after rune) (left, right bool) {
	left = !unicode.IsSpace(after) && (!isPunctuation(after) || unicode.IsSpace(before) || isPunctuation(before))
	right = !unicode.IsSpace(before) && (!isPunctuation(before) || unicode.IsSpace(after) || isPunctuation(after))
	return left, right
}

func isPunctuation(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// around returns the characters before and after the run of delimiters that a
// token is part of; a line break at the ends.
func around(tokens []token, i int) (before, after rune) {
	run := tokens[i].raw[:1]
	inRun := func(t token) bool { return t.isEmphasis() && strings.HasPrefix(t.raw, run) }
	before, after = '\n', '\n'
	for j := i - 1; j >= 0; j-- {
		if s := tokens[j].shown(); !inRun(tokens[j]) && s != "" {
			before, _ = utf8.DecodeLastRuneInString(s)
			break
		}
	}
	for j := i + 1; j < len(tokens); j++ {
		if s := tokens[j].shown(); !inRun(tokens[j]) && s != "" {
			after, _ = utf8.DecodeRuneInString(s)
			break
		}
	}
	return before, after
}

// shown returns roughly how a token will be written.
func (t token) shown() string {
	switch t.kind {
	case word:
		if t.raw != "" {
			return t.raw
		}
		return t.text
	case hard:
		return "\n"
	}
	return t.raw
}

const (
	openQuotes  = "\"'“‘«‹「『（(《〈【[〔"
	closeQuotes = "\"'”’»›」』）)》〉】]〕"
	ends        = ".,:;!?…。、，：；！？"
)

// moveOut moves the quotation marks around emphasis, or the punctuation that
// ends it, to the other side of the delimiters, if that helps.
func moveOut(tokens []token, open, end int) ([]token, int, int) {
	if end == open+2 && tokens[open+1].kind == word && tokens[open+1].raw == "" {
		text := tokens[open+1].text
		first, n := utf8.DecodeRuneInString(text)
		last, m := utf8.DecodeLastRuneInString(text)
		at := strings.IndexRune(openQuotes, first)
		if at >= 0 && len(text) > n+m && !strings.ContainsAny(text[n:len(text)-m], string(first)+string(last)) && strings.ContainsRune(closeQuotes, last) &&
			utf8.RuneCountInString(openQuotes[:at]) == utf8.RuneCountInString(closeQuotes[:strings.IndexRune(closeQuotes, last)]) {
			tokens[open+1].text = text[n : len(text)-m]
			tokens = insert(tokens, end+1, token{kind: word, text: string(last)})
			tokens = insert(tokens, open, token{kind: word, text: string(first)})
			return tokens, open + 1, end + 1
		}
	}
	if canClose(tokens, end) || tokens[end-1].kind != word || tokens[end-1].raw != "" {
		return tokens, open, end
	}
	text := tokens[end-1].text
	kept := strings.TrimRight(text, ends)
	if last, _ := utf8.DecodeLastRuneInString(kept); kept == "" || kept == text || isPunctuation(last) || unicode.IsSpace(last) {
		return tokens, open, end
	}
	tokens[end-1].text = kept
	return insert(tokens, end+1, token{kind: word, text: text[len(kept):]}), open, end
}

// refer writes the letters outside of delimiters that still fail as character
// references.
func refer(tokens []token, open, end int) {
	if !canOpen(tokens, open) && open > 0 && tokens[open-1].kind == word {
		before := &tokens[open-1]
		if last, _ := utf8.DecodeLastRuneInString(before.text); before.raw == "" && isWordly(last) {
			before.tail = reference(last)
		}
	}
	if !canClose(tokens, end) && end+1 < len(tokens) && tokens[end+1].kind == word {
		after := &tokens[end+1]
		if first, _ := utf8.DecodeRuneInString(after.text); after.raw == "" && isWordly(first) {
			after.head = reference(first)
		}
	}
}

// isWordly reports whether a character is neither white space nor punctuation.
func isWordly(r rune) bool { return !unicode.IsSpace(r) && !isPunctuation(r) }

func reference(r rune) string { return fmt.Sprintf("&#%d;", r) }
