package verify

import "verso/hooks/translation/engine"

const (
	// guessCharacters is how much of the source is looked at to guess its
	// language, guessHits how many frequent words of it that takes.
	guessCharacters, guessHits = 6000, 8
)

// informed returns a checker that knows the source language: itself, or one for
// the language that the source seems to be in where nobody told it.
func (c *Checker) informed(b *bench, asked []engine.Block) *Checker {
	if c.source.known || c.pair.Imitation {
		return c
	}
	pair := c.pair
	if pair.Source = c.guess(b, asked); pair.Source == "" {
		return c
	}
	return New(pair)
}

// guess returns the language that most of the source's frequent words are of,
// or that its script is used for; "" where neither tells. Between languages
// that are alike it may be wrong, which does no harm: they are alike to the
// checks too.
func (c *Checker) guess(b *bench, asked []engine.Block) string {
	var letters [scripts]int
	var all, one hits
	read := 0
	for i := range asked {
		b.source.read(asked[i].Text)
		for script := range letters {
			letters[script] += b.source.letters[script]
		}
		c.words.count(&b.source, &one, c.words.scripts)
		all.add(&one)
		if read += b.source.runes; read > guessCharacters {
			break
		}
	}
	best := 0
	for i := range c.words.names {
		if all.of[i] > all.of[best] {
			best = i
		}
	}
	most := latin
	for script := latin; script < elsewhere; script++ {
		if letters[script] > letters[most] {
			most = script
		}
	}
	if c.words.scripts.has(most) {
		if all.of[best] >= guessHits && float64(all.of[best]) >= ownShare*float64(all.words) {
			return c.words.names[best]
		}
		return ""
	}
	if letters[kana]*8 > letters[han]+letters[kana] && (most == han || most == kana) {
		return "ja"
	}
	return languageOf(most)
}

// languageOf returns the language that nearly all texts in a script are in; ""
// where there are several.
func languageOf(s script) string {
	switch s {
	case han:
		return "zh"
	case hangul:
		return "ko"
	case thai:
		return "th"
	case greek:
		return "el"
	case georgian:
		return "ka"
	case armenian:
		return "hy"
	}
	return ""
}
