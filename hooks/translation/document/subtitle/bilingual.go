package subtitle

import "strings"

// Bilingual returns a rendered translation with its source below, each in one line
// unless its lines stand apart for a reason. The source is the passage that was laid
// out; its markup stays. Each of its lines is put between open and close.
func (l *Layout) Bilingual(rendered, passage, open, close string) string {
	source := newlines().Replace(passage[l.Start:l.End])
	return l.inOneLine(rendered) + l.join + open + strings.ReplaceAll(l.inOneLine(source), l.join, close+l.join+open) + close
}

// inOneLine joins lines that are one text.
func (l *Layout) inOneLine(text string) string {
	if l.rows > 1 {
		return text
	}
	var b strings.Builder
	before := ""
	for _, line := range strings.Split(text, l.join) {
		if line = Trim(line); line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(between(before, line))
		}
		b.WriteString(line)
		before = line
	}
	return b.String()
}

func newlines() *strings.Replacer {
	return strings.NewReplacer("\r\r\n", "\n", "\r\n", "\n", "\r", "\n")
}
