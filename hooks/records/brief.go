package records

import "github.com/pocketbase/pocketbase/core"

// Brief is what the person who ordered a translation asked for: style,
// glossary and options. It stands beside the job, not in it, so that the job
// stays small enough to be sent with every step of progress.
type Brief struct {
	core.BaseRecordProxy
}

var _ core.RecordProxy = (*Brief)(nil)

// NewBrief wraps a record of [CollectionBriefs].
func NewBrief(record *core.Record) *Brief {
	b := &Brief{}
	b.SetProxyRecord(record)
	return b
}

// BriefOptions are the options of an upload that only the pipeline reads.
type BriefOptions struct {
	// Encoding is the IANA name of the source's character encoding, "" for
	// detection.
	Encoding string `json:"encoding,omitempty"`
	// TranslatePre has preformatted text translated too.
	TranslatePre bool `json:"translate_pre,omitempty"`
	// MaxCostUSD is the most the job may cost in US dollars; nil for no limit.
	MaxCostUSD *float64 `json:"max_cost_usd,omitempty"`
	// NoMemory switches the translation memory off for this job.
	NoMemory bool `json:"no_memory,omitempty"`
}

// Term is one entry of a glossary.
type Term struct {
	// Term is the word or phrase as it stands in the source.
	Term string `json:"term"`
	// Translation is what it must become in the target language.
	Translation string `json:"translation"`
}

// Style decodes the style the user gave: free keys, text values.
func (b *Brief) Style() (map[string]any, error) {
	style := map[string]any{}
	return style, b.UnmarshalJSONField("style_data", &style)
}

// Glossary decodes the glossary the user gave.
func (b *Brief) Glossary() ([]Term, error) {
	var terms []Term
	return terms, b.UnmarshalJSONField("glossary_data", &terms)
}

// Options decodes the options of the upload.
func (b *Brief) Options() (BriefOptions, error) {
	var options BriefOptions
	return options, b.UnmarshalJSONField("options", &options)
}
