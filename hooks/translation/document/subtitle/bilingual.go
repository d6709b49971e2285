package subtitle

import "strings"

// RenderAbove is [Layout.Render] for a translation that its source stands below. It
// stays in one line where a screen has room for that, so that the picture is not
// covered with four.
func (l *Layout) RenderAbove(translation string) string { return l.render(translation, roomy) }

// Bilingual returns a rendered translation with its source below. The source's lines
// are the file's own, with their markup, and stand between open and close.
func (l *Layout) Bilingual(rendered, open, close string) string {
	var b strings.Builder
	b.WriteString(rendered)
	b.WriteString(l.join)
	b.WriteString(open)
	between := "\n"
	if l.join != between {
		// What is around each line must not cross what is put around the source.
		between = close + l.join + open
	}
	for i, line := range l.sheet.lines() {
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString(line)
	}
	b.WriteString(close)
	return b.String()
}

// lines returns the passage's lines as they are written, without what is around each
// of them, and without blank ones, which would end the cue.
func (s *sheet) lines() []string {
	var lines []string
	for _, r := range s.rows {
		if empty(r) {
			continue
		}
		if line := Trim(s.source[s.pieces[r.from].start:s.pieces[r.to-1].end]); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
