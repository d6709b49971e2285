package verify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// reading is a text as the checks see it. Its slices are used again for the
// next text.
type reading struct {
	// raw is the text as it came, with its tags.
	raw string
	// runes counts its characters without tags.
	runes int
	// letters counts letters, and marks on letters, by script.
	letters [scripts]int
	// prose counts the letters of words that are no code, names those of them
	// that begin with a capital, code those of the others.
	prose, names, code int
	words              []word
	// digits says that there is a digit outside of tags.
	digits bool
}

// word is a run of letters of one script; in scripts that put no space between
// words, a letter.
type word struct {
	start, end int32 // in bytes of raw
	// hash is of the letters in lower case.
	hash   uint32
	runes  int32
	script script
	// capital says that it begins with a capital letter: a name, or the first
	// of its sentence.
	capital bool
	// copied says, of a translation's word, that the source has it behind the
	// same word.
	copied bool
	// code says that it stands in something that is not language: an address,
	// a path, an identifier.
	code bool
}

// weight is how much of a word it is: the words of scripts without spaces are
// their letters, of which a word has two to five.
func (w *word) weight() float64 {
	switch w.script {
	case han, kana:
		return 0.4
	case thai, lao, khmer, myanmar, tibetan:
		return 0.2
	}
	return 1
}

// plain reports whether a word is no name and no code, so that a translation
// would change it.
func (w *word) plain() bool { return !w.capital && !w.code }

// read takes in a text.
func (r *reading) read(text string) {
	*r = reading{raw: text, words: r.words[:0]}
	scan := scanner{reading: r, chunk: -1}
	for i := 0; i < len(text); {
		b := text[i]
		if b == '<' {
			if _, length := readTag(text, i); length > 0 {
				scan.endWord(i)
				i += length
				continue
			}
		}
		if b < utf8.RuneSelf {
			r.runes++
			scan.ascii(b, i)
			i++
			continue
		}
		letter, size := utf8.DecodeRuneInString(text[i:])
		r.runes++
		scan.other(letter, i)
		i += size
	}
	scan.endChunk(len(text))
	for i := range r.words {
		switch w := &r.words[i]; {
		case w.code:
			r.code += int(w.runes)
		case w.capital:
			r.names += int(w.runes)
			r.prose += int(w.runes)
		default:
			r.prose += int(w.runes)
		}
	}
}

// scanner cuts a text into words. A chunk is what stands between white space
// or beside a script that has no capitals; its words are code or none of them.
type scanner struct {
	*reading
	word   word
	inWord bool
	lower  bool // the word has a small letter
	chunk  int  // its first word, -1 between chunks
	code   bool // the chunk is code
	dot    bool // the last character of the chunk was a dot within it
	quoted bool // between back quotes
}

func (s *scanner) ascii(b byte, at int) {
	switch {
	case b >= 'a' && b <= 'z':
		s.letter(latin, rune(b), at)
	case b >= 'A' && b <= 'Z':
		if s.inWord && s.lower && s.word.script == latin {
			s.code = true // camelCase
		}
		s.letter(latin, rune(b)|0x20, at)
		if s.word.runes == 1 {
			s.word.capital = true
		}
	case b == ' ' || b == '\n' || b == '\t' || b == '\r':
		s.endChunk(at)
	default:
		s.endWord(at)
		s.dot = false
		switch b {
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			s.digits = true
			s.code = true
		case '_', '*', '/', '\\', '@', '=', '#', '{', '}', '[', ']', '|', '~', '^', '$', '<', '>', '+':
			s.code = true
		case '.', ':':
			s.dot = true
		case '(':
			s.code = s.code || at > 0 && letterByte(s.raw[at-1]) // a call
		case '`':
			if at == 0 || s.raw[at-1] != '`' {
				s.quoted = !s.quoted
			}
		}
	}
}

func (s *scanner) other(r rune, at int) {
	script := scriptOf(r)
	if script == noScript {
		s.endWord(at)
		s.dot = false
		if unicode.IsDigit(r) {
			s.digits = true
		} else if unicode.IsSpace(r) {
			s.endChunk(at)
		}
		return
	}
	upper := cased(script) && unicode.IsUpper(r)
	if upper || r == 'ſ' {
		r = unicode.ToLower(r)
	}
	if !cased(script) && script != mark && s.chunk >= 0 && cased(s.lastScript()) {
		s.endChunk(at)
	}
	s.letter(script, r, at)
	if upper && s.word.runes == 1 {
		s.word.capital = true
	}
}

// lastScript is the script of the word under way or of the last one.
func (s *scanner) lastScript() script {
	if s.inWord {
		return s.word.script
	}
	if len(s.words) > 0 {
		return s.words[len(s.words)-1].script
	}
	return noScript
}

// letter takes one letter, folded to lower case.
func (s *scanner) letter(script script, r rune, at int) {
	if script == mark {
		// A combining mark belongs to the word under way, in any script.
		if s.inWord {
			s.word.hash = mix(s.word.hash, r)
			s.word.runes++
		}
		return
	}
	s.letters[script]++
	if s.inWord && s.word.script != script && cased(script) && cased(s.word.script) {
		s.code = true // letters that only look alike are no word of either script
	}
	if s.inWord && (s.word.script != script || spaceless(script)) {
		s.endWord(at)
	}
	if !s.inWord {
		if s.dot && s.chunk >= 0 && s.chunk < len(s.words) && cased(script) {
			s.code = true // a dot or colon between letters: a name in code, an address
		}
		if s.chunk < 0 {
			s.chunk = len(s.words)
		}
		s.inWord, s.lower = true, false
		s.word = word{start: int32(at), hash: hashStart, script: script}
	}
	s.dot = false
	s.word.hash = mix(s.word.hash, r)
	s.word.runes++
	s.lower = true
}

const hashStart = 2166136261

// mix is FNV-1a over runes.
func mix(hash uint32, r rune) uint32 { return (hash ^ uint32(r)) * 16777619 }

func hashOf(text string) uint32 {
	hash := uint32(hashStart)
	for _, r := range text {
		hash = mix(hash, r)
	}
	return hash
}

func (s *scanner) endWord(at int) {
	if !s.inWord {
		return
	}
	s.inWord = false
	s.word.end = int32(at)
	s.word.code = s.quoted
	s.words = append(s.words, s.word)
}

func (s *scanner) endChunk(at int) {
	s.endWord(at)
	if s.code && s.chunk >= 0 {
		for i := s.chunk; i < len(s.words); i++ {
			if cased(s.words[i].script) {
				s.words[i].code = true
			}
		}
	}
	s.chunk, s.code, s.dot = -1, false, false
}

// all is the number of letters in any script.
func (r *reading) all() int {
	sum := 0
	for script := latin; script < scripts; script++ {
		sum += r.letters[script]
	}
	return sum
}

// lastRunes returns about the last n runes of a text, cheaply.
func lastRunes(text string, n int) string {
	at := max(0, len(text)-n*3)
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return text[at:]
}

// firstRunes returns about the first n runes of a text, cheaply.
func firstRunes(text string, n int) string {
	if len(text) <= n*3 {
		return text
	}
	return strings.ToValidUTF8(text[:n*3], "")
}
