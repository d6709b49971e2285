package pipeline

import (
	"unicode/utf8"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline/analysis"
	"verso/hooks/translation/pipeline/verify"
)

// Order is what a translation is estimated by.
type Order struct {
	SourceLanguage, TargetLanguage string
	// SegmentSize is the most characters of a segment.
	SegmentSize int
	Style       map[string]any
	Glossary    []Term
	// AnalyseStyle and AnalyseGlossary say what is going to be found out first.
	AnalyseStyle, AnalyseGlossary bool
	// Thinks is how many tokens the model thinks for each of its answer.
	Thinks float64
}

// Estimate is what a translation is going to take, about.
type Estimate struct {
	Characters int
	Segments   int
	Usage      engine.Usage
}

const (
	// blockOverhead is the tokens of a block beside its text, in question and
	// answer: its id and the JSON around it.
	blockOverhead = 6
	// termsExpected is how many terms that an analysis finds occur in a segment,
	// and termTokens what one takes.
	termsExpected, termTokens = 15, 14
	// findingsTokens is the length of what an analysis of 40,000 characters finds.
	findingsTokens = 900
	// segmentsLookedAt is in how many segments a given glossary's terms are counted.
	segmentsLookedAt = 50
	// styleTokens is the length of a style.
	styleTokens = 120
)

// Range returns between what amounts a translation of an estimated price will
// cost. The lower is a text that is easier on the tokeniser than is usual; the
// higher adds one in ten passages asked for a second time.
func Range(expected engine.USD) (low, high engine.USD) {
	return expected * 80 / 100, expected * 130 / 100
}

// Estimate returns what it takes to translate segments that [Plan] has made.
func (o Order) Estimate(segments []Segment) Estimate {
	e := Estimate{Segments: len(segments)}
	fixed := Tokens(instructions(Work{
		SourceLanguage: o.SourceLanguage, TargetLanguage: o.TargetLanguage, Style: o.Style,
	}, RungFirst, nil))
	for i, segment := range segments {
		if o.count(&e, segment) == 0 {
			continue // all of it stands in earlier ones
		}
		e.Usage.InputTokens += fixed
		if i > 0 {
			e.Usage.InputTokens += Tokens(ContextOf(segments[i-1].Blocks))
		}
	}
	e.Usage.InputTokens += o.terms(segments)
	o.analyses(&e)
	e.Usage.ThinkingTokens = int(o.Thinks * float64(e.Usage.OutputTokens))
	return e
}

// count adds a segment's own text and its translation, and returns how many of
// its blocks are asked for.
func (o Order) count(e *Estimate, segment Segment) (asked int) {
	stretch := verify.Stretch(verify.Pair{Source: o.SourceLanguage, Target: o.TargetLanguage})
	perCharacter := tokensPerCharacter(o.TargetLanguage)
	characters := 0
	for _, block := range segment.Blocks {
		n := utf8.RuneCountInString(block.Text)
		e.Characters += n
		if block.Repeats != "" {
			continue
		}
		asked++
		characters += n
		e.Usage.InputTokens += blockOverhead + Tokens(block.Text)
	}
	e.Usage.OutputTokens += asked*blockOverhead + int(stretch*perCharacter*float64(characters))
	return asked
}

// terms returns the tokens of the terms that the questions hold.
func (o Order) terms(segments []Segment) (tokens int) {
	if o.AnalyseGlossary && len(segments) > 1 {
		return len(segments) * termsExpected * termTokens
	}
	if len(o.Glossary) == 0 {
		return 0
	}
	glossary := newGlossary(o.SourceLanguage, o.TargetLanguage, o.Glossary)
	looked := min(len(segments), segmentsLookedAt)
	for i := range looked {
		segment := segments[i*len(segments)/looked]
		for _, term := range glossary.In(texts(segment.Blocks)...) {
			tokens += Tokens(term.Term) + Tokens(term.Translation) + 5
		}
	}
	return tokens * len(segments) / max(looked, 1)
}

// analyses adds what finding style and terms takes.
func (o Order) analyses(e *Estimate) {
	perCharacter := float64(e.Usage.InputTokens) / float64(max(e.Characters, 1))
	style, terms, questions := analysis.Expect(e.Characters)
	if o.AnalyseStyle {
		e.Usage.InputTokens += int(perCharacter*float64(style)) + styleTokens
		e.Usage.OutputTokens += styleTokens
	}
	if o.AnalyseGlossary {
		e.Usage.InputTokens += int(perCharacter * float64(terms))
		e.Usage.OutputTokens += (questions - 1) * findingsTokens
	}
}

func texts(blocks []Block) []string {
	texts := make([]string, len(blocks))
	for i, block := range blocks {
		texts[i] = block.Text
	}
	return texts
}
