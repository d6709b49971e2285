package analysis

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"verso/hooks/translation/document"
)

// Sampler reads a document once, in its order, and keeps of it what is going to
// be shown. Its memory is bounded, whatever the document's size.
type Sampler struct {
	total   int // characters of the document
	seen    int
	windows []window
	open    int // the first window that is not full
	names   names
	tags    *regexp.Regexp
	// Longest bounds the texts of questions, in characters, because no more may be
	// asked for at once. Default: 40,000.
	Longest int
}

// window is a passage.
type window struct {
	from   int // the character at which it begins
	length int
	text   strings.Builder
}

// NewSampler returns a sampler of a document of so many characters.
func NewSampler(characters int) *Sampler {
	s := &Sampler{total: characters, tags: regexp.MustCompile(`</?\d+/?>`)}
	count := 1
	if characters > termsBudget {
		count = termsBudget / windowCharacters
	}
	s.windows = make([]window, count)
	for i := range s.windows {
		s.windows[i].from = i * characters / count
	}
	return s
}

// Add reads the document's next block.
func (s *Sampler) Add(text string) {
	text = s.tags.ReplaceAllString(text, "")
	length := utf8.RuneCountInString(text)
	whole := len(s.windows) == 1
	begin := s.seen
	s.seen += length
	for s.open < len(s.windows)-1 && begin >= s.windows[s.open+1].from {
		s.open++
	}
	w := &s.windows[s.open]
	room := windowCharacters - w.length
	if whole {
		room = termsBudget - w.length
	}
	shown := room > 0 && s.seen > w.from
	if shown {
		excerpt := text
		if length > room {
			excerpt = cut(text, room)
		}
		w.text.WriteString(excerpt)
		w.text.WriteByte('\n')
		w.length += utf8.RuneCountInString(excerpt) + 1
		shown = len(excerpt) == len(text)
	}
	if !whole {
		s.names.read(text, shown, begin)
	}
}

// cut returns the beginning of a text, at most so many characters, up to the end
// of a word where it has words.
func cut(text string, characters int) string {
	end := 0
	for ; characters > 0 && end < len(text); characters-- {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	if end == len(text) {
		return text
	}
	if space := strings.LastIndexByte(text[:end], ' '); space > end/2 {
		return text[:space]
	}
	return text[:end]
}

// Sample returns what is to be shown, in the document's order.
func (s *Sampler) Sample() Sample {
	lines := s.names.lines(int(namesShare * termsBudget))
	room := termsBudget
	for _, line := range lines {
		room -= utf8.RuneCountInString(line.text) + 1
	}
	var pieces []piece
	for _, i := range s.chosen(room) {
		pieces = append(pieces, piece{s.windows[i].from, s.windows[i].text.String()})
	}
	pieces = append(pieces, lines...)
	slices.SortStableFunc(pieces, func(a, b piece) int { return a.from - b.from })
	longest := questionCharacters
	if s.Longest > 0 {
		longest = min(longest, s.Longest)
	}
	return Sample{Style: cut(s.style(), longest), Terms: questions(pieces, longest)}
}

// chosen returns the windows for which there is room, at even distances.
func (s *Sampler) chosen(room int) []int {
	count := len(s.windows)
	if count > 1 {
		count = min(count, max(room/windowCharacters, 1))
	}
	chosen := make([]int, count)
	for i := range chosen {
		chosen[i] = i * len(s.windows) / count
	}
	return chosen
}

// style returns passages from all parts of the document.
func (s *Sampler) style() string {
	if len(s.windows) == 1 {
		return excerpts(s.windows[0].text.String())
	}
	var b strings.Builder
	for i := range styleWindows {
		// Not the very beginning, which is title and imprint.
		at := (2*i + 1) * len(s.windows) / (2 * styleWindows)
		b.WriteString(s.windows[at].text.String())
	}
	return b.String()
}

// excerpts returns passages from all parts of a text that is in memory.
func excerpts(text string) string {
	if utf8.RuneCountInString(text) <= styleWindows*windowCharacters {
		return text
	}
	runes := []rune(text)
	var b strings.Builder
	for i := range styleWindows {
		from := i * (len(runes) - windowCharacters) / (styleWindows - 1)
		b.WriteString(string(runes[from : from+windowCharacters]))
		b.WriteByte('\n')
	}
	return b.String()
}

// piece is something to be shown, and where in the document it stands.
type piece struct {
	from int
	text string
}

// questions puts pieces together into texts of a question's length.
func questions(pieces []piece, longest int) []string {
	var texts []string
	var open strings.Builder
	length := 0
	flush := func() {
		if strings.TrimSpace(open.String()) != "" {
			texts = append(texts, open.String())
		}
		open.Reset()
		length = 0
	}
	for _, piece := range pieces {
		for rest := piece.text; rest != ""; {
			room := longest - length
			part := cut(rest, room)
			if length > 0 && len(part) < len(rest) && utf8.RuneCountInString(rest) <= min(windowCharacters+1, longest) {
				flush() // it fits into the next as a whole
				continue
			}
			open.WriteString(part)
			length += utf8.RuneCountInString(part)
			if rest = strings.TrimPrefix(rest[len(part):], " "); rest != "" {
				flush()
			}
		}
		open.WriteByte('\n')
		length++
	}
	flush()
	return texts
}

// Of returns what is shown of a document that is in memory, in texts of at most
// longest characters unless that is 0.
func Of(blocks []document.Block, longest int) Sample {
	characters := 0
	for _, block := range blocks {
		characters += utf8.RuneCountInString(block.Text)
	}
	sampler := NewSampler(characters)
	sampler.Longest = longest
	for _, block := range blocks {
		sampler.Add(block.Text)
	}
	return sampler.Sample()
}
