package verify

import (
	"strings"
	"unicode/utf8"
)

const (
	// mostRatio and leastRatio bound the translation's characters over the
	// source's for any two languages, with shortText characters for free.
	leastRatio, mostRatio, shortText = 0.12, 8.0, 40
	// longest and shortest bound the length against what the pair of languages
	// takes on the average; slack characters are free in each direction. Of 75,000
	// blocks of NTREX-128 from English into 26 languages one lies outside.
	longest, shortest, slack = 2.4, 0.4, 45
	// longText is from how many characters of a translation on lengths are more
	// alike, and shortestLong what bounds them then.
	longText, shortestLong = 400, 0.5
)

// enormous refuses what no translation can be, before anything else reads it.
func enormous(source, translation string) string {
	if len(translation) > 64*len(source)+4096 {
		return "the translation was far too long"
	}
	return ""
}

// length refuses what is cut off or blown up beyond what the languages explain.
func (c *Checker) length(b *bench) string {
	from, to := float64(b.source.runes), float64(b.translation.runes)
	low, high := leastRatio*from, mostRatio*max(from, shortText)
	if !c.pair.Imitation && c.target.known {
		low, high = c.bounds(&b.source)
	}
	switch {
	case to < low && from > shortText:
		return "the translation was far too short"
	case to > high:
		return "the translation was far too long"
	}
	return ""
}

// bounds returns the least and the most characters of a translation.
func (c *Checker) bounds(source *reading) (low, high float64) {
	expected := c.expected(source)
	free := slack * max(c.target.density, 0.5)
	// Code, names and numbers may stay as long as they are.
	staying := 1.3*float64(source.code) + 0.5*float64(source.names)
	most := longest*expected + staying + free
	least := shortest*expected - free/3
	if expected > longText*c.target.density {
		least = max(least, shortestLong*expected-free)
	}
	return least, most
}

// ratio returns how many characters of the target language one of the source
// takes.
func (c *Checker) ratio(source *reading) float64 {
	from := c.source.density
	if !c.source.known {
		from = densityOf(source)
	}
	return c.target.density / from
}

// expected returns the characters to expect of a translation.
func (c *Checker) expected(source *reading) float64 {
	ratio := c.ratio(source)
	return float64(source.prose)*ratio + float64(source.runes-source.prose)*min(1, ratio)
}

const (
	// cutShare is how short, against what is expected, a translation is that
	// ends within a sentence although the source ends with one.
	cutShare = 0.65
	// sentencesFrom is from how many sentences on they are counted, and
	// sentenceShare and briefShare are the shares of sentences and characters
	// that tell a summary. None of these 75,000 blocks, of which a quarter has ten
	// sentences and more, is told to be cut or summarised.
	sentencesFrom, sentenceShare, briefShare = 6, 0.5, 0.62
)

// truncation refuses a translation that ends in the middle of a sentence, or
// has a part of the sentences only, and is shorter than it should be besides.
func (c *Checker) truncation(b *bench) string {
	if !c.target.known {
		return ""
	}
	expected, to := c.expected(&b.source), float64(b.translation.runes)
	if expected < 3*slack*c.target.density || to > cutShare*expected {
		return ""
	}
	if ended(b.source.raw) && !ended(b.translation.raw) && !unpunctuated(c.target.scripts) {
		return "the translation ended in the middle"
	}
	if to > briefShare*expected {
		return ""
	}
	if from := sentences(b.source.raw); from >= sentencesFrom && !unpunctuated(c.target.scripts) &&
		float64(sentences(b.translation.raw)) < sentenceShare*float64(from) {
		return "sentences of it were missing"
	}
	return ""
}

// unpunctuated reports whether a script may do without marks at the end of
// sentences.
func unpunctuated(set scriptSet) bool {
	return set&setOf(thai, lao, khmer, myanmar, tibetan) != 0
}

// ended reports whether a text ends like a sentence, brackets, quotation marks
// and tags aside.
func ended(text string) bool {
	for len(text) > 0 {
		text = strings.TrimRight(text, " \n\t\r\u00a0)]}»”’\"'›«“‘‹„‚」』）】*_`")
		if strings.HasSuffix(text, ">") {
			at := strings.LastIndexByte(text, '<')
			if at < 0 {
				return false
			}
			if _, length := readTag(text, at); at+length != len(text) || length == 0 {
				return false
			}
			text = text[:at]
			continue
		}
		break
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	return ends(last)
}

// ends reports whether a character can end a sentence.
func ends(r rune) bool {
	switch r {
	case '.', '!', '?', '…', ':', ';', '。', '！', '？', '．', '：', '；', '؟', '۔', '।', '॥', '։', '·', '–', '—', '՜', '՞', '።', '၊', '။', '។', '~', '～', '-', '׃', '،', '؛', ',', '，', '、':
		return true
	}
	return false
}

// sentences counts the marks that end sentences and are followed by white
// space, by the text's end, or by a script without spaces.
func sentences(text string) int {
	count := 0
	marked := false
	for _, r := range text {
		switch r {
		case '。', '！', '？', '।', '։', '።', '׃', '۔':
			count++
			marked = false
			continue
		case '.', '!', '?', '…', '؟':
			marked = true
			continue
		case ' ', '\n', '\t', '\u00a0':
			if marked {
				count++
			}
		case ')', '"', '”', '’', '»', '\'', '」':
			continue
		}
		marked = false
	}
	if marked {
		count++
	}
	return count
}

// Stretch returns how many characters of the target language one of the source
// takes on the average.
func Stretch(pair Pair) float64 { return tongueOf(pair.Target).density / tongueOf(pair.Source).density }
