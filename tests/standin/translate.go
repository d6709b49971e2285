package standin

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Term is an entry of a glossary.
type Term struct {
	Term        string `json:"term"`
	Translation string `json:"translation"`
}

// Translate returns the translation that the stand-in makes of a text: words
// in the target language's script that are no words of any language, the same
// for the same text, and as a rule different for different texts.
//
// It keeps inline tags such as <1>, </1> and <2/>, addresses (URLs, e-mail),
// digits, punctuation, line breaks and white space; only between two words of
// Chinese or Japanese a single space falls away, because there is none in
// those languages, and where the source writes words without spaces and the
// target does not, some are put in. Every word changes: the text is equal to
// its source only if it has no letters outside of tags and addresses.
//
// Its length is about what translators make of English: as long in
// alphabets, half in Korean and Japanese, a third in Chinese. Terms are
// replaced by their translations wherever they stand as words of their own,
// in any case.
func Translate(target, text string, terms ...Term) string {
	tongue := tongueOf(target)
	var out strings.Builder
	out.Grow(len(text))
	if !strings.ContainsAny(text, "<@") && !strings.Contains(text, "://") && !strings.Contains(text, "www.") {
		translateWords(&out, tongue, text, terms) // nothing is protected
		return out.String()
	}
	kept := protected()
	for text != "" {
		at := kept.FindStringIndex(text)
		if at == nil {
			at = []int{len(text), len(text)}
		}
		translateWords(&out, tongue, text[:at[0]], terms)
		out.WriteString(text[at[0]:at[1]])
		text = text[at[1]:]
	}
	return out.String()
}

// protected finds what is never translated: inline tags and addresses.
func protected() *regexp.Regexp {
	return regexp.MustCompile(`</?\d+/?>` +
		`|(?:https?://|www\.)[^\s<>"']+[^\s<>"'.,;:!?)\]]` +
		`|[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
}

// translateWords translates what holds neither tags nor addresses.
func translateWords(out *strings.Builder, to tongue, text string, terms []Term) {
	afterWord := false
	for text != "" {
		if term, length := termAt(text, terms, afterWord); length > 0 {
			out.WriteString(term.Translation)
			text, afterWord = text[length:], true
			continue
		}
		if word := leadingWord(text); word != "" {
			word = word[:beforeTerm(word, terms)]
			out.WriteString(to.word(word))
			text, afterWord = text[len(word):], true
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		if !(r == ' ' && afterWord && !to.spaces && leadingWord(text[size:]) != "") {
			out.WriteString(text[:size])
		}
		text, afterWord = text[size:], false
	}
}

// leadingWord returns the letters, with their marks, that a text begins with.
func leadingWord(text string) string {
	for i, r := range text {
		if !unicode.IsLetter(r) && (i == 0 || !unicode.In(r, unicode.M, unicode.Join_Control)) {
			return text[:i]
		}
	}
	return text
}

// termAt returns the longest term that a text begins with, as words of their
// own where the script has spaces, and how many bytes it takes.
func termAt(text string, terms []Term, afterWord bool) (found Term, length int) {
	for _, term := range terms {
		n := len(term.Term)
		if n <= length || n > len(text) || !strings.EqualFold(text[:n], term.Term) {
			continue
		}
		spaceless := strings.ContainsFunc(term.Term, writtenWithoutSpaces)
		if !spaceless && (afterWord || leadingWord(text[n:]) != "") {
			continue
		}
		found, length = term, n
	}
	return found, length
}

// beforeTerm returns where in a word written without spaces the first term
// begins, or the word's length.
func beforeTerm(word string, terms []Term) int {
	end := len(word)
	if first, _ := utf8.DecodeRuneInString(word); !writtenWithoutSpaces(first) {
		return end
	}
	for _, term := range terms {
		if at := strings.Index(word[:end], term.Term); at > 0 && strings.ContainsFunc(term.Term, writtenWithoutSpaces) {
			end = at
		}
	}
	return end
}

// writtenWithoutSpaces reports whether a letter's script puts no spaces
// between words.
func writtenWithoutSpaces(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// tongue is how words of a language are written.
type tongue struct {
	// spaces says that words stand apart, cased that there are capitals.
	spaces, cased bool
	// write makes a word of the script of plain Latin letters in lower case.
	write func(latin string) string
	// tail is appended to a word that would be equal to its source.
	tail string
}

// tongueOf returns how a language is written; what is not known is written in
// accented Latin letters.
func tongueOf(target string) tongue {
	tag, err := language.Parse(target)
	if err != nil {
		return latinTongue("")
	}
	base, _ := tag.Base()
	script, _ := tag.Script()
	switch script.String() {
	case "Latn":
		return latinTongue(base.String())
	case "Kore", "Hang":
		return tongue{spaces: true, write: hangul, tail: "은"}
	case "Jpan", "Hira", "Kana":
		return tongue{write: japanese, tail: "は"}
	case "Hans", "Hant", "Hani":
		return tongue{write: chinese, tail: "的"}
	case "Cyrl":
		return cyrillicTongue(base.String())
	}
	if letters, ok := alphabets()[script.String()]; ok {
		return tongue{spaces: letters.spaces, cased: letters.cased, write: letters.write, tail: letters.write("ra")}
	}
	return latinTongue(base.String())
}

// wordPieces is how many letters of a script without spaces make a word where
// the target writes words apart.
const wordPieces = 4

// word translates a word. Where it is written without spaces, and the target
// is not, it is several.
func (t tongue) word(source string) string {
	if first, _ := utf8.DecodeRuneInString(source); t.spaces && writtenWithoutSpaces(first) {
		var pieces []string
		runes := []rune(source)
		for len(runes) > 0 {
			n := min(wordPieces, len(runes))
			pieces = append(pieces, t.one(string(runes[:n])))
			runes = runes[n:]
		}
		return strings.Join(pieces, " ")
	}
	return t.one(source)
}

func (t tongue) one(source string) string {
	written := t.write(romanise(source))
	if t.cased && written != "" {
		written = likeCase(source, written)
	}
	if written == source || written == "" {
		written += t.tail
	}
	return written
}

// likeCase gives a word the capitals of its source: none, the first, or all.
func likeCase(source, word string) string {
	first, size := utf8.DecodeRuneInString(source)
	if !unicode.IsUpper(first) {
		return word
	}
	if rest := source[size:]; rest != "" && strings.ToUpper(rest) == rest && strings.ToLower(rest) != rest {
		return strings.ToUpper(word)
	}
	head, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToTitle(head)) + word[size:]
}
