package tongue

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// wordReader cuts texts into words of one script.
type wordReader struct {
	scripts []script
	// yield takes a word, in small letters and without marks that writers may
	// leave out, and the number of its script. The word is valid until it returns.
	yield func(word []rune, script int)

	word   []rune
	script int
}

// read yields the words of a text. It leaves out numbered tags, addresses, code
// and numbers, whose letters are in no language.
func (w *wordReader) read(text string) {
	for text != "" {
		token, rest := cutToken(text)
		text = rest
		if strings.IndexByte(token, '<') >= 0 {
			token = withoutTags(token)
		}
		if !isCode(token) {
			w.cut(norm.NFC.String(token))
		}
	}
}

// cutToken cuts what stands before the next white space, or before the next
// change between East Asian characters, which need no spaces, and others.
func cutToken(text string) (token, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	first, _ := utf8.DecodeRuneInString(text)
	for at, r := range text {
		if unicode.IsSpace(r) || (r >= firstEastAsian) != (first >= firstEastAsian) {
			return text[:at], text[at:]
		}
	}
	return text, ""
}

// firstEastAsian is where Unicode's East Asian blocks begin.
const firstEastAsian = 0x2e80

// withoutTags takes the numbered inline tags <1>, </1> and <2/> out.
func withoutTags(token string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(token, "<")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		inside, after, closed := strings.Cut(rest, ">")
		if !closed || strings.Trim(inside, "/0123456789") != "" {
			b.WriteByte(' ')
			token = rest
			continue
		}
		token = after
	}
}

// isCode reports whether a token is an address, a path, or code rather than
// words.
func isCode(token string) bool {
	if strings.Contains(token, "://") || strings.HasPrefix(token, "www.") {
		return true
	}
	if strings.ContainsAny(token, "_{}=\\|@#$%^~") || strings.Count(token, "/") > 1 ||
		strings.Contains(token, "()") || strings.Contains(token, "::") || strings.Contains(token, "->") {
		return true
	}
	for i := 1; i < len(token); i++ {
		before, at := token[i-1], token[i]
		switch {
		case isLower(before) && isUpper(at), isLower(before) && isDigit(at):
			return true
		case at == '.' && isLower(before) && i+1 < len(token) && isLower(token[i+1]):
			return true
		}
	}
	return false
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// softHyphen stands within words where they may be broken.
const softHyphen = '\u00ad'

// cut yields the words of a token.
func (w *wordReader) cut(token string) {
	for _, r := range token {
		if r == softHyphen {
			continue
		}
		if unicode.IsMark(r) {
			// Vowel points of Arabic and Hebrew are mostly left out; the vowel
			// signs of Indic scripts are letters.
			if len(w.word) > 0 && (r < 0x0591 || r >= 0x0900) {
				w.word = append(w.word, r)
			}
			continue
		}
		s := w.scriptOf(r)
		if s != w.script {
			w.end()
			w.script = s
		}
		if s >= 0 {
			w.word = append(w.word, unicode.ToLower(r))
		}
	}
	w.end()
}

// scriptOf returns the number of a letter's script, or -1. Neighbours are
// mostly of one script.
func (w *wordReader) scriptOf(r rune) int {
	if !unicode.IsLetter(r) || r == 'ـ' {
		return -1
	}
	if w.script >= 0 && unicode.Is(w.scripts[w.script].letters, r) {
		return w.script
	}
	for i := range w.scripts {
		if unicode.Is(w.scripts[i].letters, r) {
			return i
		}
	}
	return -1
}

func (w *wordReader) end() {
	if len(w.word) > 0 {
		w.yield(w.word, w.script)
	}
	w.word = w.word[:0]
}
