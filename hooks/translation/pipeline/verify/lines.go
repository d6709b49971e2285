package verify

import "strings"

// fewItems is how many lines with a mark of a list make a list.
const fewItems = 3

// lines wants the lines of a list: where each line begins with a mark of a
// list, at least half as many lines. Other line breaks may move: those of
// wrapped prose and of subtitles mean nothing in another language.
func lines(source, translation string) string {
	if strings.Count(source, "\n") < fewItems-1 {
		return ""
	}
	items := 0
	for line := range strings.SplitSeq(source, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if !item(line) {
			return ""
		}
		items++
	}
	if items >= fewItems && 2*(strings.Count(strings.TrimSpace(translation), "\n")+1) < items {
		return "the lines of the list ran together"
	}
	return ""
}

// item reports whether a line begins with a mark of a list: -, *, •, 1., a).
func item(line string) bool {
	for _, mark := range [...]string{"- ", "* ", "+ ", "• ", "– ", "— "} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	digits := 0
	for digits < len(line) && digits < 3 && line[digits] >= '0' && line[digits] <= '9' {
		digits++
	}
	if digits == 0 && line[0] >= 'a' && line[0] <= 'z' {
		digits = 1
	}
	return digits > 0 && digits+1 < len(line) && (line[digits] == '.' || line[digits] == ')') && line[digits+1] == ' '
}
