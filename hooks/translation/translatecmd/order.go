package translatecmd

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/lane"
)

// order is what is to be done with a file: the command line, read and checked.
type order struct {
	engine          engine.Engine
	name            string // of the engine
	model, fallback string
	source, target  string // languages; the source is "" where nobody knows it
	encoding        string
	translatePre    bool
	segmentSize     int
	given           brief // what --style and --glossary say
	analyseStyle    bool
	analyseGlossary bool
	maxCost         *engine.USD
	limits          lane.Limits
}

// readOrder checks the command line, all but what the document itself says.
func readOrder(config Config, options *options) (*order, error) {
	if err := options.check(); err != nil {
		return nil, err
	}
	o := &order{encoding: strings.TrimSpace(options.encoding), translatePre: options.translatePre, segmentSize: options.segmentSize}
	var err error
	if o.target, o.source, err = options.languages(); err != nil {
		return nil, err
	}
	if o.engine, o.model, err = options.chooseEngine(config); err != nil {
		return nil, err
	}
	info := o.engine.Info()
	o.name, o.fallback, o.limits = info.Name, info.Fallbacks[o.model], config.Limits[info.Name]
	if o.maxCost, err = options.budget(); err != nil {
		return nil, err
	}
	if _, known := o.price(); o.maxCost != nil && !known && !info.Free {
		return nil, wrongUse("--max-cost: cannot be held with the model %s, because its price is not known; leave it out, or choose another model", o.model)
	}
	_, able := o.engine.(engine.Analyst)
	o.analyseStyle = able && options.style == "" && !options.noAnalysis
	o.analyseGlossary = able && options.glossary == "" && !options.noAnalysis
	o.given.Style, o.given.MadeBy = map[string]any{}, madeByUser
	if options.style != "" {
		if o.given.Style, err = readStyle(options.style); err != nil {
			return nil, err
		}
	}
	if options.glossary != "" {
		if o.given.Glossary, err = readGlossary(options.glossary); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// price returns what the model's tokens cost, if that is known.
func (o *order) price() (engine.Price, bool) {
	if priced, ok := o.engine.(engine.Priced); ok {
		return priced.Price(o.model)
	}
	return engine.Price{}, false
}

// cost returns what was spent, in money; false where a price is not known.
func (o *order) cost(spent engine.Spending) (sum engine.USD, known bool) {
	if o.engine.Info().Free {
		return 0, true
	}
	priced, ok := o.engine.(engine.Priced)
	for model, usage := range spent {
		if !ok {
			return 0, false
		}
		price, known := priced.Price(model)
		if !known {
			return 0, false
		}
		sum += price.Of(usage)
	}
	return sum, ok
}

// plannedSize returns the size of the segments that are planned: no longer than
// half a minute's tokens at a token a character, as for Chinese, because the other
// half is the instructions'.
func (o *order) plannedSize() int {
	if longest := o.limits.InputTokens / 2; longest > 0 {
		return min(o.segmentSize, max(longest, minSegmentSize))
	}
	return o.segmentSize
}

// header returns what a sidecar of this order says of itself.
func (o *order) header(source *source) header {
	return header{
		Version: sidecarVersion, Source: source.digest, Format: source.format.Name(),
		From: o.source, To: o.target, Engine: o.name, Model: o.model,
		SegmentSize: o.segmentSize, PlannedSize: o.plannedSize(), Encoding: o.encoding, TranslatePre: o.translatePre,
		AnalyseStyle: o.analyseStyle, AnalyseGlossary: o.analyseGlossary, Given: digestOf(o.given),
	}
}

// digestOf returns a digest of a value's JSON.
func digestOf(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		return "" // of values that JSON cannot hold; there are none here
	}
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:16])
}
