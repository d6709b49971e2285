// Package verify decides whether a model's answer is a translation.
//
//	checker := verify.New(verify.Pair{Source: "en", Target: "ko"})
//	good, problems := checker.Answer(asked, answered)
//
// Nothing false may be called a translation, and no real translation may be
// refused: a block refused for nothing is asked for again at the owner's cost,
// and in the end stands untranslated. Each check is therefore a plain rule with
// a table of examples, and its thresholds were measured on real translations by
// people: NTREX-128 (news, 128 languages), the documentation of Python (eight
// languages) and Bibles (nineteen). What a check cannot tell it lets pass.
//
// All checks take time in proportion to the text, whatever it holds.
package verify

import (
	"strings"

	"verso/hooks/translation/engine"
)

// Pair is what the checks know of the languages.
type Pair struct {
	// Source is the language of the document as a BCP 47 tag, "" if unknown.
	Source string
	// Target is the language to translate into, a BCP 47 tag.
	Target string
	// Imitation says that the answers are in no language: they are not held
	// against what is known of languages.
	Imitation bool
}

// Problem is why a block's answer cannot be used.
type Problem struct {
	// Block is the block's id.
	Block string
	// Check names the check that failed, such as "echo".
	Check string
	// Detail says what is wrong, for the model that is asked again and for the
	// reader who finds the block untranslated. It continues "because": "it came
	// back untranslated".
	Detail string
}

// Checker checks answers for one pair of languages. It does not change once it
// is made, and may serve many goroutines.
type Checker struct {
	pair           Pair
	source, target tongue
	words          lexicon
	forms          map[uint32]form
	kin            float64
}

// New returns a checker for a pair of languages. Tags that cannot be read are
// languages of which nothing is known.
func New(pair Pair) *Checker {
	c := &Checker{pair: pair, source: tongueOf(pair.Source), target: tongueOf(pair.Target)}
	if !pair.Imitation {
		c.words = lexiconOf(c.target, c.source)
	}
	c.forms = formsOf(c.target)
	c.kin = kinship(c.source.base, c.target.base)
	return c
}

// Answer sorts an answer with a checker made for the purpose; see
// [Checker.Answer].
func Answer(pair Pair, asked, answered []engine.Block) (good map[string]string, problems []Problem) {
	return New(pair).Answer(asked, answered)
}

// Answer sorts an answer: the translations that can be used by block id, and
// for each block that has none a problem, in the order of asked. A source
// language that is not known is guessed from all that was asked.
func (c *Checker) Answer(asked, answered []engine.Block) (good map[string]string, problems []Problem) {
	given := collect(asked, answered)
	bench := &bench{lines: make([]line, len(asked))}
	c = c.informed(bench, asked)
	for i, block := range asked {
		line := &bench.lines[i]
		if line.check, line.detail = once(given[i]); line.check != "" {
			line.hollow = given[i].times == 0
			continue
		}
		line.text, line.answered = given[i].text, true
		c.look(bench, line, block.Text)
	}
	c.together(bench)
	if !c.pair.Imitation {
		c.merged(bench, asked)
		if c.target.known {
			placed(bench.lines)
		}
	}

	good = make(map[string]string, len(asked))
	for i, block := range asked {
		if line := &bench.lines[i]; line.check != "" {
			problems = append(problems, Problem{block.ID, line.check, line.detail})
		} else {
			good[block.ID] = line.text
		}
	}
	return good, problems
}

// Block checks one translation by itself and returns the name of the check that
// fails and what is wrong, or two empty strings.
func (c *Checker) Block(source, translation string) (check, detail string) {
	line := line{text: translation}
	c.look(&bench{}, &line, source)
	return line.check, line.detail
}

// bench is what checking one answer works with; blocks use it one after another.
type bench struct {
	source, translation reading
	stays               bool    // the source block may stay as it is
	program             bool    // the source block is a program
	motto               bool    // the source block may be a phrase of another language
	common              overlap // what the two have in common
	hits, pool          hits
	seen                set
	last                []place
	found               [2][]number
	lines               []line
}

// line is a block of the answer while it is being checked.
type line struct {
	text          string
	answered      bool
	check, detail string
	shape         shape
	// hollow says that there is nothing, or far too little, where a translation
	// should be.
	hollow bool
	// strange says that it is too short to be judged and has frequent words of
	// another language only.
	strange bool
}

// check is one check of a block: what is wrong with it, or "".
type check struct {
	name string
	// ofLanguages says that the check knows languages and so cannot judge an
	// imitation.
	ofLanguages bool
	find        func(c *Checker, b *bench) string
}

// checks are the checks of a block by itself, in the order in which they are
// told: a refusal is also too short, but that is not what is wrong with it.
func checks() [12]check {
	return [...]check{
		{"refusal", false, func(_ *Checker, b *bench) string { return refusal(b.source.raw, b.translation.raw) }},
		{"remark", false, func(_ *Checker, b *bench) string { return remark(b.source.raw, b.translation.raw) }},
		{"characters", false, (*Checker).characters},
		{"echo", false, (*Checker).echo},
		{"script", true, (*Checker).script},
		{"stray", true, (*Checker).stray},
		{"language", true, (*Checker).language},
		{"length", false, (*Checker).length},
		{"truncation", true, (*Checker).truncation},
		{"repetition", false, (*Checker).repetition},
		{"numbers", false, (*Checker).numbers},
		{"lines", false, func(_ *Checker, b *bench) string { return lines(b.source.raw, b.translation.raw) }},
	}
}

// look runs the checks of a block by itself.
func (c *Checker) look(b *bench, line *line, source string) {
	if line.check, line.detail = "empty", empty(source, line.text); line.detail != "" {
		line.hollow = true
		return
	}
	if line.check, line.detail = "tags", Tags(source, line.text); line.detail != "" {
		return
	}
	if line.check, line.detail = "length", enormous(source, line.text); line.detail != "" {
		return
	}
	b.source.read(source)
	b.translation.read(line.text)
	b.stays = c.stays(b)
	b.program = program(&b.source)
	b.common = c.overlap(b)
	for _, check := range checks() {
		if check.ofLanguages && c.pair.Imitation {
			continue
		}
		if line.check, line.detail = check.name, check.find(c, b); line.detail != "" {
			line.hollow = check.name == "length" && float64(b.translation.runes) < c.expected(&b.source)
			return
		}
	}
	line.check = ""
	line.shape = c.shapeOf(b)
	line.strange = b.hits.words < languageWords && b.hits.target == 0 && b.hits.languages != 0 && !b.stays && !c.pair.Imitation
}

// empty wants something where there was something.
func empty(source, translation string) string {
	if strings.TrimSpace(translation) == "" && strings.TrimSpace(source) != "" {
		return "the translation was empty"
	}
	return ""
}
