package subtitle

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"verso/hooks/translation/document/inline"
)

// flow writes a sheet's text: markup as numbered tags, and a space for the line
// break where one line goes on in the next.
func (l *Layout) flow(s *sheet) {
	var b strings.Builder
	numbers := map[int]int{} // of pairs, by the opening piece
	before := ""
	for _, r := range s.rows {
		text := Trim(l.tagged(s, r, numbers))
		if text == "" {
			continue
		}
		shown := s.visible(r)
		switch {
		case b.Len() == 0:
		case keepsApart(before, shown) || s.beginsApart(r):
			b.WriteByte('\n')
			l.rows++
		default:
			b.WriteByte(' ')
		}
		b.WriteString(text)
		before = shown
	}
	l.Text = b.String()
}

// beginsApart reports whether a row begins something of its own by its markup.
func (s *sheet) beginsApart(r row) bool {
	return s.dialect.Apart != nil && r.from < r.to && s.dialect.Apart(s.source[s.pieces[r.from].start:s.pieces[r.to-1].end])
}

// tagged returns a row with its markup as numbered tags. Markup with nothing
// between is one tag.
func (l *Layout) tagged(s *sheet, r row, numbers map[int]int) string {
	var b strings.Builder
	for i := r.from; i < r.to; i++ {
		p := s.pieces[i]
		switch p.kind {
		case words:
			l.words(&b, s.shown(p))
		case Opening:
			if p.mate == i+1 && i+1 < r.to {
				i = l.addAlone(s, &b, i, r.to)
				continue
			}
			l.tags = append(l.tags, tag{open: s.raw(p), close: s.raw(s.pieces[p.mate])})
			numbers[i] = len(l.tags)
			b.WriteString(inline.Tag(inline.Open, len(l.tags)))
		case Closing:
			b.WriteString(inline.Tag(inline.Close, numbers[p.mate]))
		case Alone:
			i = l.addAlone(s, &b, i, r.to)
		}
	}
	return b.String()
}

// words writes text. What looks like a numbered tag in it is the author's.
func (l *Layout) words(b *strings.Builder, shown string) {
	if strings.IndexByte(shown, '<') < 0 {
		b.WriteString(shown)
		return
	}
	for token := range inline.Cut(shown) {
		if token.Kind == inline.Text {
			b.WriteString(token.Text)
			continue
		}
		l.tags = append(l.tags, tag{open: token.Text, alone: true, literal: true})
		b.WriteString(inline.Tag(inline.Alone, len(l.tags)))
	}
}

// addAlone writes a tag for the markup from piece i on that holds no text, and
// returns its last piece.
func (l *Layout) addAlone(s *sheet, b *strings.Builder, i, end int) int {
	start := s.pieces[i].start
	last := i
	for next := i; next < end; next = last + 1 {
		p := s.pieces[next]
		if p.kind == Alone {
			last = next
		} else if p.kind == Opening && p.mate == next+1 && next+1 < end {
			last = next + 1
		} else {
			break
		}
	}
	l.tags = append(l.tags, tag{open: s.source[start:s.pieces[last].end], alone: true})
	b.WriteString(inline.Tag(inline.Alone, len(l.tags)))
	return last
}

// keepsApart reports whether two lines are more than a sentence and its
// continuation, so that the break between them is the author's meaning: the
// words of two speakers, a sound, a verse, or two languages.
func keepsApart(before, after string) bool {
	return startsSpeech(after) || isBracketed(before) || isBracketed(after) ||
		isLabel(before) || script(before)*script(after) < 0
}

// startsSpeech reports whether a line begins with what subtitles set before
// the words of another speaker, or before a verse.
func startsSpeech(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	rest := s[size:]
	switch {
	case isDash(r):
		next, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(rest, func(r rune) bool { return isDash(r) || IsBlank(r) }))
		return !unicode.IsDigit(next) || strings.HasPrefix(rest, " ") // "-1" is a number
	case strings.ContainsRune("♪♫♬•", r):
		return true
	case r == '#' || r == '*':
		return strings.HasPrefix(rest, " ")
	}
	return strings.HasPrefix(s, ">>") || labelled(s)
}

func isDash(r rune) bool { return strings.ContainsRune("-‐‑–—―−", r) }

// longestLabel bounds the bytes of a speaker's name.
const longestLabel = 40

// labelled reports whether a line begins with a speaker's name in capitals, or
// in a script without them, and a colon.
func labelled(s string) bool {
	name := s[:min(len(s), longestLabel)]
	for _, colon := range []string{":", "："} {
		if end := strings.Index(name, colon); end >= 0 {
			rest := s[end+len(colon):]
			return isName(name[:end]) && (rest == "" || colon == "：" || rest[0] == ' ')
		}
	}
	return false
}

func isName(s string) bool {
	letters := 0
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			return false
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters >= 2
}

// isLabel reports whether a line is a speaker's name and nothing else.
func isLabel(s string) bool {
	return labelled(s) && (strings.HasSuffix(s, ":") || strings.HasSuffix(s, "："))
}

// isBracketed reports whether a whole line stands in brackets, as sounds do.
func isBracketed(s string) bool {
	for _, pair := range []string{"[]", "()", "（）", "［］", "【】"} {
		open, size := utf8.DecodeRuneInString(pair)
		if strings.HasPrefix(s, string(open)) && strings.HasSuffix(s, pair[size:]) {
			return true
		}
	}
	return false
}

// script returns 1 for a line in an East Asian script, -1 for one that has
// words in another and none in those, 0 where there are not letters enough to
// tell.
func script(s string) int {
	other := 0
	for _, r := range s {
		switch {
		case isIdeographic(r) || unicode.Is(unicode.Hangul, r):
			return 1
		case unicode.IsLetter(r):
			other++
		}
	}
	if other >= 3 {
		return -1
	}
	return 0
}
