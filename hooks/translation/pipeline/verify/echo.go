package verify

const (
	// echoWords is how many words an unchanged text needs to be an echo;
	// shorter ones are often names or terms. Two of them must be words that a
	// translation would change.
	echoWords, echoChanging = 4, 2
	// nearWords is how many words a text needs to be a near echo.
	nearWords = 6
	// nearShare is the share of a translation's plain words that stand in the
	// source behind the same word, from which on it is the source with a few
	// changes.
	nearShare = 0.5
	// runWords is how many of the source's words in a row are a part of the
	// source that was not translated, of which runChanging must be words that a
	// translation would change.
	runWords, runChanging = 12, 5
	// mottoWords is how many words a phrase in another language may have that
	// stays as it is, if none of them is a frequent one of the source language.
	mottoWords = 10
	// sameTongue is the kinship of languages that are one but for the name,
	// whose sentences are often equal: Croatian, Serbian, Bosnian.
	sameTongue = 0.45
)

// echo refuses the source given back: as it is, with a few words changed, or
// its own sentences after a translated beginning. Text that is hardly any words
// (a name, a formula, an address, a title) may stay as it is, as may what is in
// the target language already.
func (c *Checker) echo(b *bench) string {
	source, translation := &b.source, &b.translation
	if c.pair.Imitation {
		if source.raw == translation.raw && source.all() > 0 { // not a letter of it was imitated
			return "it came back untranslated"
		}
		return ""
	}
	if c.target.known && c.source.base == c.target.base || c.kin >= sameTongue || b.stays || b.program || citation(source) {
		return ""
	}
	found := b.common
	switch {
	case found.same && b.motto:
		return ""
	case found.same && found.words >= echoWords*(1+2*c.kin) && found.changing >= echoChanging*(1+2*c.kin):
		return "it came back untranslated"
	case found.words >= nearWords*(1+2*c.kin) && found.changing >= nearWords/2*(1+3*c.kin) && found.share() > nearShare+c.kin:
		return "it came back nearly untranslated"
	case found.run >= runWords*(1+3*c.kin) && found.runChanging >= runChanging*(1+3*c.kin):
		return "a part of it came back untranslated"
	}
	return ""
}

// overlap is what a translation has in common with its source.
type overlap struct {
	same     bool    // the same words in the same order
	words    float64 // the weight of the translation's words
	changing float64 // of those that a translation would change
	plain    float64 // of those that are no names and no code
	covered  float64 // of the plain ones that follow the word they follow in the source
	// run is the longest stretch of words of the source, runChanging the
	// weight of those among them that a translation would change.
	run, runChanging float64
}

func (o overlap) share() float64 {
	if o.plain == 0 {
		return 0
	}
	return o.covered / o.plain
}

// overlap compares a translation with its source by pairs of words that follow
// each other.
func (c *Checker) overlap(b *bench) (found overlap) {
	source, translation := b.source.words, b.translation.words
	found.same = len(source) == len(translation)
	b.seen.reset(len(source))
	last := uint32(0)
	for i := range source {
		b.seen.add(pairHash(last, source[i].hash))
		last = source[i].hash
	}
	last = 0
	run, runChanging := 0.0, 0.0
	for i := range translation {
		w := &translation[i]
		found.same = found.same && source[i].hash == w.hash
		weight := w.weight()
		changes := w.plain() && (w.runes > 3 || !cased(w.script))
		if !cased(w.script) && !spaceless(w.script) {
			weight /= 2 // names cannot be told from words
		}
		found.words += weight
		if w.plain() {
			found.plain += weight
		}
		if changes {
			found.changing += weight
		}
		w.copied = b.seen.has(pairHash(last, w.hash))
		if w.copied {
			if w.plain() {
				found.covered += weight
			}
			if !w.code {
				run += weight
				if changes {
					runChanging += weight
				}
			}
			if run > found.run {
				found.run, found.runChanging = run, runChanging
			}
		} else {
			run, runChanging = 0, 0
		}
		last = w.hash
	}
	return found
}

