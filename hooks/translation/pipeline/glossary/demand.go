package glossary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// demand is what a translation must hold for one term.
type demand struct {
	// wordings are the ways of it, one of which must stand; none demands nothing.
	wordings []wording
	// kept says that the term stays as it is, with its capitals.
	kept bool
}

// wording is one way in which a translation may have a term.
type wording struct {
	// text is as the glossary has it.
	text string
	// entry is that of the index, -1 where there are no words.
	entry int32
	// spelt is folded, its words parted by spaces; joint is it without them.
	spelt, joint string
	// stem is the beginning that a word which is no name keeps in most of its
	// forms and derivations, "" for none.
	stem string
	// root are the consonants of an Arabic word, which its plural keeps; "" for
	// names and for several words.
	root string
	// words are the index's, without articles, where there are several in
	// a script that has spaces.
	words []int32
	// letters is how many there are, and script that of the first.
	letters int
	script  script
}

const (
	// fewestStem is how many letters a word has of which three quarters stand
	// for it.
	fewestStem = 8
	// shortestStem is how many these are at least.
	shortestStem = 7
)

// mostWordings bounds the alternatives of a translation.
const mostWordings = 16

// addDemand adds a term's translation to an index of them, and returns what
// must stand.
func (x *index) addDemand(i int, term *Term) demand {
	d := demand{kept: strings.TrimSpace(term.Term) == strings.TrimSpace(term.Translation)}
	for _, alternative := range alternatives(term.Translation) {
		for _, text := range x.variants(alternative) {
			if len(d.wordings) == mostWordings {
				return d
			}
			w := x.wording(i, text)
			if x.language == "ar" && w.script == arabic && !term.named() {
				w.root = rootOf(text)
			}
			d.wordings = append(d.wordings, w)
		}
	}
	return d
}

// alternatives returns the translations of which one must stand.
func alternatives(translation string) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(strings.ReplaceAll(translation, " / ", "|"), func(r rune) bool {
		return r == '|' || r == ';' || r == '；'
	}) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// named reports whether a term is a name, of which no other forms are made.
func (t *Term) named() bool {
	first, _ := utf8.DecodeRuneInString(t.Term)
	return unicode.IsUpper(first) || t.Kind == "person" || t.Kind == "place" || t.Kind == "organisation"
}

// variants returns a translation and what is as good: without a remark in
// parentheses, without its article, and the stem of a verb.
func (x *index) variants(text string) []string {
	all := []string{text}
	if at := strings.IndexAny(text, "(（"); at > 0 && (strings.HasSuffix(text, ")") || strings.HasSuffix(text, "）")) {
		all = append(all, strings.TrimSpace(text[:at]))
	}
	if first, rest, found := strings.Cut(text, " "); found && x.isArticle(strings.ToLower(first)) {
		all = append(all, strings.TrimSpace(rest))
	} else if first, rest, found := strings.Cut(text, "'"); found && x.isArticle(strings.ToLower(first)) {
		all = append(all, rest)
	}
	switch x.language {
	case "fr":
		all = append(all, unaccentedCapital(text)...)
	case "ja":
		all = append(all, japaneseStems(text)...)
	case "ko":
		all = append(all, koreanStems(text)...)
	}
	return all
}

// isArticle reports whether a word may be lost or changed.
func (x *index) isArticle(word string) bool {
	for i := range x.tongues {
		if x.tongues[i].articles[word] {
			return true
		}
	}
	return false
}

// wording adds one way of a translation.
func (x *index) wording(term int, text string) wording {
	r := x.cut(text)
	w := wording{text: text, entry: x.enter(term, r, false)}
	if w.entry < 0 {
		return w
	}
	w.spelt, w.joint = r.spelt(), r.joint()
	for i := range r.tokens {
		t := &r.tokens[i]
		if !t.word() {
			continue
		}
		if w.letters == 0 {
			w.script = t.script
		}
		w.letters += int(t.to - t.from)
		word := spelling(r.letters[t.from:t.to])
		if !t.script.alone() && !x.isArticle(word) {
			w.words = append(w.words, x.words.ids[word])
		}
	}
	if len(w.words) < 2 {
		w.words = nil
	}
	if e := &x.entries[w.entry]; e.word != "" && e.casings[0] == lower && w.letters >= fewestStem {
		word := []rune(e.word)
		w.stem = string(word[:max(shortestStem, (3*len(word)+3)/4)])
	}
	return w
}

// spelt returns a text folded, with one space wherever there is something
// between its words.
func (r *reading) spelt() string {
	var b strings.Builder
	for i := range r.tokens {
		if t := &r.tokens[i]; t.word() {
			if i > 0 && (t.gap != tight || !r.tokens[i-1].word()) {
				b.WriteByte(' ')
			}
			r.write(&b, t)
		}
	}
	return b.String()
}

// joint returns the letters of a text without anything between them.
func (r *reading) joint() string {
	var b strings.Builder
	for i := range r.tokens {
		if t := &r.tokens[i]; t.word() {
			r.write(&b, t)
		}
	}
	return b.String()
}

func (r *reading) write(b *strings.Builder, t *token) {
	for i := t.from; i < t.to; i++ {
		b.WriteRune(r.letters[i].r)
	}
}
