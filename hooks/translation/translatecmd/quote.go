package translatecmd

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
	"verso/hooks/translation/pipeline/tongue"
)

// quote is what a translation is expected to take, as the service's route says it.
type quote struct {
	Format         string     `json:"format"`
	SourceLanguage *string    `json:"source_language"`
	TargetLanguage string     `json:"target_language"`
	Characters     int        `json:"characters"`
	Segments       int        `json:"segments"`
	InputTokens    int        `json:"input_tokens"`
	OutputTokens   int        `json:"output_tokens"`
	ThinkingTokens int        `json:"thinking_tokens"`
	CostUSD        *costRange `json:"cost_usd"`
	// PricesOf is the date of the prices, nil where there are none.
	PricesOf *string `json:"prices_of"`
	// Key is "ok", "refused" or "unchecked".
	Key string `json:"key"`

	expected *engine.USD // nil where no price is known
	whole    int         // segments of the document
	reading  bool        // only the brief is to be found
}

// costRange is between what amounts a translation is expected to cost.
type costRange struct {
	Low  engine.USD `json:"low"`
	High engine.USD `json:"high"`
}

// quote estimates what is left to do of a job, or of finding its brief alone.
func (j *job) quote(format string, briefOnly bool) *quote {
	order := pipeline.Order{
		SourceLanguage: j.source, TargetLanguage: j.target, SegmentSize: j.segmentSize,
		Style: j.given.Style, Glossary: j.given.Glossary,
	}
	if j.brief != nil {
		order.Style, order.Glossary = j.brief.Style, j.brief.Glossary
	}
	if j.wantsAnalysis(false) {
		order.AnalyseStyle, order.AnalyseGlossary = j.analyseStyle, j.analyseGlossary
	}
	priced, _ := j.engine.(engine.Priced)
	if priced != nil {
		order.Thinks = priced.Thinks(j.model)
	}
	estimate := order.Estimate(j.segments)
	if j.brief != nil {
		estimate = order.EstimateParts(j.left())
	}
	if briefOnly {
		estimate.Usage = j.readingUsage(order.Thinks)
	}
	q := &quote{
		Format: format, TargetLanguage: j.target, Characters: estimate.Characters, Segments: estimate.Segments,
		InputTokens: estimate.Usage.InputTokens, OutputTokens: estimate.Usage.OutputTokens, ThinkingTokens: estimate.Usage.ThinkingTokens,
		whole: len(j.segments), reading: briefOnly,
	}
	if j.source != "" {
		q.SourceLanguage = &j.source
	}
	if priced != nil {
		q.PricesOf = new(priced.PricesOf())
	}
	if price, known := j.price(); known {
		q.expected = new(price.Of(estimate.Usage))
	} else if j.engine.Info().Free {
		q.expected = new(engine.USD(0))
	}
	if q.expected != nil {
		low, high := pipeline.Range(*q.expected)
		q.CostUSD = &costRange{low, high}
	}
	return q
}

// readingUsage returns what it takes to find the brief, about.
func (j *job) readingUsage(thinks float64) (usage engine.Usage) {
	const instructions, style, terms = 200, 120, 500 // tokens, as the pipeline expects them
	study := &study{job: j}
	if j.wantsAnalysis(true) {
		study.asked = j.questions()
	}
	for _, position := range study.open() {
		usage.InputTokens += instructions + pipeline.Tokens(study.asked[position].text)
		if study.asked[position].task == engine.AnalyseStyle {
			usage.OutputTokens += style
		} else {
			usage.OutputTokens += terms
		}
	}
	usage.ThinkingTokens = int(thinks * float64(usage.OutputTokens))
	return usage
}

// left returns the parts of segments that are still to be asked for.
func (j *job) left() (parts []pipeline.Part) {
	for _, position := range j.open() {
		part := pipeline.Part{Segment: pipeline.Segment{Position: position}, Context: j.context(position)}
		for _, block := range j.segments[position].Blocks {
			if s := j.settled[position]; s == nil || !has(s.Blocks, block.ID) {
				part.Blocks = append(part.Blocks, block)
			}
		}
		parts = append(parts, part)
	}
	return parts
}

// print writes a quote for a person.
func (q *quote) print(w io.Writer, j *job, name string) {
	source := "an unknown language"
	if j.source != "" {
		source = tongue.Name(j.source)
	}
	fmt.Fprintf(w, "%s (%s), from %s into %s\n", name, q.Format, source, tongue.Name(j.target))
	segments := thousands(q.Segments) + " segments"
	if q.Segments == 1 {
		segments = "1 segment"
	}
	if q.Segments < q.whole {
		segments = fmt.Sprintf("%s of %s, the rest is there already", segments, thousands(q.whole))
	}
	fmt.Fprintf(w, "%s characters in %s; about %s tokens in and %s out\n",
		thousands(q.Characters), segments, thousands(q.InputTokens), thousands(q.OutputTokens+q.ThinkingTokens))
	fmt.Fprintf(w, "%s, %s: %s\n", j.name, j.model, q.price())
}

// price says in words what a translation is expected to cost.
func (q *quote) price() string {
	switch {
	case q.expected == nil:
		return "the price of this model is not known"
	case q.PricesOf == nil:
		return "free"
	default:
		return fmt.Sprintf("%s to %s (prices of %s)", q.CostUSD.Low, q.CostUSD.High, *q.PricesOf)
	}
}

// costs reports whether a translation may cost anything.
func (q *quote) costs() bool { return q.expected == nil || *q.expected > 0 }

// ask asks whether the price is right.
func (q *quote) ask(in io.Reader, w io.Writer) bool {
	what := "Translate"
	if q.reading {
		what = "Look for style and terms"
	}
	if q.expected == nil {
		fmt.Fprintf(w, "Nobody can say what it will cost. %s all the same? [y/N] ", what)
	} else {
		fmt.Fprintf(w, "%s for about %s? [y/N] ", what, *q.expected)
	}
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && answer == "" {
		fmt.Fprintln(w)
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}
