package glossary

// gap is what stands between two tokens.
type gap uint8

const (
	// tight is nothing, or a tag.
	tight gap = iota
	// space is white space of any length, a middle dot between names, or the
	// period of an abbreviation.
	space
	// hyphen is one without spaces.
	hyphen
	// dash is one with spaces.
	dash
	// apostrophe is one without spaces.
	apostrophe
	// line is a line break where a script has no spaces.
	line
)

// casing is how a word is written.
type casing uint8

const (
	// caseless words have no letters with case.
	caseless casing = iota
	lower
	// capital is the first letter only.
	capital
	// upper is every letter, and more than one.
	upper
	mixed
)

// token is a word, or one character of a script without spaces or of no script.
type token struct {
	// from and to are its letters.
	from, to int32
	// firstHit and lastHit are what the index knows of it.
	firstHit, lastHit int32
	script            script
	casing            casing
	// gap stands before it.
	gap gap
	// begins says that a sentence, a quotation or a line may begin with it.
	begins bool
	// parted says that a tag like <2/> stands inside it.
	parted bool
}

func (t token) word() bool { return t.script != none }

// reader cuts letters into tokens.
type reader struct {
	letters []letter
	tokens  []token
	// What stands between the token before and the place read now.
	spaced, newline, hyphened, apostrophes, dotted, stop bool
}

// tokenize cuts letters into tokens.
func tokenize(letters []letter) []token {
	r := reader{letters: letters, tokens: make([]token, 0, len(letters)/4+4)}
	for at := 0; at < len(letters); {
		at = r.next(at)
	}
	return r.tokens
}

// next reads the token or what is between tokens at a letter, and returns where
// it ends.
func (r *reader) next(at int) int {
	c := r.letters[at].r
	switch s := scriptOf(c); {
	case s != none:
		end := r.wordEnd(at, s)
		r.add(at, end)
		return end
	case c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == 0x85 || c == 0xA0 || c == 0x2028 || c == 0x2029 || c == '\v' || c == '\f':
		r.spaced = true
		r.newline = r.newline || c == '\n' || c == 0x2028 || c == 0x2029
	case c == '\'':
		r.apostrophes = true
	case c == '-':
		r.hyphened = true
	case c == '·' || c == '=':
		r.dotted = true
	case c == '.' && r.abbreviates(at):
		r.dotted, r.stop = true, true
	default:
		r.add(at, at+1)
	}
	return at + 1
}

// abbreviates reports whether a period stands after a word of at most three
// letters, as in "Mr." and "J.R.R.": it may be left out.
func (r *reader) abbreviates(at int) bool {
	if len(r.tokens) == 0 {
		return false
	}
	last := &r.tokens[len(r.tokens)-1]
	return int(last.to) == at && last.to-last.from <= 3 && last.script >= latin && last.script <= spaced
}

// wordEnd returns the end of the word that begins with a letter of a script.
func (r *reader) wordEnd(at int, s script) int {
	if s.alone() {
		return r.clusterEnd(at, s)
	}
	end := at + 1
	for ; end < len(r.letters); end++ {
		next := scriptOf(r.letters[end].r)
		switch {
		case next == s, next == mark:
		case next == digit && s != hangul && s != katakana:
		case s == digit && (next == latin || next == cyrillic || next == greek || next == spaced):
			s = next
		default:
			return end
		}
	}
	return end
}

// clusterEnd returns the end of the character at a letter and of all that
// cannot be parted from it.
func (r *reader) clusterEnd(at int, s script) int {
	end := at + 1
	if s == joined && leads(r.letters[at].r) && end < len(r.letters) && scriptOf(r.letters[end].r) == joined {
		end++
	}
	for ; end < len(r.letters); end++ {
		c := r.letters[end].r
		if !trails(c) && scriptOf(c) != mark && (s != joined || !stacks(r.letters[end-1].r)) {
			return end
		}
	}
	return end
}

// leads reports whether a vowel of Thai or Lao is written before its consonant.
func leads(r rune) bool { return r >= 0xE40 && r <= 0xE44 || r >= 0xEC0 && r <= 0xEC4 }

// trails reports whether a vowel of Thai or Lao, or the mark of a long vowel,
// belongs to the character before.
func trails(r rune) bool {
	return r >= 0xE30 && r <= 0xE33 || r == 0xE45 || r == 0xE46 || r >= 0xEB0 && r <= 0xEB3 || r == 'ー'
}

// stacks reports whether a sign puts the next consonant under the one before.
func stacks(r rune) bool { return r == 0x17D2 || r == 0x1039 }

// add adds the token of some letters, and what stood before it.
func (r *reader) add(from, to int) {
	t := token{from: int32(from), to: int32(to), script: none, gap: r.gap()}
	if s := scriptOf(r.letters[from].r); s != none {
		t.script, t.casing = s, casingOf(r.letters[from:to])
		if s == digit {
			t.script = scriptOf(r.letters[to-1].r)
		}
		if s == han || s == hiragana || s == joined {
			t.script = s
		}
	}
	for _, l := range r.letters[from+1 : to] {
		t.parted = t.parted || l.cut
	}
	t.begins = len(r.tokens) == 0 || r.newline || r.stop || r.letters[from].cut || r.spaced && r.apostrophes
	if !t.begins {
		last := &r.tokens[len(r.tokens)-1]
		c := r.letters[last.from].r
		t.begins = last.script == none && c != ',' && c != '，' && c != '、'
	}
	if r.letters[from].cut && t.gap == tight {
		t.gap = space
	}
	r.tokens = append(r.tokens, t)
	r.spaced, r.newline, r.hyphened, r.apostrophes, r.dotted, r.stop = false, false, false, false, false, false
}

func (r *reader) gap() gap {
	switch {
	case r.spaced && r.hyphened:
		return dash
	case r.newline && len(r.tokens) > 0 && r.tokens[len(r.tokens)-1].script.alone():
		return line
	case r.spaced || r.dotted:
		return space
	case r.hyphened:
		return hyphen
	case r.apostrophes:
		return apostrophe
	}
	return tight
}

// casingOf returns how a word is written.
func casingOf(letters []letter) casing {
	capitals, small := 0, 0
	for i := range letters {
		switch {
		case letters[i].upper:
			capitals++
		case letters[i].r < 0x590 && scriptOf(letters[i].r) >= latin:
			small++
		}
	}
	switch {
	case capitals == 0 && small == 0:
		return caseless
	case capitals == 0:
		return lower
	case small == 0 && capitals > 1:
		return upper
	case capitals == 1 && letters[0].upper:
		return capital
	}
	return mixed
}
