package subtitle

import "verso/hooks/translation/document/inline"

// whole returns for each of the block's tags whether a translation uses it as
// it is meant: a pair opened before it is closed, and closed. The others are
// left out, since half a pair would run on to the end of the cue.
func (l *Layout) whole(rows []string) []bool {
	good, open := make([]bool, len(l.tags)), make([]bool, len(l.tags))
	for i := range good {
		good[i] = true
	}
	for _, row := range rows {
		for t := range inline.Cut(row) {
			if t.Kind == inline.Text || t.Number < 1 || t.Number > len(l.tags) {
				continue
			}
			i := t.Number - 1
			switch {
			case l.tags[i].alone != (t.Kind == inline.Alone), t.Kind != inline.Alone && open[i] == (t.Kind == inline.Open):
				good[i] = false
			default:
				open[i] = t.Kind == inline.Open
			}
		}
	}
	for i := range good {
		good[i] = good[i] && !open[i]
	}
	return good
}
