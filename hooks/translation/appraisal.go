package translation

import (
	"context"

	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
	"verso/hooks/translation/pipeline/tongue"
)

// appraisal is what a document is found to be before any of it is translated.
type appraisal struct {
	language string // its own, as the user says or as it was found; "" if unknown
	estimate pipeline.Estimate
	cost     *engine.USD // expected; nil where no price is known
	// asksFirst says that style or glossary are going to be asked for before it.
	asksFirst bool
}

// appraise looks at an uploaded document: whether it can be read, in which language
// it is, and what its translation is going to cost.
func (p *plugin) appraise(ctx context.Context, received *received, job *newJob) (appraisal, error) {
	looked := appraisal{language: job.SourceLanguage}
	options := readingOptions(job.Options)
	err := p.documents.look(ctx, received.key, received.format, options, func(blocks []document.Block) {
		if looked.language == "" {
			looked.language = detect(blocks)
		}
		looked.estimate, looked.cost, looked.asksFirst = p.estimate(blocks, looked.language, job)
	})
	return looked, err
}

// detect returns the language of a document, or "".
func detect(blocks []document.Block) string {
	texts := make([]string, len(blocks))
	for i, block := range blocks {
		texts[i] = block.Text
	}
	return tongue.Detect(texts)
}

// estimate returns what a document's translation is going to take and to cost, and
// whether style or glossary are asked for first.
func (p *plugin) estimate(blocks []document.Block, source string, job *newJob) (found pipeline.Estimate, cost *engine.USD, asksFirst bool) {
	eng := p.engines[job.Engine]
	priced, _ := eng.(engine.Priced)
	size := segmentSize(job.SegmentSize, p.config.Limits[job.Engine].InputTokens/2)
	order := pipeline.Order{
		SourceLanguage: source, TargetLanguage: job.TargetLanguage,
		SegmentSize: size, Style: job.Style,
	}
	for _, term := range job.Glossary {
		order.Glossary = append(order.Glossary, pipeline.Term(term))
	}
	segments := pipeline.Plan(blocks, size)
	if _, able := eng.(engine.Analyst); able && (len(segments) > 1 || job.Options.Review) {
		order.AnalyseStyle, order.AnalyseGlossary = job.Options.AnalyseStyle, job.Options.AnalyseGlossary
	}
	if priced != nil {
		order.Thinks = priced.Thinks(job.Model)
	}
	found, asksFirst = order.Estimate(segments), order.AnalyseStyle || order.AnalyseGlossary
	if eng.Info().Free {
		return found, new(engine.USD(0)), asksFirst
	}
	if priced != nil {
		if price, known := priced.Price(job.Model); known {
			return found, new(price.Of(found.Usage)), asksFirst
		}
	}
	return found, nil, asksFirst
}