func pairHash(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }

// stays reports whether a block of the source may stay as it is, because it is
// in the target language already, or in another than the document's: a
// quotation, a motto.
func (c *Checker) stays(b *bench) bool {
	source := &b.source
	if c.target.known && c.source.known && c.target.scripts&c.source.scripts == 0 && c.target.scripts != 0 {
		if all := source.all(); all > 0 && source.lettersOf(c.target.scripts)*10 > all*8 {
			return true
		}
	}
	c.words.count(source, &b.hits, c.words.scripts)
	b.motto = c.words.source != 0 && b.hits.source == 0 && b.hits.languages != 0 && b.hits.words <= mottoWords
	return c.words.foreign(&b.hits)
}

// lettersOf counts the letters of some scripts.
func (r *reading) lettersOf(set scriptSet) int {
	sum := 0
	for script := latin; script < scripts; script++ {
		if set.has(script) {
			sum += r.letters[script]
		}
	}
	return sum
}

// signsShare is the share of brackets, strokes and other signs from which on a
// text is a program. Nine in ten paragraphs of the documentation of Python have
// less than 0.04, and all sentences of NTREX-128 less than 0.07.
const signsShare = 0.075

// program reports whether a text is a piece of a program.
func program(r *reading) bool {
	signs := 0
	for i := range len(r.raw) {
		switch r.raw[i] {
		case '(', ')', '[', ']', '{', '}', '=', '<', '>', '_', '#', ';', '"', '\\', '|', '+', '*', '%', '&', '$', '@', '^', '~':
			signs++
		}
	}
	return float64(signs) > signsShare*float64(r.runes)
}

// citation reports whether a text looks like an entry of a bibliography, which
// stays in the language of what it names: initials, a year, and further numbers.
func citation(r *reading) bool {
	text := r.raw
	if !r.digits || len(text) > 600 {
		return false
	}
	initials, years, numbers := 0, 0, 0
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b >= 'A' && b <= 'Z' && i+1 < len(text) && text[i+1] == '.' && (i == 0 || text[i-1] == ' ' || text[i-1] == '.' || text[i-1] == '-'):
			initials++
		case b >= '0' && b <= '9':
			end := i
			for end < len(text) && text[end] >= '0' && text[end] <= '9' {
				end++
			}
			if year := text[i:end]; len(year) == 4 && year >= "1500" && year <= "2099" {
				years++
			} else {
				numbers++
			}
			i = end
		}
	}
	return initials >= 1 && years >= 1 && numbers >= 1
}

// kinship says how much two languages have in common, word for word, from 0 to
// 0.45: the larger, the more of a real translation equals its source. The
// numbers are judgements; with them no sentence of NTREX-128 between related
// languages is an echo.
func kinship(source, target string) float64 {
	groups := [...]struct {
		members string
		kin     float64
	}{
		{" hr sr bs sh cnr ", 0.45}, {" nb nn no da ", 0.4}, {" id ms ", 0.4}, {" ru uk be bg mk ", 0.2},
		{" cs sk ", 0.3}, {" es pt gl ca ast ", 0.3}, {" sv da nb nn no ", 0.25}, {" nl af ", 0.25},
		{" fr it es ca oc ", 0.15}, {" hr sl mk bg ", 0.15}, {" tr az ", 0.2}, {" kk ky tt ug uz ", 0.2},
		{" ar fa ur ps ", 0.15}, {" hi mr ne ", 0.15}, {" zh ja yue wuu lzh ", 0.3}, {" xh zu ", 0.25}, {" fa tg ", 0.2},
	}
	most := 0.0
	for _, group := range groups {
		if source != "" && target != "" && contains(group.members, source) && contains(group.members, target) {
			most = max(most, group.kin)
		}
	}
	return most
}
