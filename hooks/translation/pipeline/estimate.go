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

	text int // tokens of the source
}

const (
	// blockOverhead is the tokens of a block beside its text, in question and
	// answer: its id and the JSON around it.
	blockOverhead = 6
	// termsExpected is how many terms that an analysis finds occur in a segment,
	// and termTokens what one takes.
	termsExpected, termTokens = 10, 14
	// findingsTokens is the length of what an analysis of 40,000 characters finds:
	// some thirty terms; questionTokens that of its instructions.
	findingsTokens, questionTokens = 500, 200
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

// Part is a segment, or what of it is asked for, with the text before it.
type Part struct {
	Segment
	Context string
}

// Estimate returns what it takes to translate segments that [Plan] has made.
func (o Order) Estimate(segments []Segment) Estimate {
	parts := make([]Part, len(segments))
	for i, segment := range segments {
		parts[i].Segment = segment
		if i > 0 {
			parts[i].Context = ContextOf(segments[i-1].Blocks)
		}
	}
	e := o.EstimateParts(parts)
	found := o.analyses(e.Characters, e.text)
	e.Usage = e.Usage.Add(found)
	e.Usage.ThinkingTokens = int(o.Thinks * float64(e.Usage.OutputTokens))
	return e
}

// EstimateParts returns what it takes to ask for parts of segments.
func (o Order) EstimateParts(parts []Part) Estimate {
	e := Estimate{Segments: len(parts)}
	fixed := Tokens(instructions(Work{
		SourceLanguage: o.SourceLanguage, TargetLanguage: o.TargetLanguage, Style: o.Style,
	}, RungFirst, nil))
	for _, part := range parts {
		if o.count(&e, part.Segment) > 0 { // else all of it stands in earlier ones
			e.Usage.InputTokens += fixed + Tokens(part.Context)
		}
	}
	e.Usage.InputTokens += o.terms(parts)
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
		tokens := Tokens(block.Text)
		e.text += tokens
		e.Usage.InputTokens += blockOverhead + tokens
	}
	e.Usage.OutputTokens += asked*blockOverhead + int(stretch*perCharacter*float64(characters))
	return asked
}

// terms returns the tokens of the terms that the questions hold.
func (o Order) terms(parts []Part) (tokens int) {
	if o.AnalyseGlossary && len(parts) > 1 {
		return len(parts) * termsExpected * termTokens
	}
	if len(o.Glossary) == 0 {
		return 0
	}
	glossary := newGlossary(o.SourceLanguage, o.TargetLanguage, o.Glossary)
	looked := min(len(parts), segmentsLookedAt)
	for i := range looked {
		segment := parts[i*len(parts)/looked]
		for _, term := range glossary.In(texts(segment.Blocks)...) {
			tokens += Tokens(term.Term) + Tokens(term.Translation) + Tokens(aboutTerm(term)) + 5
		}
	}
	return tokens * len(parts) / max(looked, 1)
}

// analyses returns what finding style and terms takes in a document of so many
// characters and tokens.
func (o Order) analyses(characters, tokens int) (usage engine.Usage) {
	perCharacter := float64(tokens) / float64(max(characters, 1))
	style, terms, questions := analysis.Expect(characters)
	if o.AnalyseStyle {
		usage.InputTokens += int(perCharacter*float64(style)) + questionTokens
		usage.OutputTokens += styleTokens
	}
	if o.AnalyseGlossary {
		usage.InputTokens += int(perCharacter*float64(terms)) + questions*questionTokens
		usage.OutputTokens += questions * findingsTokens
	}
	return usage
}

func texts(blocks []Block) []string {
	texts := make([]string, len(blocks))
	for i, block := range blocks {
		texts[i] = block.Text
	}
	return texts
}
